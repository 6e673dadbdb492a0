import { normalCdf, normalQuantile, RapportError } from '@rapport/numerics'
import { type AucIntervalOptions, spreadGap } from './auc-interval.ts'
import { type MetricGap, scoredRows } from './metric.ts'
import { meanPlacement, meanVariance, type PlacedClass, placementsOf } from './placements.ts'

/** Two areas under the ROC curve of the same rows, and whether they differ. */
export interface AucDifference {
  readonly defined: true
  readonly first: number
  readonly second: number
  /** first − second. */
  readonly value: number
  readonly standardError: number
  readonly low: number
  readonly high: number
  readonly z: number
  /** Two-sided: chance of a difference at least this large when there is none. */
  readonly pValue: number
}

/**
 * DeLong's test of two scores on the same rows. It takes into account that both are judged by the same customers: two good
 * scores agree on most, so far smaller differences show than by comparing their intervals.
 *
 * Not for a score beside one that was trained with fewer of the same columns on these rows: the difference is then not
 * normal (Demler, Pencina & D'Agostino 2012). On rows that neither was trained on it is right.
 *
 * @param first `[n]`
 * @param second `[n]` of the same rows
 * @param labels `[n]` 0 or 1, at least two of each
 * @returns `constant` when the two order the rows alike, so that there is nothing to test; else as `rocAucInterval`
 * @throws RapportError `metrics.confidence`, and as `rocAuc`
 *
 * Cost: O(n), two radix sorts.
 * Source: DeLong, DeLong & Clarke-Pearson, Biometrics 44, 1988; by mid-ranks as Sun & Xu, 2014.
 *
 * @example
 * rocAucDifference([0.1, 0.4, 0.35, 0.8], [0.1, 0.2, 0.35, 0.8], [0, 0, 1, 1]) // value −0.25
 */
export function rocAucDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  labels: ArrayLike<number>,
  { confidence = 0.95, ...options }: AucIntervalOptions = {},
): AucDifference | { readonly defined: false; readonly because: MetricGap } {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RapportError('metrics.confidence', `confidence must be between 0 and 1, got ${confidence}`)
  }
  const rows = scoredRows(first, labels, options)
  const others = scoredRows(second, labels, options)
  const gap = spreadGap(rows)
  if (gap) return { defined: false, because: gap }
  const [own, other] = [placementsOf(rows), placementsOf(others)]
  const [area, otherArea] = [meanPlacement(own.positive), meanPlacement(other.positive)]
  const value = area - otherArea
  const variance = meanVariance(apart(own.positive, other.positive)) + meanVariance(apart(own.negative, other.negative))
  if (!(variance > 0)) return { defined: false, because: 'constant' }
  const standardError = Math.sqrt(variance)
  const half = normalQuantile((1 + confidence) / 2) * standardError
  const z = value / standardError
  return {
    defined: true,
    first: area,
    second: otherArea,
    value,
    standardError,
    low: value - half,
    high: value + half,
    z,
    pValue: 2 * normalCdf(-Math.abs(z)),
  }
}

const apart = ({ shares, weights }: PlacedClass, other: PlacedClass): PlacedClass => ({
  shares: shares.map((share, at) => share - other.shares[at]!),
  weights,
})
