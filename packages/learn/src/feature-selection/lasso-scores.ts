import { type Matrix, matrix, RapportError, rowOf, stopIfAborted, takeRows, type Work } from '@rapport/numerics'
import { chooseElasticNet, fitElasticNet, fitLogistic, predictLogistic } from '../linear/index.ts'
import { logLoss, metricValue } from '../metrics/index.ts'
import { applyScaling, fitScaling, meanAndDeviation } from '../preparation/scaling.ts'
import { kFold, stratifiedKFold } from '../selection/folds.ts'

export interface LassoScoreOptions {
  /** Whether targets are labels of 0 and 1 or amounts. */
  readonly task: 'classes' | 'amounts'
  /**
   * Strength of the absolute penalty: as `fitLogistic`'s for classes (scikit-learn's 1 / C) or `fitElasticNet`'s for amounts.
   * Default: the strongest whose cross-validated error is within one standard error of the smallest.
   */
  readonly penalty?: number
  /** For the folds of the cross-validation. */
  readonly seed: number
}

const foldCount = 5
const penaltyCount = 20

/**
 * The size of each column's coefficient under an absolute penalty, columns brought to one scale: 0 for those that a linear
 * model does without.
 *
 * Of columns that say the same it keeps one, hardly predictable which; look at `informationValue` or `mutualInformation` for
 * what each says alone.
 *
 * @param data `[n × d]` finite
 * @param targets `[n]`
 * @returns `[d]` ≥ 0, for `selectColumns(scores, { above: 0 })`
 * @throws RapportError `lasso-scores.targets` when classes are too few for five folds, and those of the fits
 *
 * Cost: that of one fit; without a penalty given, some hundred fits.
 * Source: Tibshirani, "Regression shrinkage and selection via the lasso", J. Royal Statistical Society B 58(1), 1996.
 */
export function lassoScores(
  data: Matrix,
  targets: ArrayLike<number>,
  { task, penalty, seed }: LassoScoreOptions,
  work?: Work,
): Float64Array {
  const scaled = applyScaling(fitScaling(data), data)
  if (task === 'amounts') {
    if (penalty !== undefined) return fitElasticNet(scaled, targets, { penalty, l1Share: 1 }).coefficients.map(Math.abs)
    const folds = kFold(data.rows, { folds: foldCount, seed })
    const { model } = chooseElasticNet(scaled, targets, folds, { l1Shares: [1], rule: 'one-error' }, work)
    return model.coefficients.map(Math.abs)
  }
  const chosen = penalty ?? chooseLogisticPenalty(scaled, targets, seed, work)
  return fitLogistic(scaled, targets, { penalty: chosen, l1Share: 1 }, work).coefficients.map(Math.abs)
}

function chooseLogisticPenalty(data: Matrix, labels: ArrayLike<number>, seed: number, work: Work | undefined): number {
  const rarer = rarerClass(labels)
  if (rarer < foldCount) {
    throw new RapportError(
      'lasso-scores.targets',
      `each class must have at least ${foldCount} rows for a penalty to be chosen, got ${rarer}`,
    )
  }
  const strongest = leastPenaltyOfNone(data, labels)
  const penalties = Array.from({ length: penaltyCount }, (_, at) => strongest * 100 ** (-at / (penaltyCount - 1)))
  const losses = matrix(penaltyCount, foldCount)
  const quiet = work && { ...work, onProgress: () => {} }
  for (const [fold, { train, test }] of stratifiedKFold(labels, { folds: foldCount, seed }).entries()) {
    const own = takeRows(data, train)
    const held = takeRows(data, test)
    const ownLabels = Array.from(train, (row) => labels[row]!)
    const heldLabels = Array.from(test, (row) => labels[row]!)
    penalties.forEach((penalty, at) => {
      stopIfAborted(work)
      // Fewer rows, so the penalty, which stands beside a sum over rows, shrinks with them.
      const options = { penalty: (penalty * train.length) / data.rows, l1Share: 1 }
      const model = fitLogistic(own, ownLabels, options, quiet)
      losses.values[at * foldCount + fold] = metricValue(logLoss(predictLogistic(model, held), heldLabels))
    })
    work?.onProgress?.({ stage: 'penalty fold', done: fold + 1, total: foldCount })
  }
  return penalties[strongestWithinOneError(losses)]!
}

/** The penalty from which on every coefficient is 0: the steepest slope of the log loss at the mean. */
function leastPenaltyOfNone(data: Matrix, labels: ArrayLike<number>): number {
  let mean = 0
  for (let row = 0; row < data.rows; row += 1) mean += labels[row]! / data.rows
  const slopes = new Float64Array(data.columns)
  for (let row = 0, at = 0; row < data.rows; row += 1) {
    for (let column = 0; column < data.columns; column += 1, at += 1) {
      slopes[column]! += data.values[at]! * (labels[row]! - mean)
    }
  }
  return slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0)
}

/** The first row, of the strongest penalty, whose mean is within one standard error of the smallest mean. */
function strongestWithinOneError(losses: Matrix): number {
  const rows = Array.from({ length: losses.rows }, (_, at) => meanAndDeviation(Float64Array.from(rowOf(losses, at))))
  const best = rows.reduce((least, row) => (row.centre < least.centre ? row : least))
  // The spread is that of a population: over √(k − 1) it is the standard error of the mean of k.
  const error = best.spread / Math.sqrt(losses.columns - 1)
  return rows.findIndex(({ centre }) => centre <= best.centre + error)
}

function rarerClass(labels: ArrayLike<number>): number {
  let ones = 0
  for (let row = 0; row < labels.length; row += 1) ones += labels[row] === 1 ? 1 : 0
  return Math.min(ones, labels.length - ones)
}
