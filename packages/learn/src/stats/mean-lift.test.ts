import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LiftGap, type MeanLift, meanLift, momentsOfShare, momentsOfSums } from './index.ts'

function defined(found: MeanLift | { readonly defined: false; readonly because: LiftGap }): MeanLift {
  if (!found.defined) throw new Error(found.because)
  return found
}

// Published: GrowthBook's own tests of its frequentist engine (packages/stats/tests/frequentist/test_tests.py at 8f1db44569),
// to the five digits that they are rounded to.
test("GrowthBook's frequentist cases", () => {
  const control = momentsOfSums(3407, 1396.87, 52377.9767)
  const treatment = momentsOfSums(3461, 2422.7, 134698.29)
  const rounded = (found: MeanLift): number[] =>
    [found.lift, found.low, found.high, found.standardError, found.pValue].map((value) => Number(value.toFixed(5)))
  expect(rounded(defined(meanLift(control, treatment)))).toEqual([0.70732, -0.03526, 1.44989, 0.37879, 0.06191])
  const absolute = defined(meanLift(control, treatment, { relative: false }))
  expect(rounded(absolute)).toEqual([0.29, 0.04538, 0.53462, 0.12478, 0.02016])
  const shares = meanLift(momentsOfShare({ successes: 14, n: 28 }), momentsOfShare({ successes: 16, n: 30 }))
  expect(rounded(defined(shares))).toEqual([0.06667, -0.47767, 0.61101, 0.2717, 0.80707])
})

const moments = fc.record({
  n: fc.integer({ min: 2, max: 1e6 }),
  mean: fc.double({ min: 0.1, max: 100, noNaN: true }),
  variance: fc.double({ min: 0.1, max: 1e4, noNaN: true }),
})

test('another currency changes the absolute lift by its rate and the relative one not at all', () => {
  fc.assert(
    fc.property(moments, moments, fc.double({ min: 0.01, max: 100, noNaN: true }), (control, treatment, rate) => {
      const inOther = ({ n, mean, variance }: typeof control) => ({
        n,
        mean: mean * rate,
        variance: variance * rate ** 2,
      })
      const relative = defined(meanLift(control, treatment))
      const absolute = defined(meanLift(control, treatment, { relative: false }))
      const changed = [inOther(control), inOther(treatment)] as const
      expect(defined(meanLift(...changed)).low / relative.low).toBeCloseTo(1, 8)
      expect(defined(meanLift(...changed, { relative: false })).high / (absolute.high * rate)).toBeCloseTo(1, 8)
    }),
  )
})

test('swapped sides turn the absolute interval around', () => {
  fc.assert(
    fc.property(moments, moments, (control, treatment) => {
      const one = defined(meanLift(control, treatment, { relative: false }))
      const other = defined(meanLift(treatment, control, { relative: false }))
      expect(other.low).toBeCloseTo(-one.high, 10)
      expect(other.pValue).toBeCloseTo(one.pValue, 12)
    }),
  )
})

test('the interval holds 0 just when the p value is above what it leaves out', () => {
  fc.assert(
    fc.property(
      moments,
      moments,
      fc.double({ min: 0.5, max: 0.999, noNaN: true }),
      (control, treatment, confidence) => {
        const found = defined(meanLift(control, treatment, { confidence }))
        fc.pre(Math.abs(found.pValue - (1 - confidence)) > 1e-9)
        expect(found.low <= 0 && found.high >= 0).toBe(found.pValue > 1 - confidence)
      },
    ),
  )
})

test('what has no answer says why, and what means nothing is refused', () => {
  const some = { n: 10, mean: 1, variance: 1 }
  expect(meanLift({ ...some, n: 1 }, some)).toEqual({ defined: false, because: 'too-few-rows' })
  expect(meanLift({ ...some, mean: 0 }, some)).toEqual({ defined: false, because: 'no-baseline' })
  expect(meanLift({ ...some, mean: 0 }, some, { relative: false })).toMatchObject({ defined: true, lift: 1 })
  const same = { ...some, variance: 0 }
  expect(meanLift(same, same)).toEqual({ defined: false, because: 'no-variation' })
  expect(momentsOfSums(3, 0.3, 0.03).variance).toBeGreaterThanOrEqual(0)
  expect(() => momentsOfSums(2, 4, 1)).toThrow('sums must be those of n ≥ 1 numbers, got 2, 4, 1')
  expect(() => momentsOfShare({ successes: 3, n: 2 })).toThrow('got 3 of 2')
  expect(() => meanLift({ ...some, mean: Number.NaN }, some)).toThrow('control must have n and variance of at least 0')
  expect(() => meanLift(some, some, { confidence: 95 })).toThrow('confidence must be between 0 and 1, got 95')
})
