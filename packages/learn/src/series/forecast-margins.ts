import { RapportError } from '@rapport/numerics'
import { defined, type Metric, missing } from '../metrics/metric.ts'
import { conformalMargin, type TooFewRows } from '../selection/conformal/conformal-margin.ts'
import type { Forecast } from './forecast.ts'
import type { PastForecast } from './past-forecasts.ts'

export interface ForecastMarginsOptions {
  /**
   * Steps ahead whose errors are looked at together, the step itself in the middle: a season, so that each holds all of its
   * days. Default 1.
   */
  readonly pooled?: number
  /** The newest origins on which coverage is measured. Default half of them. */
  readonly judged?: number
}

/** How much wider, or narrower, than a forecaster's own its bounds must be. Plain data. */
export interface ForecastMargins {
  readonly kind: 'forecast-margins'
  /** `[horizon]` what the distance of each bound from the mean is multiplied by. */
  readonly factors: Float64Array
  /** Distance that a bound is taken to have at least, in the series' own units, so that a forecaster that is sure is widened. */
  readonly distanceMin: number
  readonly confidence: number
  /** Origins that it was learned from. */
  readonly origins: number
  /**
   * Share of the values after the `judged` newest origins that lay within bounds widened by what was known at each of
   * them, and within the forecaster's own.
   */
  readonly coverage: Metric
  readonly ownCoverage: Metric
}

/**
 * Learns from forecasts of the past how far off they were, as a multiple of the distance that their bounds had, so that
 * bounds hold their share of values whatever the model thinks of itself. A model's own bounds are usually too narrow: they
 * know nothing of the model being wrong, nor of its numbers being estimates.
 *
 * Each step's factor is the conformal quantile of the multiples at the steps around it, over all origins. As errors at
 * origins near each other are alike, the promise is kept about, not exactly; `coverage` says how well it was on values that
 * the factors had not seen.
 *
 * @param past from `forecastFromPast`, all of one horizon and one confidence
 * @returns `too-few-rows` when a step has too few values for its confidence
 * @throws RapportError `forecast-margins.past`, `forecast-margins.options`
 *
 * Source: Stankevičiūtė, Alaa & van der Schaar, "Conformal time-series forecasting", NeurIPS 2021 (a margin a step); Tashman,
 * International Journal of Forecasting 16(4), 2000 (rolling origins).
 *
 * @example
 * const { past } = await forecastFromPast(sales, theta, { horizon: 28, origins: 20, step: 7 })
 * const margins = fitForecastMargins(past, { pooled: 7 })
 * if (margins.kind === 'forecast-margins') applyForecastMargins(margins, await theta(sales, 28))
 */
export function fitForecastMargins(
  past: readonly PastForecast[],
  { pooled = 1, judged = Math.ceil(past.length / 2) }: ForecastMarginsOptions = {},
): ForecastMargins | TooFewRows {
  const { horizon, confidence } = checkPast(past)
  for (const [name, value] of Object.entries({ pooled, judged })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RapportError('forecast-margins.options', `${name} must be a whole number of at least 1, got ${value}`)
    }
  }
  const distanceMin = 1e-9 * largestOf(past)
  const scored = past.map((own) => ({ origin: own.origin, scores: scoresOf(own, distanceMin) }))
  const factors = new Float64Array(horizon)
  for (let step = 0; step < horizon; step += 1) {
    const factor = factorAt(scored, step, pooled, confidence)
    if (typeof factor !== 'number') return factor
    factors[step] = factor
  }
  return {
    ...{ kind: 'forecast-margins', factors, distanceMin, confidence, origins: past.length },
    ...measured(scored, judged, pooled, confidence),
  }
}

/**
 * A forecast with bounds as wide as those of the past had to be.
 *
 * @throws RapportError `forecast-margins.horizon` for a longer one, `forecast-margins.confidence` for another confidence
 */
