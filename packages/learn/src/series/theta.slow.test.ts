// The M4 competition's weekly and hourly series, with its own protocol: seasons by the 90 % test as factors, forecasts below
// 0 set to 0. Official figures: Theta 9.093 and 18.138, naive 9.161 (weekly), seasonal naive 13.912 (hourly).
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { dataPath, withoutData } from '../../../../tooling/test-data.ts'
import { metricValue } from '../metrics/metric.ts'
import { fitted } from './forecast.contract.ts'
import type { Forecast } from './forecast.ts'
import { mase, smape } from './forecast-errors.ts'
import { fitSeasonalNaive, forecastSeasonalNaive } from './seasonal-naive.ts'
import { fitTheta, forecastTheta, type ThetaOptions } from './theta.ts'

const read = (name: string): Float64Array[] =>
  gunzipSync(readFileSync(dataPath('m4_weekly_hourly', `${name}.csv.gz`)))
    .toString('utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) =>
      Float64Array.from(
        line
          .split(',')
          .slice(1)
          .map((cell) => cell.replaceAll('"', '').trim())
          .filter((cell) => cell !== '' && cell !== 'NA'),
        Number,
      ),
    )

const theta =
  (options: ThetaOptions) =>
  (training: Float64Array, horizon: number): Forecast =>
    forecastTheta(fitted(fitTheta(training, options)), { horizon })

function errorsOf(name: string, period: number, forecaster: (training: Float64Array, horizon: number) => Forecast) {
  const tests = read(`${name}-test`)
  const errors = read(`${name}-train`).map((training, index) => {
    const mean = forecaster(training, tests[index]!.length).mean.map((value) => Math.max(0, value))
    return [metricValue(smape(mean, tests[index]!)), metricValue(mase(mean, tests[index]!, training, period))] as const
  })
  const meanOf = (column: 0 | 1): number => errors.reduce((sum, row) => sum + row[column], 0) / errors.length
  return { smape: 100 * meanOf(0), mase: meanOf(1), series: errors.length }
}

test.skipIf(withoutData)(
  'M4 weekly: Theta within 0.01 of the official sMAPE 9.093; the optimised one has the lower MASE',
  () => {
    const found = errorsOf('Weekly', 1, theta({}))
    expect(found.series).toBe(359)
    expect(Math.abs(found.smape - 9.093)).toBeLessThan(0.01)
    expect(Math.abs(found.mase - 2.637)).toBeLessThan(0.01)
    const optimised = errorsOf('Weekly', 1, theta({ theta: 'optimised' }))
    expect(optimised.mase).toBeLessThan(found.mase)
    const naive = errorsOf('Weekly', 1, (training, horizon) =>
      forecastSeasonalNaive(fitted(fitSeasonalNaive(training)), { horizon }),
    )
    expect(naive.smape).toBeCloseTo(9.161, 3)
  },
)

test.skipIf(withoutData)(
  'M4 hourly: Theta within 0.01 of the official sMAPE 18.138, seasonal naive exactly 13.912',
  () => {
    const found = errorsOf('Hourly', 24, theta({ period: 24 }))
    expect(found.series).toBe(414)
    expect(Math.abs(found.smape - 18.138)).toBeLessThan(0.01)
    expect(Math.abs(found.mase - 2.455)).toBeLessThan(0.01)
    const naive = errorsOf('Hourly', 24, (training, horizon) =>
      forecastSeasonalNaive(fitted(fitSeasonalNaive(training, { period: 24 })), { horizon }),
    )
    expect(naive.smape).toBeCloseTo(13.912, 3)
    expect(naive.mase).toBeCloseTo(1.193, 3)
  },
)
