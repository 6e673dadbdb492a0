import { RapportError } from '@rapport/numerics'
import { balancedAccuracyOf, kappaOf, matthewsOf } from './agreement.ts'
import { defined, type Metric, type MetricOptions, missing, scoredRows } from './metric.ts'

export interface ConfusionOptions extends MetricOptions {
  /** Scores at or above it are called positive. Default 0.5. */
  readonly threshold?: number
  /** How many times recall counts as much as precision in `fBeta`, above 0. Default 1. */
  readonly beta?: number
}

/** What calling scores at or above a threshold positive gets right and wrong. */
export interface Confusion {
  readonly threshold: number
  /** Weights of rows (counts without weights). */
  readonly truePositives: number
  readonly falsePositives: number
  readonly trueNegatives: number
  readonly falseNegatives: number
  /** Share of rows that are called what they are. */
  readonly accuracy: Metric
  /** Share of those called positive that are. */
  readonly precision: Metric
  /** Share of the positive that are called so. */
  readonly recall: Metric
  /** Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN). */
  readonly f1: Metric
  /** (1 + β²) TP / ((1 + β²) TP + β² FN + FP): F1 for β = 1, nearer to recall above it. */
  readonly fBeta: Metric
  /** Share of the negative that are not called positive. */
  readonly specificity: Metric
  /** Mean of recall and specificity: one half for a guess, however rare the positive. */
  readonly balancedAccuracy: Metric
  /** Matthews' correlation of called and actual, −1 … 1; `constant` when either has one class. */
  readonly matthews: Metric
  /** Cohen's kappa: agreement beyond chance, 1 at best; `constant` when there is one class on both sides. */
  readonly kappa: Metric
}

/**
 * The confusion matrix at a threshold and the metrics read from it.
 *
 * @param scores `[n]`
 * @param labels `[n]` 0 or 1
 * @throws RapportError `metrics.beta`, `metrics.lengths`, `metrics.scores`, `metrics.labels`, `metrics.weights`
 *
 * Source: van Rijsbergen, *Information retrieval*, 2nd ed. 1979 (F); Matthews, Biochim. Biophys. Acta 405, 1975; Cohen, 1960.
 *
 * @example
 * confusion([0.9, 0.6, 0.2], [1, 0, 0]).precision // { defined: true, value: 0.5 }
 */
export function confusion(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  { threshold = 0.5, beta = 1, ...options }: ConfusionOptions = {},
): Confusion {
  if (!(beta > 0 && beta < Infinity)) {
    throw new RapportError('metrics.beta', `beta must be finite and above 0, got ${beta}`)
  }
  const rows = scoredRows(scores, labels, options)
  let truePositives = 0
  let falsePositives = 0
  for (let row = 0; row < rows.n; row += 1) {
    if (rows.scores[row]! < threshold) continue
    if (rows.labels[row] === 1) truePositives += rows.weights[row]!
    else falsePositives += rows.weights[row]!
  }
  const falseNegatives = rows.positives - truePositives
  const trueNegatives = rows.negatives - falsePositives
  const total = rows.positives + rows.negatives
  const called = truePositives + falsePositives
  const share = (part: number, of: number, because: 'no-rows' | 'one-class' | 'no-predicted-positives'): Metric =>
    of > 0 ? defined(part / of) : missing(total > 0 ? because : 'no-rows')
  const table = [trueNegatives, falsePositives, falseNegatives, truePositives]
  const moved = beta * beta
  return {
    threshold,
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives,
    accuracy: share(truePositives + trueNegatives, total, 'no-rows'),
    precision: share(truePositives, called, 'no-predicted-positives'),
    recall: share(truePositives, rows.positives, 'one-class'),
    f1: share(2 * truePositives, called + rows.positives, 'one-class'),
    fBeta: share((1 + moved) * truePositives, called + moved * rows.positives, 'one-class'),
    specificity: share(trueNegatives, rows.negatives, 'one-class'),
    balancedAccuracy: balancedAccuracyOf(table, 2),
    matthews: matthewsOf(table, 2),
    kappa: kappaOf(table, 2),
  }
}
