import type { Matrix, Work } from '@rapport/numerics'
import type { ForestModel } from '../trees/forest/forest-model.ts'
import { explainTrees, type PredictionExplanation } from './explain-trees.ts'

/**
 * The exact contribution of each column to what a forest, or a single tree, says of each row (TreeSHAP); see
 * `explainBoosting`. Contributions are in the unit of the prediction: probabilities for classes.
 *
 * @param data `[n × columns of the model]`; NaN is missing
 * @returns one explanation for a number, and one for two classes, of class 1; else one a class
 * @throws RapportError `boosting.columns` when the number of columns is not the model's, `work.aborted`
 *
 * Cost: O(leaves · depth) a tree and row, which is much for trees grown to the end: explain few rows, or set
 * `rowsPerLeafMin`.
 *
 * @example
 * const [{ base, contributions }] = explainForest(model, customers)
 * base + rowOf(contributions, 0).reduce((sum, part) => sum + part, 0) // the first customer's probability of class 1
 */
export function explainForest(model: ForestModel, data: Matrix, work?: Work): PredictionExplanation[] {
  return explainTrees({ ...model, base: 0, scale: 1 / (model.trees.starts.length - 1) }, data, work)
}
