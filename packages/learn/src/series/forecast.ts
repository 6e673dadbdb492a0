import { normalQuantile, RapportError } from '@rapport/numerics'

/** What is expected of the next values of a series, and between which bounds they will lie. */
export interface Forecast {
  /** `[horizon]` one value a step ahead, the next one first. */
  readonly mean: Float64Array
  /** `[horizon]` bounds within which each value lies by itself with probability `confidence`, if the model holds. */
  readonly low: Float64Array
  readonly high: Float64Array
  readonly confidence: number
}

export interface ForecastOptions {
  /** Steps ahead, at least 1. */
  readonly horizon: number
  /** A fraction in (0, 1). Default 0.95. */
  readonly confidence?: number
}

/**
 * @throws RapportError `forecast.horizon`, `forecast.confidence`
 */
export function checkForecast({ horizon, confidence = 0.95 }: ForecastOptions): Required<ForecastOptions> {
  if (!Number.isInteger(horizon) || horizon < 1) {
    throw new RapportError('forecast.horizon', `horizon must be a whole number of at least 1, got ${horizon}`)
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RapportError('forecast.confidence', `confidence must be above 0 and below 1, got ${confidence}`)
  }
  return { horizon, confidence }
}

/** A forecast whose errors are normal with the given standard deviations, `[horizon]`. */
export function normalForecast(mean: Float64Array, deviation: Float64Array, confidence: number): Forecast {
  const reach = normalQuantile((1 + confidence) / 2)
  return {
    mean,
    low: mean.map((value, step) => value - reach * deviation[step]!),
    high: mean.map((value, step) => value + reach * deviation[step]!),
    confidence,
  }
}
