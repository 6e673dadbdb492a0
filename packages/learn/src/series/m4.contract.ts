import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { dataPath } from '../../../../tooling/test-data.ts'
import { metricValue } from '../metrics/metric.ts'
import type { Forecast } from './forecast.ts'
import { mase, smape } from './forecast-errors.ts'

// The M4 competition's weekly and hourly series, with its own protocol: forecasts below 0 set to 0, means over the series.

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

export type M4Forecaster = (training: Float64Array, horizon: number) => Forecast | Promise<Forecast>

/** Errors of a forecaster on all series of a frequency: sMAPE in percent. @param period of the season that MASE scales by */
export async function errorsOf(name: string, period: number, forecaster: M4Forecaster) {
  const tests = read(`${name}-test`)
  const errors: [number, number][] = []
  for (const [index, training] of read(`${name}-train`).entries()) {
    const forecast = await forecaster(training, tests[index]!.length)
    const mean = forecast.mean.map((value) => Math.max(0, value))
    errors.push([metricValue(smape(mean, tests[index]!)), metricValue(mase(mean, tests[index]!, training, period))])
  }
  const meanOf = (column: 0 | 1): number => errors.reduce((sum, row) => sum + row[column], 0) / errors.length
  return { smape: 100 * meanOf(0), mase: meanOf(1), series: errors.length }
}
