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
      message: expect.stringMatching(/^\/a~1b\/1\/n must fit: /),
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
  expect(said({ of: { event: 'Quiz', proprty: 'x' } })).toMatch(/^\/of\/property must fit: .*expected string/)
  expect(said({ of: 'revenue' })).toBe('/of must fit: Invalid input: expected "spend", or object, received string')
  expect(said({ of: 'spend', families: ['habits', 'money'] })).toMatch(/^\/families\/1 must fit: .*"habits"\|"traits"/)
})

test('a key that a schema would leave out without a word is refused where it stands', () => {
  const free = z.record(z.string(), z.unknown())
  const written = JSON.parse('{"where": [{"__proto__": "a"}]}')
  expect(() => fit(free, written, 'x.y')).toThrow('/where/0/__proto__ must fit: a key must not be __proto__')
  expect(fit(free, { where: 'constructor' }, 'x.y')).toEqual({ where: 'constructor' })
})
