import { expect, test } from 'vitest'
import { withoutData } from '../../../../tooling/test-data.ts'
import { expectClearRefusals, fitted, readPassengers } from './forecast.contract.ts'
import { fitSeasonalNaive, forecastSeasonalNaive } from './seasonal-naive.ts'

test('the last season comes again, and bounds widen a season at a time', () => {
  const model = fitted(fitSeasonalNaive([1, 5, 2, 7, 4, 6], { period: 2 }))
  expect(model.sigma).toBeCloseTo(Math.sqrt((1 + 4 + 4 + 1) / 4), 12)
  const { mean, low, high } = forecastSeasonalNaive(model, { horizon: 5, confidence: 0.5 })
  expect([...mean]).toEqual([4, 6, 4, 6, 4])
  const reach = mean.map((value, step) => high[step]! - value)
  expect(reach[1]).toBeCloseTo(reach[0]!, 12)
  expect(reach[2]! / reach[0]!).toBeCloseTo(Math.SQRT2, 12)
  expect(mean[0]! - low[0]!).toBeCloseTo(reach[0]!, 12)
})

test('a missing value takes the one of its season before', () => {
  const model = fitted(fitSeasonalNaive([1, 5, 2, 7, Number.NaN, 6], { period: 2 }))
  expect([...model.last]).toEqual([2, 6])
  expect(fitSeasonalNaive([Number.NaN, 5, Number.NaN, 7, Number.NaN, 6], { period: 2 }).kind).toBe('too-short')
})

test('what it cannot use', () => {
  expectClearRefusals('seasonal-naive', fitSeasonalNaive)
  expect(() => fitSeasonalNaive([1, 2, 3], { period: 0 })).toThrow('period must be a whole number of at least 1, got 0')
  const model = fitted(fitSeasonalNaive([1, 2]))
  expect(() => forecastSeasonalNaive(model, { horizon: 0 })).toThrow('horizon must be a whole number')
  expect(() => forecastSeasonalNaive(model, { horizon: 1, confidence: 1 })).toThrow('confidence must be above 0')
})

// Reference: R forecast 8.20, `snaive`, in the data set's README.
test.skipIf(withoutData)('two years of airline passengers as R: RMSE 76.9946', () => {
  const passengers = readPassengers()
  const model = fitted(fitSeasonalNaive(passengers.subarray(0, 120), { period: 12 }))
  const { mean } = forecastSeasonalNaive(model, { horizon: 24 })
  const squares = mean.reduce((sum, value, step) => sum + (value - passengers[120 + step]!) ** 2, 0)
  expect(Math.sqrt(squares / 24)).toBeCloseTo(76.9946, 4)
})
