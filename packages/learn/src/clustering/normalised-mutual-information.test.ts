import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalisedMutualInformation } from './normalised-mutual-information.ts'

const groupings = fc
  .array(fc.tuple(fc.nat(5), fc.nat(3)), { minLength: 1, maxLength: 60 })
  .map((rows) => ({ a: Int32Array.from(rows, ([a]) => a), b: Int32Array.from(rows, ([, b]) => b) }))

test('lies in 0 … 1, is the same both ways, and 1 with itself whatever the names', () =>
  fc.assert(
    fc.property(groupings, ({ a, b }) => {
      const mutual = normalisedMutualInformation(a, b)
      expect(mutual).toBeGreaterThanOrEqual(0)
      expect(mutual).toBeLessThanOrEqual(1)
      expect(normalisedMutualInformation(b, a)).toBeCloseTo(mutual, 12)
      expect(
        normalisedMutualInformation(
          a,
          a.map((label) => 7 - label),
        ),
      ).toBeCloseTo(1, 12)
    }),
  ))

// a tells everything of b: the shared information is b's entropy ln 2, a's is ln 4, the mean of both 1.5 ln 2.
test('a finer grouping, independent ones, one cluster', () => {
  const halves = Int32Array.of(0, 0, 1, 1)
  expect(normalisedMutualInformation(Int32Array.of(0, 1, 2, 3), halves)).toBeCloseTo(2 / 3, 12)
  expect(normalisedMutualInformation(Int32Array.of(0, 1, 0, 1), halves)).toBe(0)
  expect(normalisedMutualInformation(new Int32Array(4), halves)).toBe(0)
  expect(normalisedMutualInformation(new Int32Array(4), new Int32Array(4))).toBe(1)
  expect(() => normalisedMutualInformation(halves, Int32Array.of(1))).toThrow('both groupings must have 4 rows, got 1')
})
