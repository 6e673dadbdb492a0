import {
  classGap,
  defined,
  type Metric,
  type MetricGap,
  type MetricOptions,
  missing,
  type ScoredRows,
  scoredRows,
} from './metric.ts'
import { ascendingOrder } from './order.ts'

/** Weights caught when everything from a score upwards is called positive; one entry for each different score. */
interface Steps {
  /** `[k]` falling. */
  readonly thresholds: Float64Array
  /** `[k]` weight of class 1 at or above the threshold. */
  readonly truePositives: Float64Array
  /** `[k]` weight of class 0 at or above the threshold. */
  readonly falsePositives: Float64Array
}

/** A ROC curve from (0, 0) to (1, 1). */
export interface RocCurve {
  readonly defined: true
  /** `[k + 1]` rising. */
  readonly falsePositiveRates: Float64Array
  /** `[k + 1]` rising. */
  readonly truePositiveRates: Float64Array
  /** `[k + 1]` falling from Infinity: scores at or above it are called positive. */
  readonly thresholds: Float64Array
}

/** A precision-recall curve from the highest threshold down. */
export interface PrecisionRecallCurve {
  readonly defined: true
  /** `[k]` */
  readonly precisions: Float64Array
  /** `[k]` rising to 1. */
  readonly recalls: Float64Array
  /** `[k]` falling. */
  readonly thresholds: Float64Array
}

/** A curve that the data do not have, and why. */
export interface NoCurve {
  readonly defined: false
  readonly because: MetricGap
}

/**
 * The area under the ROC curve: the chance that a random row of class 1 scores above a random row of class 0, ties
 * counting half.
 *
 * @param scores `[n]` any numbers, higher for class 1
 * @param labels `[n]` 0 or 1
 * @returns 0 … 1, or the reason that there is none: one class only is never 0.5
 * @throws RapportError `metrics.lengths`, `metrics.scores`, `metrics.labels`, `metrics.weights`
 *
 * Cost: O(n), a radix sort.
 * Source: Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27(8), 2006. As scikit-learn's
 * `roc_auc_score`.
 *
 * @example
 * rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) // { defined: true, value: 0.75 }
 */
export function rocAuc(scores: ArrayLike<number>, labels: ArrayLike<number>, options: MetricOptions = {}): Metric {
  const rows = scoredRows(scores, labels, options)
  const gap = classGap(rows)
  if (gap) return missing(gap)
  const { truePositives, falsePositives } = stepsOf(rows)
  let area = 0
  let true0 = 0
  let false0 = 0
  for (let at = 0; at < truePositives.length; at += 1) {
    area += (falsePositives[at]! - false0) * (truePositives[at]! + true0)
    true0 = truePositives[at]!
    false0 = falsePositives[at]!
  }
  return defined(area / (2 * true0 * false0))
}

/**
 * The area under the precision-recall curve as average precision: Σ (recallᵢ − recallᵢ₋₁) precisionᵢ.
 *
 * Without interpolation between points, which would flatter. A useless score gets the share of class 1.
 *
 * @returns 0 … 1, or the reason that there is none
 * @throws RapportError as `rocAuc`
 *
 * Source: as scikit-learn's `average_precision_score`.
 *
 * @example
 * prAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) // { defined: true, value: 0.8333333333333333 }
 */
export function prAuc(scores: ArrayLike<number>, labels: ArrayLike<number>, options: MetricOptions = {}): Metric {
  const rows = scoredRows(scores, labels, options)
  const gap = classGap(rows)
  if (gap) return missing(gap)
  const { truePositives, falsePositives } = stepsOf(rows)
  let area = 0
  let before = 0
  for (let at = 0; at < truePositives.length; at += 1) {
    const caught = truePositives[at]!
    if (caught > before) area += ((caught - before) * caught) / (caught + falsePositives[at]!)
    before = caught
  }
  return defined(area / rows.positives)
}

/**
 * The ROC curve, a point for each different score.
 *
 * @throws RapportError as `rocAuc`
 *
 * @example
 * rocCurve([0.2, 0.8], [0, 1]) // falsePositiveRates [0, 0, 1], truePositiveRates [0, 1, 1], thresholds [Infinity, 0.8, 0.2]
 */
export function rocCurve(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: MetricOptions = {},
): RocCurve | NoCurve {
  const rows = scoredRows(scores, labels, options)
  const gap = classGap(rows)
  if (gap) return { defined: false, because: gap }
  const { truePositives, falsePositives, thresholds } = stepsOf(rows)
  return {
    defined: true,
    falsePositiveRates: after(
      0,
      falsePositives.map((weight) => weight / rows.negatives),
    ),
    truePositiveRates: after(
      0,
      truePositives.map((weight) => weight / rows.positives),
    ),
    thresholds: after(Infinity, thresholds),
  }
}

/**
 * Precision and recall at each different score.
 *
 * @throws RapportError as `rocAuc`
 */
export function prCurve(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: MetricOptions = {},
): PrecisionRecallCurve | NoCurve {
  const rows = scoredRows(scores, labels, options)
  const gap = classGap(rows)
  if (gap) return { defined: false, because: gap }
  const { truePositives, falsePositives, thresholds } = stepsOf(rows)
  return {
    defined: true,
    precisions: truePositives.map((weight, at) => weight / (weight + falsePositives[at]!)),
    recalls: truePositives.map((weight) => weight / rows.positives),
    thresholds,
  }
}

/** A curve's values behind its starting point. */
function after(start: number, values: Float64Array): Float64Array {
  const joined = new Float64Array(values.length + 1)
  joined[0] = start
  joined.set(values, 1)
  return joined
}

/** Rows without weight take no part, so a score that only they have makes no step. */
function stepsOf({ scores, labels, weights }: ScoredRows): Steps {
  const order = ascendingOrder(scores)
  const thresholds: number[] = []
  const truePositives: number[] = []
  const falsePositives: number[] = []
  let true0 = 0
  let false0 = 0
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const row = order[at]!
    if (weights[row] === 0) continue
    if (labels[row] === 1) true0 += weights[row]!
    else false0 += weights[row]!
    const last = thresholds.length - 1
    const place = thresholds[last] === scores[row] ? last : last + 1
    thresholds[place] = scores[row]!
    truePositives[place] = true0
    falsePositives[place] = false0
  }
  return {
    thresholds: Float64Array.from(thresholds),
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
  }
}
