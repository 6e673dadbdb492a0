import { RapportError } from '@rapport/numerics'
import { quantileOf } from '../preparation/quantile.ts'
import { checkForecast, type Forecast, type ForecastOptions } from './forecast.ts'
import { checkedSeries, type SeriesTooShort } from './series.ts'

export interface CrostonOptions {
  /** Weight of the newest size and of the newest gap, in (0, 1]. Default 0.1. */
  readonly smoothing?: number
  /** False for Croston's own forecast, which is too high by about smoothing / 2 of itself. Default true (Syntetos-Boylan). */
  readonly unbiased?: boolean
}

export interface TsbOptions {
  /** Weight of the newest size, in (0, 1]. Default 0.1. */
  readonly sizeSmoothing?: number
  /** Weight of the newest step in the chance of a demand, in (0, 1]. Default 0.1. */
  readonly chanceSmoothing?: number
}

/** What is asked for now and then, and how often. Plain data. */
export interface IntermittentModel {
  readonly kind: 'croston' | 'tsb'
  /** Mean size of a demand as smoothed at the end. */
  readonly size: number
  /** Chance of a demand at a step, 0 … 1. */
  readonly chance: number
  /** What a step brings on average. */
  readonly mean: number
  /** The demands seen, ascending. */
  readonly sizes: Float64Array
}

/**
 * Croston's method for series of many zeros: sizes of demands and gaps between them are smoothed apart.
 *
 * It changes its mind only when something is asked for; for what may be going out of use see `fitTsb`.
 *
 * @param values `[n]` each ≥ 0, oldest first; missing (NaN) steps are taken out
 * @returns the model, or why there is none: fewer than two values above 0
 * @throws RapportError `croston.series`, `croston.values` when one is below 0, `croston.smoothing`
 *
 * Source: Croston, Operational Research Quarterly 23, 1972; Syntetos & Boylan, International Journal of Forecasting 21(2),
 * 2005. Agrees with statsforecast.
 *
 * @example
 * fitCroston([0, 0, 3, 0, 2, 0, 0, 4])
 */
export function fitCroston(
  values: ArrayLike<number>,
  { smoothing = 0.1, unbiased = true }: CrostonOptions = {},
): IntermittentModel | SeriesTooShort {
  checkSmoothing('croston.smoothing', smoothing)
  const series = demandsOf('croston', values)
  if (!(series instanceof Float64Array)) return series
  const sizes = series.filter((value) => value > 0)
  const gaps: number[] = []
  let since = 0
  for (const value of series) {
    since += 1
    if (value === 0) continue
    gaps.push(since)
    since = 0
  }
  const size = smoothed(sizes, smoothing)
  const chance = 1 / smoothed(gaps, smoothing)
  const mean = size * chance * (unbiased ? 1 - smoothing / 2 : 1)
  return { kind: 'croston', size, chance, mean, sizes: sizes.slice().sort() }
}

/**
 * The Teunter-Syntetos-Babai method: as Croston's, but the chance of a demand is smoothed at every step, so that what is no
 * longer asked for fades away.
 *
 * @param values as `fitCroston`
 * @throws RapportError `tsb.series`, `tsb.values`, `tsb.sizeSmoothing`, `tsb.chanceSmoothing`
 *
 * Source: Teunter, Syntetos & Babai, European Journal of Operational Research 214(3), 2011. Agrees with statsforecast.
 */
export function fitTsb(
  values: ArrayLike<number>,
  { sizeSmoothing = 0.1, chanceSmoothing = 0.1 }: TsbOptions = {},
): IntermittentModel | SeriesTooShort {
  checkSmoothing('tsb.sizeSmoothing', sizeSmoothing)
  checkSmoothing('tsb.chanceSmoothing', chanceSmoothing)
  const series = demandsOf('tsb', values)
  if (!(series instanceof Float64Array)) return series
  const sizes = series.filter((value) => value > 0)
  const size = smoothed(sizes, sizeSmoothing)
  const chance = smoothed(
    series.map((value) => (value > 0 ? 1 : 0)),
    chanceSmoothing,
  )
  return { kind: 'tsb', size, chance, mean: size * chance, sizes: sizes.slice().sort() }
}

/**
 * What each step brings on average, the same for all; bounds are quantiles of a step that brings nothing, or one of the
 * sizes seen (moved to the mean size at the end), by the chance of a demand.
 *
 * @throws RapportError `forecast.horizon`, `forecast.confidence`
 */
export function forecastIntermittent(model: IntermittentModel, options: ForecastOptions): Forecast {
  const { horizon, confidence } = checkForecast(options)
  const every = (value: number): Float64Array => new Float64Array(horizon).fill(value)
  const meanSize = model.sizes.reduce((sum, size) => sum + size, 0) / model.sizes.length
  const bound = (share: number): number => {
    const nothing = 1 - model.chance
    if (share <= nothing) return 0
    return quantileOf(model.sizes, (share - nothing) / model.chance) * (model.size / meanSize)
  }
  const tail = (1 - confidence) / 2
  return { mean: every(model.mean), low: every(bound(tail)), high: every(bound(1 - tail)), confidence }
}

function demandsOf(method: string, values: ArrayLike<number>): Float64Array | SeriesTooShort {
  const series = checkedSeries(method, values)
  const wrong = series.findIndex((value) => value < 0)
  if (wrong >= 0) {
    throw new RapportError(
      `${method}.values`,
      `every value must be at least 0, got ${series[wrong]} at position ${wrong}`,
    )
  }
  const demands = series.reduce((count, value) => count + (value > 0 ? 1 : 0), 0)
  if (demands >= 2) return series.filter((value) => !Number.isNaN(value))
  const message = `demand now and then needs at least 2 values above 0, got ${demands}`
  return { kind: 'too-short', observations: demands, needed: 2, message }
}

function checkSmoothing(code: string, smoothing: number): void {
  if (!(smoothing > 0 && smoothing <= 1)) {
    throw new RapportError(code, `smoothing must be above 0 and at most 1, got ${smoothing}`)
  }
}

/** Exponential smoothing from the first value on. */
function smoothed(values: ArrayLike<number>, smoothing: number): number {
  let level = values[0]!
  for (let at = 1; at < values.length; at += 1) level += smoothing * (values[at]! - level)
  return level
}
