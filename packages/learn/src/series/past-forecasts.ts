import { RapportError, stopIfAborted, type Work } from '@rapport/numerics'
import { checkForecast, type Forecast } from './forecast.ts'
import { checkedSeries, type SeriesTooShort } from './series.ts'

/** Forecasts `horizon` steps from training values; must look at nothing else. */
export type Forecaster = (
  training: Float64Array,
  horizon: number,
) => Forecast | SeriesTooShort | Promise<Forecast | SeriesTooShort>

export interface PastOptions {
  /** Steps ahead of every forecast. */
  readonly horizon: number
  /** Forecasts made, at most; each from one training part. Default 10. */
  readonly origins?: number
  /** Steps between one origin and the next. Default 1. */
  readonly step?: number
  /** Training values at the newest origin. Default all but the horizon's. */
  readonly newest?: number
}

/** What a forecaster would have said at a moment of the past, and what came. */
export interface PastForecast {
  /** Training values. */
  readonly origin: number
  readonly forecast: Forecast
  /** `[horizon]` missing is NaN. */
  readonly actual: Float64Array
}

/**
 * What a forecaster would have said, had it been used before: at each of the last origins it sees the values up to there.
 *
 * @param values `[n]` oldest first, missing is NaN
 * @returns oldest first; `tooShort` counts the origins at which the forecaster had too few values
 * @throws RapportError `rolling-origin.series`, `rolling-origin.origins`, `rolling-origin.step`, `rolling-origin.newest`,
 *   `forecast.horizon`; `rolling-origin.length` when the series has no more values than the horizon; `work.aborted`
 *
 * Cost: `origins` fits.
 */
export async function forecastFromPast(
  values: ArrayLike<number>,
  forecaster: Forecaster,
  options: PastOptions,
  work?: Work,
): Promise<{ readonly past: readonly PastForecast[]; readonly tooShort: number }> {
  const series = checkedSeries('rolling-origin', values)
  const { horizon } = checkForecast(options)
  const most = series.length - horizon
  const { origins = 10, step = 1, newest = most } = options
  for (const [name, value] of Object.entries({ origins, step })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RapportError(`rolling-origin.${name}`, `${name} must be a whole number of at least 1, got ${value}`)
    }
  }
  if (most < 1) {
    throw new RapportError(
      'rolling-origin.length',
      `values must be more than the horizon (${horizon}), got ${series.length}`,
    )
  }
  if (!Number.isInteger(newest) || newest > most) {
    throw new RapportError('rolling-origin.newest', `newest must be a whole number of at most ${most}, got ${newest}`)
  }
  const starts = Array.from({ length: origins }, (_, back) => newest - (origins - 1 - back) * step).filter(
    (at) => at > 0,
  )
  const past: PastForecast[] = []
  for (const [index, origin] of starts.entries()) {
    stopIfAborted(work)
    const forecast = await forecaster(series.slice(0, origin), horizon)
    if (!('kind' in forecast)) past.push({ origin, forecast, actual: series.slice(origin, origin + horizon) })
    work?.onProgress?.({ stage: 'forecasting from the past', done: index + 1, total: starts.length })
  }
  return { past, tooShort: starts.length - past.length }
}
