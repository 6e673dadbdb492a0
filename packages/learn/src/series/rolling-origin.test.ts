import type { Work } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { metricValue } from '../metrics/metric.ts'
import { mase, smape } from './forecast-errors.ts'
import type { Forecaster } from './past-forecasts.ts'
import { evaluateRollingOrigin } from './rolling-origin.ts'
import { fitSeasonalNaive, forecastSeasonalNaive } from './seasonal-naive.ts'

const naive: Forecaster = (training, horizon) => {
  const model = fitSeasonalNaive(training)
  return model.kind === 'too-short' ? model : forecastSeasonalNaive(model, { horizon })
}

test('the errors of the M competitions, by hand', () => {
  expect(smape([110, 0], [90, 0])).toEqual({ defined: true, value: 0.1 })
  expect(smape([1, 5], [Number.NaN, 5])).toEqual({ defined: true, value: 0 })
  expect(smape([], [])).toEqual({ defined: false, because: 'no-rows' })
  expect(mase([4, 4], [6, 3], [1, 2, 3, 5], 1)).toEqual({ defined: true, value: 1.5 / (4 / 3) })
  expect(mase([4], [6], [2, 2, 2], 1)).toEqual({ defined: false, because: 'constant' })
  expect(() => smape([1], [1, 2])).toThrow('must have one length, got 1 and 2')
  expect(() => smape([Number.NaN], [1])).toThrow('must be finite, got NaN and 1 at step 0')
})

test('a weight counts as the step so many times', () => {
  const [forecast, actual, training] = [
    [3, 5, 8, 4],
    [4, 2, Number.NaN, 6],
    [1, 3, 2, 6],
  ]
  const weights = [2, 0, 1, 3]
  const repeated = (values: readonly number[]): number[] =>
    values.flatMap((value, step) => Array.from({ length: weights[step]! }, () => value))
  expect(metricValue(smape(forecast, actual, { weights }))).toBeCloseTo(
    metricValue(smape(repeated(forecast), repeated(actual))),
    14,
  )
  expect(metricValue(mase(forecast, actual, training, 1, { weights }))).toBeCloseTo(
    metricValue(mase(repeated(forecast), repeated(actual), training, 1)),
    14,
  )
  expect(smape([1], [2], { weights: [0] })).toEqual({ defined: false, because: 'no-rows' })
  expect(() => smape([1], [2], { weights: [-1] })).toThrow('got -1 at step 0')
  expect(() => smape([1], [2], { weights: [1, 1] })).toThrow('a step (1), got 2 of them')
})

test('a forecaster sees the values up to its origin and is judged on the next ones', async () => {
  const values = [1, 3, 2, 6, 4, 7, 9]
  const seen: number[][] = []
  const done: number[] = []
  const spied: Forecaster = (training, horizon) => {
    seen.push([...training])
    return naive(training, horizon)
  }
  const found = await evaluateRollingOrigin(
    values,
    spied,
    { horizon: 2, origins: 2, step: 2 },
    { onProgress: (at) => done.push(at.done) },
  )
  expect(seen).toEqual([values.slice(0, 3), values.slice(0, 5)])
  expect(done).toEqual([1, 2])
  expect([...found.absoluteErrors]).toEqual([(4 + 3) / 2, (2 + 5) / 2])
  expect(found).toMatchObject({ origins: 2, tooShort: 0, coverage: { defined: true } })
  // Scales: mean of |2|, |1| = 1.5 and of 2, 1, 4, 2 = 2.25.
  expect(found.mase).toEqual({ defined: true, value: (3 / 1.5 + 4 / 2.25) / 2 })
})

test('origins with too few values are counted, and missing values are not judged', async () => {
  const found = await evaluateRollingOrigin([1, 3, 2, Number.NaN, 4], naive, { horizon: 1 })
  expect(found).toMatchObject({ origins: 3, tooShort: 1 })
  expect(found.absoluteErrors[0]).toBe((1 + 2) / 2)
  const none = await evaluateRollingOrigin([1, 3], naive, { horizon: 1 })
  expect(none).toMatchObject({ origins: 0, smape: { defined: false } })
})

test('a forecaster may take its time', async () => {
  const slow: Forecaster = async (training, horizon) => naive(training, horizon)
  const values = [1, 3, 2, 6, 4, 7, 9]
  expect(await evaluateRollingOrigin(values, slow, { horizon: 2 })).toEqual(
    await evaluateRollingOrigin(values, naive, { horizon: 2 }),
  )
})

test('what it cannot use', async () => {
  const judging = (values: number[], options: { horizon: number; step?: number }, work?: Work) =>
    expect(evaluateRollingOrigin(values, naive, options, work)).rejects
  await judging([1, 2], { horizon: 2 }).toThrow('more than the horizon (2), got 2')
  await judging([1, 2], { horizon: 1, step: 0 }).toThrow('step must be a whole number')
  await judging([1, 2], { horizon: 0 }).toThrow('horizon must be')
  await judging([1, 2], { horizon: 1 }, { signal: AbortSignal.abort() }).toThrow('stopped before')
})
