import { expect, test } from 'vitest'
import type { Hop } from './hop.ts'
import { nextHop } from './next-hop.ts'

const hop = (fields: Partial<Hop> = {}): Hop => ({
  ...{ url: new URL('https://a.example/x?y'), method: 'GET', credentials: { 'x-key': 'secret' } },
  headers: { Authorization: 'Bearer secret', accept: 'application/json' },
  ...fields,
})

test('an answer that is no redirect leads nowhere', () => {
  expect(nextHop(hop(), 200, '/z')).toBeUndefined()
  expect(nextHop(hop(), 304, '/z')).toBeUndefined()
  expect(nextHop(hop(), 302, undefined)).toBeUndefined()
})

test('within an origin everything goes along', () => {
  expect(nextHop(hop({ method: 'POST', body: '{}' }), 307, '/z')).toEqual(
    hop({ method: 'POST', body: '{}', url: new URL('https://a.example/z') }),
  )
})

test('credentials do not go to another host, nor to another port', () => {
  for (const location of ['https://b.example/', '//a.example:444/']) {
    const next = nextHop(hop(), 302, location)!
    expect([next.credentials, next.headers]).toEqual([{}, { accept: 'application/json' }])
  }
})

test('a POST that is sent elsewhere asks there without its body, or not at all', () => {
  const post = hop({ method: 'POST', body: '{}' })
  const next = nextHop(post, 303, 'https://b.example/')!
  expect([next.method, next.body]).toEqual(['GET', undefined])
  expect(() => nextHop(post, 308, 'https://b.example/')).toThrow(/within https:\/\/a.example, got https:\/\/b.example/)
})

test('what began encrypted stays so', () => {
  expect(() => nextHop(hop(), 302, 'http://a.example/x')).toThrow(/from https to https/)
  const next = nextHop(hop({ url: new URL('http://a.example/') }), 301, 'https://a.example/')!
  expect(next.url.href).toBe('https://a.example/')
})
