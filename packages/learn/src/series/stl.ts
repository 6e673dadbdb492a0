import { RapportError } from '@rapport/numerics'
import { presentAscending, quantileOf } from '../preparation/quantile.ts'
import { loessAt, smoothByLoess } from './loess.ts'
import { checkedSeries, checkPeriod, type SeriesTooShort, tooShort } from './series.ts'

export interface StlOptions {
  /** Values a season, at least 2. */
  readonly period: number
  /**
   * How many of one season's values its smoothing looks at: odd, at least 3. Larger lets the seasons change less from one
   * cycle to the next. Default 7.
   */
  readonly seasonalWindow?: number
  /** How many values the trend looks at: odd, above the period. Default the least odd ≥ 1.5 period / (1 − 1.5 / seasonalWindow). */
  readonly trendWindow?: number
  /** True to let values far from the rest lose their say. Default false. */
  readonly robust?: boolean
}

/** A series taken apart: `season + trend + remainder` is the series again. Plain data. */
export interface StlDecomposition {
  readonly kind: 'stl'
  readonly period: number
  /** `[n]` each. */
  readonly season: Float64Array
  readonly trend: Float64Array
  /** NaN where the value is missing. */
  readonly remainder: Float64Array
  /** `[n]` say of each value in the last round, 0 … 1; 0 where it is missing, all others 1 unless `robust`. */
  readonly weights: Float64Array
}

/**
 * Seasons, trend and what is left, by local regression (STL). For seasons that multiply, take apart the logarithm.
 *
 * @param values `[n]` oldest first; missing (NaN) ones have no say and are filled from the others
 * @returns the parts, or why there are none: fewer values than two periods
 * @throws RapportError `stl.series`, `stl.period`, `stl.window`
 *
 * Cost: O(n · (seasonalWindow + trendWindow + period)) a round; 5 rounds, 32 when robust.
 * Source: Cleveland, Cleveland, McRae & Terpenning, Journal of Official Statistics 6, 1990. Agrees with statsmodels.
 *
 * @example
 * decomposeStl(dailyOrders, { period: 7, robust: true })
 */
export function decomposeStl(values: ArrayLike<number>, options: StlOptions): StlDecomposition | SeriesTooShort {
  const given = checkedSeries('stl', values)
  const { period, seasonalWindow = 7, robust = false } = options
  checkPeriod('stl', period)
  if (period < 2) throw new RapportError('stl.period', `period must be at least 2, got ${period}`)
  checkWindow('seasonalWindow', seasonalWindow, 3)
  const trendWindow = options.trendWindow ?? oddFrom((1.5 * period) / (1 - 1.5 / seasonalWindow))
  checkWindow('trendWindow', trendWindow, period + 1)
  const short = tooShort(given, 2 * period, `taking apart seasons with a period of ${period}`)
  if (short !== undefined) return short

  const series = filled(given)
  const there = given.map((value) => (Number.isNaN(value) ? 0 : 1))
  const windows = { seasonal: seasonalWindow, trend: trendWindow, lowPass: oddFrom(period + 1) }
  let weights: Float64Array = there
  let parts: StlParts = { season: new Float64Array(series.length), trend: new Float64Array(series.length) }
  for (let round = 0; round < (robust ? 16 : 1); round += 1) {
    if (round > 0) {
      weights = robustWeights(given.map((value, at) => Math.abs(value - parts.season[at]! - parts.trend[at]!)))
    }
    for (let inner = 0; inner < (robust ? 2 : 5); inner += 1) {
      parts = refineParts(series, period, windows, weights, parts.trend)
    }
  }
  return {
    kind: 'stl',
    period,
    ...parts,
    remainder: given.map((value, at) => value - parts.season[at]! - parts.trend[at]!),
    weights,
  }
}

interface StlParts {
  readonly season: Float64Array
  readonly trend: Float64Array
}