export function applyForecastMargins(
  { factors, distanceMin, confidence }: ForecastMargins,
  forecast: Forecast,
): Forecast {
  if (forecast.mean.length > factors.length) {
    throw new RapportError(
      'forecast-margins.horizon',
      `the forecast must be of ${factors.length} steps at most, got ${forecast.mean.length}`,
    )
  }
  if (forecast.confidence !== confidence) {
    throw new RapportError(
      'forecast-margins.confidence',
      `the forecast's confidence must be ${confidence}, got ${forecast.confidence}`,
    )
  }
  const moved = (bound: Float64Array, side: -1 | 1): Float64Array =>
    forecast.mean.map(
      (mean, step) => mean + side * factors[step]! * Math.max(distanceMin, Math.abs(bound[step]! - mean)),
    )
  return { ...forecast, low: moved(forecast.low, -1), high: moved(forecast.high, 1) }
}

interface Scored {
  readonly origin: number
  /** `[horizon]` how far off, in distances of the bound on that side; NaN where nothing was seen. */
  readonly scores: Float64Array
}

const scoresOf = ({ forecast: { mean, low, high }, actual }: PastForecast, distanceMin: number): Float64Array =>
  actual.map((seen, step) => {
    const bound = seen > mean[step]! ? high[step]! : low[step]!
    return Math.abs(seen - mean[step]!) / Math.max(distanceMin, Math.abs(bound - mean[step]!))
  })

/** @param knownBy values after it are not known yet; default all are */
function factorAt(
  scored: readonly Scored[],
  step: number,
  pooled: number,
  confidence: number,
  knownBy = Number.POSITIVE_INFINITY,
): number | TooFewRows {
  const horizon = scored[0]!.scores.length
  // At either end of the horizon as many steps are taken as in its middle.
  const first = Math.max(0, Math.min(step - Math.floor(pooled / 2), horizon - pooled))
  const scores = scored.flatMap(({ origin, scores: own }) =>
    Array.from(own.subarray(first, first + pooled)).filter(
      (score, at) => !Number.isNaN(score) && origin + first + at < knownBy,
    ),
  )
  return conformalMargin('forecast-margins', Float64Array.from(scores), confidence)
}

/** How factors from what was known at each of the newest origins would have done there. */
function measured(
  scored: readonly Scored[],
  judged: number,
  pooled: number,
  confidence: number,
): Pick<ForecastMargins, 'coverage' | 'ownCoverage'> {
  let [values, held, heldByOwn] = [0, 0, 0]
  for (const { origin, scores } of scored.slice(-judged)) {
    scores.forEach((score, step) => {
      if (Number.isNaN(score)) return
      const factor = factorAt(scored, step, pooled, confidence, origin)
      if (typeof factor !== 'number') return
      values += 1
      held += score <= factor ? 1 : 0
      heldByOwn += score <= 1 ? 1 : 0
    })
  }
  if (values === 0) return { coverage: missing('no-rows'), ownCoverage: missing('no-rows') }
  return { coverage: defined(held / values), ownCoverage: defined(heldByOwn / values) }
}

const largestOf = (past: readonly PastForecast[]): number =>
  past.reduce(
    (most, { forecast, actual }) =>
      [...forecast.mean, ...actual].reduce(
        (own, value) => (Number.isNaN(value) ? own : Math.max(own, Math.abs(value))),
        most,
      ),
    Number.MIN_VALUE / 1e-9,
  )

function checkPast(past: readonly PastForecast[]): { readonly horizon: number; readonly confidence: number } {
  const [first] = past
  if (first === undefined) {
    throw new RapportError('forecast-margins.past', 'there must be a forecast of the past, got none')
  }
  const { confidence, mean } = first.forecast
  const isOdd = past.some(
    ({ forecast, actual }) =>
      forecast.mean.length !== mean.length || actual.length !== mean.length || forecast.confidence !== confidence,
  )
  if (isOdd) throw new RapportError('forecast-margins.past', 'forecasts must have one horizon and one confidence')
  return { horizon: mean.length, confidence }
}
