import { type Matrix, seededRandom, type Work } from '@rapport/numerics'
import { boost } from './boost.ts'
import type { BoostingModel } from './boosting-model.ts'
import { type BoostingOptions, checkBoosting, checkLabels } from './boosting-options.ts'
import { holdBack } from './early-stopping.ts'
import { logisticLoss } from './objectives/logistic-loss.ts'
import { startOf } from './start.ts'

export interface BinaryBoostingOptions extends BoostingOptions {
  /** Goes on from this model, as one longer run would: `rounds` more trees, with its bins. Default: from nothing. */
  readonly start?: BoostingModel
}

/**
 * Gradient boosted trees for a yes-or-no target, on values put into at most 255 bins.
 *
 * The algorithm is that of scikit-learn's HistGradientBoostingClassifier, split for split: where no column has more
 * than `binsMax` distinct values, predictions agree to 1e-6. Missing values (NaN) learn their own side at each split,
 * and categories are split as sets. With early stopping, rows are drawn by our own generator and the rounds after the
 * best are left out, so there the two differ.
 *
 * @param data `[n × d]`; NaN is missing, infinite values are allowed
 * @param labels `[n]` each 0 or 1
 * @returns a model with one tree a round; without any possible split, each is a single leaf of value 0
 * @throws RapportError `boosting.data`, `boosting.labels`, `boosting.weights`, `boosting.options` for arguments out of
 * range, `boosting.one-class` when there are no rows of one class to learn from, `boosting.categories` when a
 * categorical column has more than `binsMax` categories, `boosting.start` for a model that cannot be gone on from,
 * `work.aborted`
 *
 * Cost: O(n · d · depth) a round, 1 byte per value and about 40 a row.
 * Source: Ke et al., "LightGBM: a highly efficient gradient boosting decision tree", NIPS 2017; Chen & Guestrin,
 * "XGBoost: a scalable tree boosting system", KDD 2016, equations 5 to 7; Fisher, "On grouping for maximum
 * homogeneity", JASA 53, 1958, for categories.
 *
 * @example
 * const model = await fitBoosting(data, churned, { categorical: [3, 4], seed: 1 })
 * predictBoosting(model, customersOfToday)
 */
export async function fitBoosting(
  data: Matrix,
  labels: ArrayLike<number>,
  options: BinaryBoostingOptions,
  work?: Work,
): Promise<BoostingModel> {
  const { start } = options
  const settings = checkBoosting(data, options)
  checkLabels(labels, options.weights, data.rows)
  const { bins, baselines, rounds, trees } = await boost(
    {
      data,
      targets: labels,
      weights: options.weights,
      objectiveOf: logisticLoss,
      holdBack: (share) => holdBack(labels, 2, share, seededRandom(settings.seed).fork(1)),
      start: start && startOf(start, [start.baseline], settings, data),
    },
    settings,
    work,
  )
  return { kind: 'boosting', columns: data.columns, bins, baseline: baselines[0]!, rounds, trees }
}
