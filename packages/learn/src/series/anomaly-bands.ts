import { normalQuantile, RapportError } from '@rapport/numerics'
import { presentAscending, quantileOf } from '../preparation/quantile.ts'
import { smoothByLoess } from './loess.ts'
import { checkedSeries, checkPeriod, countObserved, largestOf, type SeriesTooShort, tooShort } from './series.ts'
import { decomposeStl, filled, oddFrom, robustWeights } from './stl.ts'

export interface AnomalyOptions {
  /** Values a season. Default 1, no seasons. */
  readonly period?: number
  /**
   * Chance with which an ordinary value lies within its band, in (0, 1), as far as the width is known: at 0.99 about two of
   * 100 stand out in series of 140. Default 0.99.
   */
  readonly confidence?: number
}

/** Where each value was to be expected, and which were not there. Plain data. */
export interface AnomalyBands {
  readonly kind: 'anomaly-bands'
  /** `[n]` season and trend at each value. */
  readonly expected: Float64Array
  /** `[n]` */
  readonly low: Float64Array
  readonly high: Float64Array
  /** Positions of the values outside of their bands, ascending. */
  readonly anomalies: Uint32Array
  /** Standard deviation of ordinary values around what was expected, from the median distance. */
  readonly sigma: number
  readonly confidence: number
}

/**
 * Bands around the past of a series in which ordinary values lie, and the values outside of them: days on which something
 * broke or happened. What stands out has no say in where the bands are.
 *
 * Season and trend are those of robust STL (without seasons, a robust local line); the width is the middle distance from
 * them, in normal terms. Each value is judged with those after it known; for the newest value alone, as it comes, hold it
 * against a forecast's bounds instead.
 *
 * @param values `[n]` oldest first; missing (NaN) values are not judged
 * @returns the bands, or why there are none: fewer than 8 values, or than two periods
 * @throws RapportError `anomaly-bands.series`, `anomaly-bands.period`, `anomaly-bands.confidence`
 *
 * Source: Cleveland et al., STL, 1990, for the robust parts; Rousseeuw & Croux, JASA 88, 1993, for the width.
 *
 * @example
 * const bands = findAnomalies(dailyOrders, { period: 7 })
 * if (bands.kind === 'anomaly-bands') bands.anomalies // Uint32Array [23, 118]
 */
export function findAnomalies(values: ArrayLike<number>, options: AnomalyOptions = {}): AnomalyBands | SeriesTooShort {
  const series = checkedSeries('anomaly-bands', values)
  const { period = 1, confidence = 0.99 } = options
  checkPeriod('anomaly-bands', period)
  if (!(confidence > 0 && confidence < 1)) {
    throw new RapportError('anomaly-bands.confidence', `confidence must be above 0 and below 1, got ${confidence}`)
  }
  const short = tooShort(series, Math.max(8, 2 * period), 'telling what stands out')
  if (short !== undefined) return short
  const expected = expectedOf(series, period)
  const distances = series.map((value, at) => Math.abs(value - expected[at]!))
  // The fit has followed the values by about this many numbers: a season's line each, and two a window of the trend.
  const followed = (period > 1 ? 2 * period : 0) + (2 * series.length) / trendWindow(series.length, period)
  const observations = countObserved(series)
  const widening = Math.sqrt(observations / Math.max(observations / 2, observations - followed))
  // 1.4826 makes the median distance the standard deviation of a normal distribution; less than rounding is no distance.
  const middle = 1.482602218505602 * quantileOf(presentAscending(distances), 0.5)
  const sigma = Math.max(middle * widening, 1e-12 * largestOf(series))
  const reach = sigma * normalQuantile((1 + confidence) / 2)
  return {
    kind: 'anomaly-bands',
    expected,
    low: expected.map((value) => value - reach),
    high: expected.map((value) => value + reach),
    anomalies: Uint32Array.from(series.keys()).filter((at) => distances[at]! > reach),
    sigma,
    confidence,
  }
}

const trendWindow = (n: number, period: number): number => oddFrom(Math.max(5, 3 * period, n / 5))

/**
 * Season and trend of robust STL, or a local line as robust where there are no seasons.
 *
 * Both are kept stiff: one that bends with every few values follows the odd ones too, and makes ordinary ones stand out.
 */
function expectedOf(series: Float64Array, period: number): Float64Array {
  const n = series.length
  const window = trendWindow(n, period)
  if (period > 1) {
    // So wide that each season is one value, the same in every cycle, or a line over them.
    const parts = decomposeStl(series, { period, robust: true, seasonalWindow: oddFrom(10 * n), trendWindow: window })
    // A series too short for the bands was turned away before, at the same length.
    if (parts.kind === 'too-short') throw new RapportError('anomaly-bands.series', parts.message)
    return parts.season.map((value, at) => value + parts.trend[at]!)
  }
  const values = filled(series)
  let weights: Float64Array = series.map((value) => (Number.isNaN(value) ? 0 : 1))
  let line = smoothByLoess({ values, weights }, window)
  for (let round = 0; round < 6; round += 1) {
    weights = robustWeights(series.map((value, at) => Math.abs(value - line[at]!)))
    line = smoothByLoess({ values, weights }, window)
  }
  return line
}
