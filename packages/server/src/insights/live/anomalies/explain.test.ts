import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explainDifference, type SidedValue } from './explain.ts'

const sided = (side: string, values: Readonly<Record<string, readonly [number, number]>>): SidedValue[] =>
  Object.entries(values).map(([value, [now, expected]]) => ({ side, value, now, expected }))

test('the value that fell is named, and sides whose values all fell alike are not', () => {
  const values = [
    ...sided('source', { email: [2, 60], organic: [38, 40] }),
    ...sided('country', { DE: [24, 60], AT: [16, 40] }),
  ]
  const found = explainDifference({ now: 40, expected: 100 }, values)
  expect(found.map(({ side }) => side)).toEqual(['source'])
  expect(found[0]!.values).toEqual([{ value: 'email', now: 2, expected: 60, share: 58 / 60 }])
})

test('few values that say it together are named, of many that each say a little none', () => {
  const few = sided('category', { a: [5, 30], b: [5, 30], c: [40, 40] })
  expect(explainDifference({ now: 50, expected: 100 }, few)[0]!.values.map(({ value }) => value)).toEqual(['a', 'b'])
  const many = Array.from(
    { length: 20 },
    (_, at): SidedValue => ({ side: 'product', value: `p${at}`, now: 1, expected: 2 }),
  )
  expect(explainDifference({ now: 20, expected: 40 }, many)).toEqual([])
})

test('what came of a value that was never there is named when there is too much', () => {
  const found = explainDifference(
    { now: 74, expected: 100 },
    sided('data centre', { X: [34, 94], Y: [40, 6], Z: [0, 0] }),
  )
  expect(found[0]!.values.map(({ value }) => value)).toEqual(['X'])
  const bots = explainDifference({ now: 90, expected: 30 }, sided('source', { bot: [60, 0], organic: [30, 30] }))
  expect(bots[0]!.values.map(({ value, share }) => [value, share])).toEqual([['bot', 1]])
})

const counts = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))

test('what is named carries what it is said to, of the whole difference', () => {
  fc.assert(
    fc.property(fc.array(counts, { minLength: 2, maxLength: 8 }), (pairs) => {
      const values = pairs.map(([now, expected], at): SidedValue => ({ side: 's', value: `v${at}`, now, expected }))
      const sum = (at: 0 | 1): number => pairs.reduce((total, pair) => total + pair[at], 0)
      const whole = { now: sum(0), expected: sum(1) }
      for (const { share, surprise, values: named } of explainDifference(whole, values)) {
        const carried = named.reduce((total, { now, expected }) => total + now - expected, 0)
        expect(carried / (whole.now - whole.expected)).toBeCloseTo(share, 9)
        expect(share).toBeGreaterThanOrEqual(0.67)
        expect(surprise).toBeLessThanOrEqual(Math.log(2))
      }
    }),
  )
})
