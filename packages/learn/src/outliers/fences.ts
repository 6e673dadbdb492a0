import { columnOf, type Matrix, RapportError } from '@rapport/numerics'
import { presentAscending, quantileOf } from '../preparation/quantile.ts'
import { checkNotInfinite, mapColumns } from '../preparation/scaling.ts'

export interface FenceOptions {
  /**
   * `iqr`: Tukey's fences, `width` interquartile ranges beyond the quartiles. `mad`: `width` robust deviations on both sides of the
   * median, for columns that are about symmetric. Default `iqr`.
   */
  readonly method?: 'iqr' | 'mad'
  /** Default 1.5 for `iqr`, 3.5 for `mad`. */
  readonly width?: number
}

/** What `fitFences` found. Plain data. */
export interface FenceModel {
  readonly kind: 'fences'
  readonly method: 'iqr' | 'mad'
  /** `[d]` the least and the largest value that is not an outlier; infinite where the column gives no measure. */
  readonly lower: Float64Array
  readonly upper: Float64Array
}

/** A deviation of a normal column in medians of absolute deviations, and in their means. */
const deviationPerMedian = 1.482602218505602
const deviationPerMean = 1.2533141373155003

/**
 * Learns where each column's values end that are not out of the ordinary. Missing values (NaN) are left out.
 *
 * A column that is one value for the most part has no spread to measure by (spend of 0): under `iqr` it gets no fences, under
 * `mad` the mean absolute deviation stands in, and it gets none only when it is constant.
 *
 * @param data `[n × d]`, n ≥ 1, finite or NaN
 * @throws RapportError `fences.data`, `fences.infinite`, `fences.width` when it is not finite and above 0
 *
 * Cost: O(n log n) a column.
 * Source: Tukey, "Exploratory data analysis", 1977; Iglewicz & Hoaglin, "How to detect and handle outliers", 1993 (3.5, and the
 * mean deviation where the median one is 0).
 *
 * @example
 * fitFences(matrixFromRows([[1], [2], [3], [4], [99]])).upper // Float64Array [7]
 */
export function fitFences(data: Matrix, { method = 'iqr', width }: FenceOptions = {}): FenceModel {
  checkNotInfinite('fences', data)
  const wide = width ?? (method === 'iqr' ? 1.5 : 3.5)
  if (!(wide > 0 && wide < Infinity)) {
    throw new RapportError('fences.width', `width must be finite and above 0, got ${wide}`)
  }
  const lower = new Float64Array(data.columns).fill(-Infinity)
  const upper = new Float64Array(data.columns).fill(Infinity)
  for (let column = 0; column < data.columns; column += 1) {
    const ascending = presentAscending(columnOf(data, column))
    if (ascending.length === 0) continue
    const { low, high, spread } = method === 'iqr' ? quartiles(ascending) : aroundMedian(ascending)
    if (spread === 0) continue
    lower[column] = low - wide * spread
    upper[column] = high + wide * spread
  }
  return { kind: 'fences', method, lower, upper }
}

/**
 * Which values lie outside.
 *
 * @returns `[n × d]` 1 outside, 0 inside and where missing
 * @throws RapportError `fences.columns` when d differs from the fit
 */
export function outsideFences(model: FenceModel, data: Matrix): Matrix {
  return mapColumns('fences', model.lower.length, data, (value, column) =>
    value < model.lower[column]! || value > model.upper[column]! ? 1 : 0,
  )
}

/**
 * Brings values outside to the fence (winsorising): for linear models, which one huge order would bend.
 *
 * @returns `[n × d]`, NaN where `data` is
 * @throws RapportError `fences.columns` when d differs from the fit
 */
export function clipToFences(model: FenceModel, data: Matrix): Matrix {
  return mapColumns('fences', model.lower.length, data, (value, column) =>
    Math.min(Math.max(value, model.lower[column]!), model.upper[column]!),
  )
}

interface Middle {
  readonly low: number
  readonly high: number
  readonly spread: number
}

function quartiles(ascending: Float64Array): Middle {
  const low = quantileOf(ascending, 0.25)
  const high = quantileOf(ascending, 0.75)
  return { low, high, spread: high - low }
}

function aroundMedian(ascending: Float64Array): Middle {
  const median = quantileOf(ascending, 0.5)
  const distances = ascending.map((value) => Math.abs(value - median)).sort()
  const ofMedian = quantileOf(distances, 0.5)
  const spread =
    ofMedian > 0
      ? deviationPerMedian * ofMedian
      : deviationPerMean * distances.reduce((sum, distance) => sum + distance / distances.length, 0)
  return { low: median, high: median, spread }
}
