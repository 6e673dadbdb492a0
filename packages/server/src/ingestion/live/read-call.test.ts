import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCall, scalarText } from './read-call.ts'

test('a category is what is read of the properties as they are kept', () => {
  const values = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(
      '',
      ' a ',
      1e21,
      1e-7,
      5e-324,
      -0,
      Infinity,
      Number.NaN,
      null,
      undefined,
      [],
      ['a'],
      {},
      { a: 'a' },
    ),
  )
  fc.assert(
    fc.property(values, (category) => {
      const event = readCall({ event: 'Seen', userId: 'ann', properties: { category } }, 'track', 1000)
      const kept: unknown = event.properties === null ? undefined : JSON.parse(event.properties).category
      expect(event.category).toBe(scalarText(kept))
    }),
  )
})

test('numbers are written as DuckDB writes them', () => {
  expect([1e21, 1e-7, 12.5, true].map(scalarText)).toEqual(['1e21', '1e-7', '12.5', 'true'])
})
