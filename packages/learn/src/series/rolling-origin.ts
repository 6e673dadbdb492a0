import { RapportError, stopIfAborted, type Work } from '@rapport/numerics'
import type { Metric } from '../metrics/metric.ts'
import { defined, missing } from '../metrics/metric.ts'
import { checkForecast, type Forecast } from './forecast.ts'
import { mase, smape } from './forecast-errors.ts'
import { checkedSeries, checkPeriod, type SeriesTooShort } from './series.ts'

/** Forecasts `horizon` steps from training values; must look at nothing else. */
export type Forecaster = (
  training: Float64Array,
  horizon: number,
) => Forecast | SeriesTooShort | Promise<Forecast | SeriesTooShort>

export interface RollingOriginOptions {
  /** Steps ahead that every forecast is judged on. */
  readonly horizon: number
  /** Values a season, for the scale of `mase`. Default 1. */
  readonly period?: number
  /** Forecasts made, at most; each from one training part. Default 10. */
  readonly origins?: number
  /** Steps between one origin and the next. Default 1. */
  readonly step?: number
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
  const series = checkedSeries('rolling-origin', values)
  const { period = 1, origins = 10, step = 1 } = options
  const { horizon } = checkForecast(options)
  checkPeriod('rolling-origin', period)
  for (const [name, value] of Object.entries({ origins, step })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RapportError(`rolling-origin.${name}`, `${name} must be a whole number of at least 1, got ${value}`)
    }
  }
  const newest = series.length - horizon
  if (newest < 1) {
    throw new RapportError(
      'rolling-origin.length',
      `values must be more than the horizon (${horizon}), got ${series.length}`,
    )
  }
  const starts = Array.from({ length: origins }, (_, back) => newest - (origins - 1 - back) * step).filter(
    (at) => at > 0,
  )
  const [symmetric, scaled] = [new Mean(), new Mean()]
  const byStep = Array.from({ length: horizon }, () => new Mean())
  const within = new Mean()
  let tooShort = 0
  for (const [index, origin] of starts.entries()) {
    stopIfAborted(work)
    const training = series.slice(0, origin)
    const forecast = await forecaster(training, horizon)
    if ('kind' in forecast) {
      tooShort += 1
    } else {
      const actual = series.subarray(origin, origin + horizon)
      symmetric.add(smape(forecast.mean, actual))
      scaled.add(mase(forecast.mean, actual, training, period))
      actual.forEach((seen, at) => {
        if (Number.isNaN(seen)) return
        byStep[at]!.add(defined(Math.abs(seen - forecast.mean[at]!)))
        within.add(defined(seen >= forecast.low[at]! && seen <= forecast.high[at]! ? 1 : 0))
      })
    }
    work?.onProgress?.({ stage: 'forecasting from the past', done: index + 1, total: starts.length })
  }
  return {
    kind: 'rolling-origin',
    origins: starts.length - tooShort,
    tooShort,
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
