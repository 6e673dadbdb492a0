import type { Work } from '@rapport/numerics'
import type { Metric } from '../metrics/metric.ts'
import { defined, missing } from '../metrics/metric.ts'
import { mase, smape } from './forecast-errors.ts'
import { type Forecaster, forecastFromPast, type PastForecast, type PastOptions } from './past-forecasts.ts'
import { checkedSeries, checkPeriod } from './series.ts'

export interface RollingOriginOptions extends PastOptions {
  /** Values a season, for the scale of `mase`. Default 1. */
  readonly period?: number
}

/** How a forecaster would have done, had it been used before. */
export interface RollingOriginResult {
  readonly kind: 'rolling-origin'
  /** Origins judged; those at which the forecaster had too few values are not among them. */
  readonly origins: number
  readonly tooShort: number
  /** Means over the origins at which they are defined. */
  readonly smape: Metric
  readonly mase: Metric
  /** `[horizon]` mean absolute error each step ahead, in the series' own units; NaN where nothing was seen. */
  readonly absoluteErrors: Float64Array
  /** Share of the values that lay within their bounds; to be held against the forecasts' confidence. */
  readonly coverage: Metric
}

/**
 * Judges a forecaster on the past: for each of the last origins it sees the values up to there and is compared with the
 * ones that followed.
 *
 * @param values `[n]` oldest first; missing (NaN) values are not judged
 * @throws RapportError `rolling-origin.series`, `rolling-origin.period`, `rolling-origin.origins`, `rolling-origin.step`,
 *   `forecast.horizon`; `rolling-origin.length` when the series has no more values than the horizon; `work.aborted`
 *
 * Cost: `origins` fits.
 * Source: Tashman, "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 16(4), 2000.
 *
 * @example
 * const naive: Forecaster = (training, horizon) => {
 *   const model = fitSeasonalNaive(training, { period: 12 })
 *   return model.kind === 'too-short' ? model : forecastSeasonalNaive(model, { horizon })
 * }
 * (await evaluateRollingOrigin(monthlySales, naive, { horizon: 3, period: 12 })).mase
 */
export async function evaluateRollingOrigin(
  values: ArrayLike<number>,
  forecaster: Forecaster,
  options: RollingOriginOptions,
  work?: Work,
): Promise<RollingOriginResult> {
  checkPeriod('rolling-origin', options.period ?? 1)
  const { past, tooShort } = await forecastFromPast(values, forecaster, options, work)
  return { ...judgePastForecasts(values, past, options), tooShort }
}

/**
 * How good forecasts of the past were.
 *
 * @param values `[n]` the series that they were made of
 * @param past from `forecastFromPast`
 * @throws RapportError `rolling-origin.series`, `rolling-origin.period`
 */
export function judgePastForecasts(
  values: ArrayLike<number>,
  past: readonly PastForecast[],
  { horizon, period = 1 }: Pick<RollingOriginOptions, 'horizon' | 'period'>,
): RollingOriginResult {
  const series = checkedSeries('rolling-origin', values)
  checkPeriod('rolling-origin', period)
  const [symmetric, scaled] = [new Mean(), new Mean()]
  const byStep = Array.from({ length: horizon }, () => new Mean())
  const within = new Mean()
  for (const { origin, forecast, actual } of past) {
    symmetric.add(smape(forecast.mean, actual))
    scaled.add(mase(forecast.mean, actual, series.subarray(0, origin), period))
    actual.forEach((seen, at) => {
      if (Number.isNaN(seen)) return
      byStep[at]!.add(defined(Math.abs(seen - forecast.mean[at]!)))
      within.add(defined(seen >= forecast.low[at]! && seen <= forecast.high[at]! ? 1 : 0))
    })
  }
  return {
    kind: 'rolling-origin',
    origins: past.length,
    tooShort: 0,
    smape: symmetric.metric(),
    mase: scaled.metric(),
    absoluteErrors: Float64Array.from(byStep, (mean) => {
      const metric = mean.metric()
      return metric.defined ? metric.value : Number.NaN
    }),
    coverage: within.metric(),
  }
}

/** A mean of the metrics that are defined. */
class Mean {
  #sum = 0
  #count = 0
  #gap: Metric = missing('no-rows')

  add(metric: Metric): void {
    if (metric.defined) {
      this.#sum += metric.value
      this.#count += 1
    } else {
      this.#gap = metric
    }
  }

  metric(): Metric {
    return this.#count > 0 ? defined(this.#sum / this.#count) : this.#gap
  }
}
