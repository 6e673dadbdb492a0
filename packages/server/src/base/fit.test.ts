import { expect, test } from 'vitest'
import { z } from 'zod'
import { fit } from './index.ts'

const schema = z.strictObject({ 'a/b': z.array(z.strictObject({ n: z.number().default(1) })) })

test('gives the document with its defaults, or says where it does not fit', () => {
  expect(fit(schema, { 'a/b': [{}] }, 'x.y')).toEqual({ 'a/b': [{ n: 1 }] })
  const failing = (value: unknown) => () => fit(schema, value, 'x.y')
  expect(failing({ 'a/b': [{}, { n: '2' }] })).toThrow(
    expect.objectContaining({
      code: 'x.y',
      pointer: '/a~1b/1/n',
      message: expect.stringMatching(/^\/a~1b\/1\/n must be a number, got a text$/),
    }),
  )
  expect(failing(7)).toThrow(
    expect.objectContaining({ pointer: '', message: expect.stringMatching(/^the document must/) }),
  )
})

test('of several forms, says what is amiss in the one that is meant', () => {
  const forms = z.strictObject({
    of: z.union([z.literal('spend'), z.strictObject({ event: z.string(), property: z.string() })]),
    families: z.union([z.literal('all'), z.array(z.enum(['habits', 'traits']))]).default('all'),
  })
  const said = (value: unknown): string => {
    try {
      fit(forms, value, 'x.y')
      return 'fits'
    } catch (error) {
      return (error as Error).message
    }
  }
  expect(said({ of: 'spend' })).toBe('fits')
  expect(said({ of: { event: 'Quiz', proprty: 'x' } })).toBe('/of/property must be a text, got nothing')
  expect(said({ of: 'revenue' })).toBe('/of must be spend, or an object, got "revenue"')
  expect(said({ of: 'spend', families: ['habits', 'money'] })).toBe(
    '/families/1 must be one of habits, traits, got "money"',
  )
})

test('a key that a schema would leave out without a word is refused where it stands', () => {
  const free = z.record(z.string(), z.unknown())
  const written = JSON.parse('{"where": [{"__proto__": "a"}]}')
  expect(() => fit(free, written, 'x.y')).toThrow('/where/0/__proto__ must not be a key')
  expect(fit(free, { where: 'constructor' }, 'x.y')).toEqual({ where: 'constructor' })
})

test('says in one way what must hold and what was got, and repeats no text that is only measured', () => {
  const form = z.strictObject({
    url: z.url().optional(),
    password: z.string().min(12).optional(),
    customers: z.array(z.string()).max(1).optional(),
    limit: z.number().min(1).optional(),
  })
  const said = (value: unknown) => () => fit(form, value, 'x.y')
  expect(said({ url: 'nowhere' })).toThrow('/url must be a URL such as https://shop.example/path')
  expect(said({ password: 'secret' })).toThrow(/^\/password must have at least 12 characters, got 6$/)
  expect(said({ customers: 'ann' })).toThrow(/^\/customers must be a list, got a text$/)
  expect(said({ customers: ['a', 'b'] })).toThrow(/^\/customers must have at most 1 entries, got 2$/)
  expect(said({ limit: 0 })).toThrow(/^\/limit must be at least 1, got 0$/)
  expect(said({ id: 1 })).toThrow(/^the document must not have id$/)
})
