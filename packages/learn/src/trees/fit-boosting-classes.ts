import { type Matrix, RapportError, seededRandom, type Work } from '@rapport/numerics'
import { boost } from './boost.ts'
import type { BoostingClassesModel } from './boosting-model.ts'
import { type BoostingOptions, checkBoosting } from './boosting-options.ts'
import { holdBack } from './early-stopping.ts'
import { softmaxLoss } from './objectives/softmax-loss.ts'
import { startOf } from './start.ts'
import { countClasses } from './target-checks.ts'

export interface ClassesBoostingOptions extends Omit<BoostingOptions, 'monotone'> {
  /** Goes on from this model of the same classes, as one longer run would: `rounds` more trees, with its bins. Default: from nothing. */
  readonly start?: BoostingClassesModel
}

/**
 * Gradient boosted trees for several classes: the next category, the reason of a return.
 *
 * One tree a class and round, on the log loss of the softmax, with the steps of Friedman and LightGBM: (K − 1) / K as long
 * as those of scikit-learn's HistGradientBoostingClassifier. For two classes `fitBoosting` needs half the trees.
 *
 * @param data `[n × d]`; NaN is missing, infinite values are allowed
 * @param labels `[n]` numbers of classes, 0 … classes − 1, each of them there with a weight above 0; 2 to 1,000 classes
 * @throws RapportError `boosting.data`, `boosting.labels`, `boosting.weights`, `boosting.options` for arguments out of
 * range, `boosting.categories`, `boosting.start` for a model that cannot be gone on from, `work.aborted`
 *
 * Cost: that of `fitBoosting` times the number of classes, and 16 bytes a row and class.
 * Source: Friedman, "Greedy function approximation", Annals of Statistics 29(5), 2001, algorithm 6; Ke et al.,
 * "LightGBM", NIPS 2017.
 *
 * @example
 * const model = await fitBoostingClasses(customers, nextCategory, { seed: 1 })
 * predictBoostingClasses(model, customersOfToday) // [n × classes], rows sum to 1
 */
export async function fitBoostingClasses(
  data: Matrix,
  labels: ArrayLike<number>,
  options: ClassesBoostingOptions,
  work?: Work,
): Promise<BoostingClassesModel> {
  const settings = checkBoosting(data, options)
  const classes = countClasses(labels, options.weights, data.rows)
  const { start } = options
  if (start && start.classes !== classes) {
    throw new RapportError('boosting.start', `start must have the ${classes} classes of labels, got ${start.classes}`)
  }
  const found = await boost(
    {
      data,
      targets: labels,
      weights: options.weights,
      objectiveOf: (rows) => softmaxLoss(rows, classes),
      holdBack: (share) => holdBack(labels, classes, share, seededRandom(settings.seed).fork(1)),
      start: start && startOf(start, start.baselines, settings, data),
    },
    settings,
    work,
  )
  return { kind: 'boosting-classes', classes, columns: data.columns, ...found }
}
