import { expect, test } from 'vitest'
import type { Identity, IdentityKind, Link, LinkReason } from './identity.ts'
import { resolve } from './resolve.ts'

const as = (text: string): Identity => {
  const [kind, value] = text.split(':') as [IdentityKind, string]
  return { kind, value }
}
const link = (from: string, reason: LinkReason, to: string): Link => ({ from: as(from), to: as(to), reason })
const customerOf = (links: readonly Link[], key: string): string => resolve([], links).get(key)!.customerId

test('a browser that signs in brings its past to that customer', () => {
  expect(customerOf([link('anonymous:x', 'together', 'user:ann')], 'anonymous:x')).toBe('ann')
})

test('a family’s tablet joins nobody and belongs to nobody', () => {
  const tablet = ['ann', 'bob', 'cem'].map((name) => link('anonymous:tablet', 'together', `user:${name}`))
  const placed = resolve([], tablet)
  expect(placed.get('anonymous:tablet')).toEqual({ customerId: 'anonymous:tablet', why: 'shared by 3 customers' })
  expect(placed.get('user:ann')!.customerId).toBe('ann')
  expect(placed.get('user:bob')!.customerId).toBe('bob')
})

test('a browser seen with two accounts of one person is theirs', () => {
  const links = [
    link('anonymous:x', 'together', 'user:old'),
    link('anonymous:x', 'together', 'user:new'),
    link('user:old', 'alias', 'user:new'),
  ]
  expect(resolve([], links).get('anonymous:x')!.customerId).toBe('new')
})

test('a verified address joins two accounts, not those of a whole office', () => {
  const verified = (names: readonly string[]) => names.map((name) => link(`user:${name}`, 'email', 'email:a@b.example'))
  expect(customerOf(verified(['1', '2']), 'user:2')).toBe('1')
  expect(customerOf(verified(['1', '2', '3']), 'user:2')).toBe('2')
})

test('addresses that would chain more users together than a person has join none of them', () => {
  const chain = [1, 2, 3, 4, 5].flatMap((n) => [
    link(`user:${n}`, 'email', `email:${n}@b.example`),
    link(`user:${n + 1}`, 'email', `email:${n}@b.example`),
  ])
  expect(customerOf(chain.slice(0, 8), 'user:5')).toBe('1')
  expect(customerOf(chain, 'user:5')).toBe('5')
})

test('who is linked with nobody is their own', () => {
  expect(resolve(['anonymous:z', 'user:q'], [])).toEqual(
    new Map([
      ['anonymous:z', { customerId: 'anonymous:z', why: 'seen with nobody known' }],
      ['user:q', { customerId: 'q', why: 'the id that the customer is called by' }],
    ]),
  )
})
