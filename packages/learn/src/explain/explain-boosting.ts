import type { Matrix, Work } from '@rapport/numerics'
import type {
  BoostingClassesModel,
  BoostingModel,
  BoostingRankingModel,
  BoostingRegressionModel,
} from '../trees/boosting-model.ts'
import { explainTrees, type PredictionExplanation } from './explain-trees.ts'

/**
 * The exact contribution of each column to each row's margin (TreeSHAP, path-dependent): to its log odds where the target
 * is yes or no, to its prediction or the prediction's logarithm where it is a number.
 *
 * A column's contribution is its Shapley value: its share of the difference from `base`, averaged over the orders in
 * which columns could become known. Unknown columns are averaged over the training rows that came by a node, each row
 * counting once whatever its weight. It tells how the model came to its margin, not what would happen if the value were
 * changed.
 *
 * @param data `[n × columns of the model]`; NaN is missing
 * @throws RapportError `boosting.columns` when the number of columns is not the model's, `work.aborted`
 *
 * Cost: O(leaves · depth) a tree and row; of trees of up to 9 leaves once for each way that rows take.
 * Source: Lundberg et al., Nature Machine Intelligence 2, 2020, algorithm 2.
 *
 * @example
 * const { base, contributions } = explainBoosting(model, customers)
 * base + rowOf(contributions, 0).reduce((sum, part) => sum + part, 0) // predictBoostingMargin(model, customers)[0]
 */
export function explainBoosting(
  model: BoostingModel | BoostingRankingModel | BoostingRegressionModel,
  data: Matrix,
  work?: Work,
): PredictionExplanation {
  return explainTrees({ ...model, base: model.baseline, outputs: 1, scale: 1 }, data, work)[0]!
}

/**
 * The same for several classes.
 *
 * @returns one explanation a class, of its margin: the logarithm of its probability, but for what is the same for all
 * classes of a row
 * @throws RapportError `boosting.columns` when the number of columns is not the model's, `work.aborted`
 */
export function explainBoostingClasses(
  model: BoostingClassesModel,
  data: Matrix,
  work?: Work,
): PredictionExplanation[] {
  const explained = explainTrees({ ...model, base: 0, outputs: model.classes, scale: 1 }, data, work)
  return explained.map(({ base, contributions }, output) => ({ base: base + model.baselines[output]!, contributions }))
}
