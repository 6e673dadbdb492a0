import { normalQuantile, RapportError } from '@rapport/numerics'
import { classGap, type MetricGap, type MetricOptions, type ScoredRows, scoredRows } from './metric.ts'
import { meanPlacement, meanVariance, placementsOf } from './placements.ts'

/** An area under the ROC curve with its uncertainty. */
export interface AucInterval {
  readonly defined: true
  readonly value: number
  readonly standardError: number
  /** Ends of the interval, cut at 0 and 1. */
  readonly low: number
  readonly high: number
}

export interface AucIntervalOptions extends MetricOptions {
  /** In (0, 1). Default 0.95. */
  readonly confidence?: number
}

/**
 * The area under the ROC curve with DeLong's interval, which needs no resampling and no seed.
 *
 * Speaks of the sampling of rows only: not of how the model would vary with other training rows.
 *
 * @param scores `[n]`
 * @param labels `[n]` 0 or 1, at least two of each
 * @returns the area and its interval; `one-class` also when a class has a single row, or no weight above 1, and so no spread
 * @throws RapportError `metrics.confidence`, and as `rocAuc`
 *
 * Cost: O(n), a radix sort.
 * Source: DeLong, DeLong & Clarke-Pearson, Biometrics 44, 1988; by mid-ranks as Sun & Xu, IEEE Signal Processing
 * Letters 21(11), 2014.
 *
 * @example
 * rocAucInterval([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) // value 0.75, standardError 0.3535…
 */
export function rocAucInterval(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  { confidence = 0.95, ...options }: AucIntervalOptions = {},
): AucInterval | { readonly defined: false; readonly because: MetricGap } {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RapportError('metrics.confidence', `confidence must be between 0 and 1, got ${confidence}`)
  }
  const rows = scoredRows(scores, labels, options)
  const gap = spreadGap(rows)
  if (gap) return { defined: false, because: gap }
  const { positive, negative } = placementsOf(rows)
  const value = meanPlacement(positive)
  const standardError = Math.sqrt(meanVariance(positive) + meanVariance(negative))
  const half = normalQuantile((1 + confidence) / 2) * standardError
  return { defined: true, value, standardError, low: Math.max(0, value - half), high: Math.min(1, value + half) }
}

/** The reason why placements of the two classes have no spread, if there is one. */
export const spreadGap = (rows: ScoredRows): MetricGap | undefined =>
  classGap(rows) ?? (rows.positives <= 1 || rows.negatives <= 1 ? 'one-class' : undefined)
