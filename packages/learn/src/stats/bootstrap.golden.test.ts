import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { acceleratedEnds, accelerationOf, percentileEnds } from './bootstrap-ends.ts'
import { mcNemarCounts, mcNemarTest } from './index.ts'

// Reference: scipy 1.17.1 bootstrap and statsmodels 0.15.0 mcnemar; made by golden/make/selection.py. Random numbers differ, so
// the ends are computed from scipy's own resamples, and agree to rounding.
const { values: golden, agree } = readGolden<{
  intervals: {
    name: string
    method: 'BCa' | 'percentile'
    value: number
    distribution: number[]
    leftOut: number[][]
    interval: [number, number]
  }[]
  mcNemar: { onlyFirst: number; onlySecond: number; exact: number; statistic: number; approximate: number }[]
}>(new URL('golden/bootstrap.json', import.meta.url))

test.each(golden.intervals)(
  '$method interval of $name as scipy',
  ({ method, value, distribution, leftOut, interval }) => {
    const ascending = Float64Array.from(distribution)
    const { low, high } =
      method === 'percentile'
        ? percentileEnds(ascending, 0.9)
        : acceleratedEnds(ascending, value, accelerationOf(leftOut), 0.9)
    agree('bootstrap intervals', [low, high], interval, 1e-10)
  },
)

test.each(golden.mcNemar)("McNemar's test as statsmodels: $onlyFirst and $onlySecond", (row) => {
  const found = mcNemarTest(row)
  if (!found.defined) throw new Error(found.because)
  agree("McNemar's test", found.pValue, row.exact, 1e-11, 0)
  expect(found.midPValue).toBeLessThanOrEqual(found.pValue)
  // Where the counts are equal statsmodels still takes 1 off their difference; R and ours do not go below 0.
  if (row.onlyFirst === row.onlySecond) return expect(found.statistic).toBe(0)
  agree("McNemar's test", found.statistic, row.statistic, 1e-12)
  agree("McNemar's test", found.approximatePValue, row.approximate, 1e-11, 0)
})

test("Fagerland's example of the mid-p", () => {
  // Fagerland, Lydersen & Laake 2013, table 2 (airway hyper-responsiveness): 1 and 7 discordant pairs; exact 0.070, mid-p 0.039.
  const found = mcNemarTest({ onlyFirst: 1, onlySecond: 7 })
  if (!found.defined) throw new Error(found.because)
  expect(found.pValue).toBeCloseTo(0.0703, 4)
  expect(found.midPValue).toBeCloseTo(0.0391, 4)
})

test('counts, and what has no answer', () => {
  expect(mcNemarCounts([1, 0, 1, 2], [0, 0, 1, 3], [1, 1, 1, 3])).toEqual({ onlyFirst: 1, onlySecond: 1 })
  expect(mcNemarTest({ onlyFirst: 0, onlySecond: 0 })).toEqual({ defined: false, because: 'no-difference' })
  expect(() => mcNemarTest({ onlyFirst: -1, onlySecond: 0 })).toThrow('whole numbers ≥ 0, got -1 and 0')
  expect(() => mcNemarCounts([1], [1], [1, 2])).toThrow('one length, got 1, 1 and 2')
})