interface StlWindows {
  readonly seasonal: number
  readonly trend: number
  readonly lowPass: number
}

/** One pass of the inner loop: seasons from what the trend leaves, less their own slow part, then the trend from the rest. */
function refineParts(
  series: Float64Array,
  period: number,
  windows: StlWindows,
  weights: Float64Array,
  trend: Float64Array,
): StlParts {
  const n = series.length
  const cycles = smoothCycles(
    series.map((value, at) => value - trend[at]!),
    period,
    windows.seasonal,
    weights,
  )
  const slow = movingAverage(movingAverage(movingAverage(cycles, period), period), 3)
  const lowPass = smoothByLoess({ values: slow }, windows.lowPass)
  const season = Float64Array.from({ length: n }, (_, at) => cycles[period + at]! - lowPass[at]!)
  const values = series.map((value, at) => value - season[at]!)
  return { season, trend: smoothByLoess({ values, weights }, windows.trend) }
}

/** Each season's values smoothed by themselves, with one more before and after: `[n + 2 · period]`. */
function smoothCycles(values: Float64Array, period: number, window: number, weights: Float64Array): Float64Array {
  const n = values.length
  const cycles = new Float64Array(n + 2 * period)
  for (let slot = 0; slot < period; slot += 1) {
    const k = Math.floor((n - slot - 1) / period) + 1
    const points = {
      values: Float64Array.from({ length: k }, (_, cycle) => values[slot + cycle * period]!),
      weights: Float64Array.from({ length: k }, (_, cycle) => weights[slot + cycle * period]!),
    }
    const smoothed = smoothByLoess(points, window)
    const before = loessAt(points, -1, window, 0, Math.min(window, k) - 1)
    const after = loessAt(points, k, window, Math.max(0, k - window), k - 1)
    cycles[slot] = Number.isNaN(before) ? smoothed[0]! : before
    cycles[slot + (k + 1) * period] = Number.isNaN(after) ? smoothed[k - 1]! : after
    smoothed.forEach((value, cycle) => {
      cycles[slot + (cycle + 1) * period] = value
    })
  }
  return cycles
}

function movingAverage(values: Float64Array, window: number): Float64Array {
  const averages = new Float64Array(values.length - window + 1)
  let sum = 0
  for (let at = 0; at < values.length; at += 1) {
    sum += values[at]!
    if (at >= window) sum -= values[at - window]!
    if (at >= window - 1) averages[at - window + 1] = sum / window
  }
  return averages
}

/** Bisquare weights of distances to a fit, 0 from six times their median on and where a distance is missing. */
export function robustWeights(distances: Float64Array): Float64Array {
  const limit = 6 * quantileOf(presentAscending(distances), 0.5)
  return distances.map((distance) => {
    if (distance <= 0.001 * limit) return 1
    return distance <= 0.999 * limit ? (1 - (distance / limit) ** 2) ** 2 : 0
  })
}

/** Missing values on the straight line between their neighbours; at the ends as the nearest one. */
export function filled(given: Float64Array): Float64Array {
  const series = given.slice()
  let before = -1
  for (let at = 0; at <= series.length; at += 1) {
    if (at < series.length && Number.isNaN(given[at])) continue
    for (let gap = before + 1; gap < at; gap += 1) {
      const [left, right] = [given[before] ?? given[at]!, given[at] ?? given[before]!]
      series[gap] = left + ((right - left) * (gap - before)) / (at - before)
    }
    before = at
  }
  return series
}

/** The least odd whole number that is not below `least`. */
export function oddFrom(least: number): number {
  const whole = Math.ceil(least)
  return whole % 2 === 1 ? whole : whole + 1
}

function checkWindow(name: string, window: number, least: number): void {
  if (Number.isInteger(window) && window >= least && window % 2 === 1) return
  throw new RapportError('stl.window', `${name} must be an odd whole number of at least ${least}, got ${window}`)
}
