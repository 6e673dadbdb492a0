import { type Matrix, seededRandom, type Work } from '@rapport/numerics'
import { boost } from './boost.ts'
import type { BoostingClassesModel } from './boosting-model.ts'
import { type BoostingOptions, checkBoosting } from './boosting-options.ts'
import { holdBack } from './early-stopping.ts'
import { softmaxLoss } from './objectives/softmax-loss.ts'
import { countClasses } from './target-checks.ts'

/**
 * Gradient boosted trees for several classes: the next category, the reason of a return.
 *
 * One tree a class and round, on the log loss of the softmax. The algorithm is that of scikit-learn's
 * HistGradientBoostingClassifier; for two classes `fitBoosting` needs half the trees.
 *
 * @param data `[n × d]`; NaN is missing, infinite values are allowed
 * @param labels `[n]` numbers of classes, 0 … classes − 1, each of them there with a weight above 0; 2 to 1,000 classes
 * @throws RapportError `boosting.data`, `boosting.labels`, `boosting.weights`, `boosting.options` for arguments out of
 * range, `boosting.categories`, `work.aborted`
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
  options: Omit<BoostingOptions, 'monotone'>,
  work?: Work,
): Promise<BoostingClassesModel> {
  const settings = checkBoosting(data, options)
  const classes = countClasses(labels, options.weights, data.rows)
  const found = await boost(
    {
      data,
      targets: labels,
      weights: options.weights,
      objectiveOf: (rows) => softmaxLoss(rows, classes),
      holdBack: (share) => holdBack(labels, classes, share, seededRandom(settings.seed).fork(1)),
    },
    settings,
    work,
  )
  return { kind: 'boosting-classes', classes, columns: data.columns, ...found }
}
