import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import {
  benjaminiHochberg,
  experimentDays,
  holm,
  minimumDetectableLift,
  powerOfExperiment,
  sampleSize,
  twoProportionTest,
  wilsonInterval,
} from './index.ts'

// Reference: statsmodels 0.15.0; made by golden/make/metrics.py.
const { values: golden, agree } = readGolden<{
  pValues: number[]
  benjaminiHochberg: number[]
  holm: number[]
  twoProportions: { first: number; firstRows: number; second: number; secondRows: number; z: number; p: number }[]
  wilson: { successes: number; n: number; confidence: number; interval: [number, number] }[]
  power: { base: number; lift: number; alpha: number; power: number; rows: number }[]
}>(new URL('golden/stats.json', import.meta.url))

test('adjusted p values as statsmodels', () => {
  agree('Benjamini-Hochberg', benjaminiHochberg(golden.pValues), golden.benjaminiHochberg, 1e-12)
  agree('Holm', holm(golden.pValues), golden.holm, 1e-12)
})

test.each(golden.twoProportions)('two shares as statsmodels: $first of $firstRows, $second of $secondRows', (row) => {
  const found = twoProportionTest(
    { successes: row.first, n: row.firstRows },
    { successes: row.second, n: row.secondRows },
  )
  if (!found.defined) throw new Error(found.because)
  agree('two shares', found.z, row.z, 1e-12)
  agree('two shares', found.pValue, row.p, 1e-11, 0)
})

test.each(golden.wilson)(
  'the Wilson interval as statsmodels: $successes of $n',
  ({ successes, n, confidence, interval }) => {
    const { low, high } = wilsonInterval(successes, n, confidence)
    agree('Wilson interval', [low, high], interval, 1e-12)
  },
)

// statsmodels solves for a real number of rows, with the far tail that we leave out; both give the same whole rows.
test.each(golden.power)('rows for a lift of $lift on $base as statsmodels', ({ base, lift, alpha, power, rows }) => {
  const options = { significance: alpha, power }
  const sizes = sampleSize(base, lift, options)
  agree('rows for a lift', [sizes.treatment, sizes.control], [Math.ceil(rows), Math.ceil(rows)], 0)
  expect(powerOfExperiment(base, lift, sizes, options)).toBeCloseTo(power, 3)
})

test('the detectable lift is the one that the rows were planned for', () => {
  const { treatment, control } = sampleSize(0.05, 0.1, { controlShare: 0.2 })
  expect(control / (treatment + control)).toBeCloseTo(0.2, 3)
  const found = minimumDetectableLift(0.05, treatment + control, { controlShare: 0.2 })
  expect(found.defined && found.lift).toBeCloseTo(0.1, 4)
  expect(minimumDetectableLift(0.05, 4)).toEqual({ defined: false, because: 'too-few-rows' })
  const rows = sampleSize(0.05, 0.1)
  expect(experimentDays(0.05, 0.1, 2_000)).toBe(Math.ceil((rows.treatment + rows.control) / 2_000))
})

test('no difference is found as often as the significance says', () => {
  expect(powerOfExperiment(0.05, 0, { treatment: 100, control: 300 })).toBeCloseTo(0.05, 12)
})

test("Newcombe's interval, the example of his paper", () => {
  // Newcombe 1998, table II, example (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
  const found = twoProportionTest({ successes: 56, n: 70 }, { successes: 48, n: 80 })
  if (!found.defined) throw new Error(found.because)
  expect(found.low).toBeCloseTo(0.0524, 4)
  expect(found.high).toBeCloseTo(0.3339, 4)
})

test('what has no answer says why, and what means nothing is refused', () => {
  expect(twoProportionTest({ successes: 0, n: 0 }, { successes: 1, n: 2 })).toEqual({
    defined: false,
    because: 'no-rows',
  })
  expect(twoProportionTest({ successes: 0, n: 9 }, { successes: 0, n: 9 })).toEqual({
    defined: false,
    because: 'no-variation',
  })
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 })
  expect(() => wilsonInterval(3, 2)).toThrow('successes must be between 0 and n, got 3 of 2')
  expect(() => sampleSize(0, 0.1)).toThrow('baseline must be between 0 and 1, got 0')
  expect(() => sampleSize(0.5, 1.5)).toThrow('must be 0 … 1')
  expect(() => sampleSize(0.5, 0)).toThrow('relativeLift must not be 0')
  expect(() => sampleSize(0.5, 0.1, { power: 0.01 })).toThrow(
    'power must be between significance (0.05) and 1, got 0.01',
  )
  expect(() => holm([0.1, Number.NaN])).toThrow('every p value must be 0 … 1, got NaN at test 1')
})
