import { checkList, RapportError } from '@rapport/numerics'
import { checkTotalWeight } from '../linear/checked-numbers.ts'

/** Why a metric has no value. */
export type MetricGap =
  /** There are no rows, or none with weight. */
  | 'no-rows'
  /** Only one class is present where the metric compares two. */
  | 'one-class'
  /** Nothing was predicted positive, so its precision is not defined. */
  | 'no-predicted-positives'
  /** One of the two sides has the same value in every row. */
  | 'constant'

/** A metric that may not be defined for the data at hand: a value, or the reason that there is none. */
export type Metric =
  | { readonly defined: true; readonly value: number }
  | { readonly defined: false; readonly because: MetricGap }

export const defined = (value: number): Metric => ({ defined: true, value })
export const missing = (because: MetricGap): Metric => ({ defined: false, because })

/**
 * The value of a metric where the caller knows that it exists.
 *
 * @throws RapportError `metrics.undefined` when it does not
 *
 * @example
 * metricValue(rocAuc([0.1, 0.9], [0, 1])) // 1
 */
export function metricValue(metric: Metric): number {
  if (!metric.defined) throw new RapportError('metrics.undefined', `metric must be defined, got ${metric.because}`)
  return metric.value
}

export interface MetricOptions {
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/** Rows of a binary metric, checked. */
export interface ScoredRows {
  readonly n: number
  readonly scores: Float64Array
  readonly labels: Uint8Array
  readonly weights: Float64Array
  /** Weight of class 1. */
  readonly positives: number
  /** Weight of class 0. */
  readonly negatives: number
}

/**
 * Checks what a binary metric was given.
 *
 * @throws RapportError `metrics.lengths`, `metrics.scores` (NaN), `metrics.labels` (not 0 or 1), `metrics.weights`
 */
export function scoredRows(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  { weights }: MetricOptions = {},
): ScoredRows {
  checkList('metrics.scores', 'scores', scores)
  checkList('metrics.labels', 'labels', labels)
  if (weights !== undefined) checkList('metrics.weights', 'weights', weights)
  const n = scores.length
  if (labels.length !== n || (weights !== undefined && weights.length !== n)) {
    throw new RapportError(
      'metrics.lengths',
      `scores, labels and weights must have one length, got ${n}, ${labels.length} and ${weights?.length ?? n}`,
    )
  }
  const rows = { n, scores: new Float64Array(n), labels: new Uint8Array(n), weights: new Float64Array(n) }
  const totals = [0, 0]
  for (let row = 0; row < n; row += 1) {
    const score = scores[row]!
    const label = labels[row]!
    const weight = weights === undefined ? 1 : weights[row]!
    if (Number.isNaN(score))
      throw new RapportError('metrics.scores', `every score must be a number, got NaN at row ${row}`)
    if (label !== 0 && label !== 1) {
      throw new RapportError('metrics.labels', `every label must be 0 or 1, got ${label} at row ${row}`)
    }
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RapportError('metrics.weights', `every weight must be finite and ≥ 0, got ${weight} at row ${row}`)
    }
    rows.scores[row] = score
    rows.labels[row] = label
    rows.weights[row] = weight
    totals[label]! += weight
  }
  checkTotalWeight('metrics.weights', rows.weights)
  return { ...rows, negatives: totals[0]!, positives: totals[1]! }
}

/** The reason why rows cannot be ranked by class, if there is one. */
export function classGap({ positives, negatives }: ScoredRows): MetricGap | undefined {
  if (positives + negatives === 0) return 'no-rows'
  return positives === 0 || negatives === 0 ? 'one-class' : undefined
}
