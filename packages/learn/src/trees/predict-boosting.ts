import { type Matrix, matrix, RapportError } from '@rapport/numerics'
import type {
  BoostingClassesModel,
  BoostingModel,
  BoostingRankingModel,
  BoostingRegressionModel,
  ColumnBins,
  TreeNodes,
} from './boosting-model.ts'
import { hasLogLink } from './objectives/regression-loss.ts'
import { softmaxInto } from './objectives/softmax-loss.ts'
import { addTreesToBlocks } from './packed/add-trees-to-blocks.ts'
import { addTreesToRow } from './packed/add-trees-to-row.ts'
import { forEachLeaf, rowsOfBlock } from './tree-walk.ts'

/**
 * The probability of a 1 for each row.
 *
 * Works on raw values: a missing value, or a category that training never saw, goes where training sent missing values,
 * or with the larger child where it had none.
 *
 * @param data `[n × columns of the model]`; NaN is missing
 * @returns `[n]` in (0, 1)
 * @throws RapportError `boosting.columns` when the number of columns is not the model's
 *
 * Cost: O(n · rounds · depth).
 *
 * @example
 * const model = await fitBoosting(matrixFromRows([[1], [2], [3], [4]]), [0, 0, 1, 1], { rowsPerLeafMin: 1, seed: 1 })
 * predictBoosting(model, matrixFromRows([[0], [5]])) // near 0, near 1
 */
export function predictBoosting(model: BoostingModel, data: Matrix): Float64Array {
  const margins = predictBoostingMargin(model, data)
  for (let row = 0; row < margins.length; row += 1) margins[row] = 1 / (1 + Math.exp(-margins[row]!))
  return margins
}

/**
 * The margin of each row: the baseline plus what each tree adds. Log odds of a 1 for a yes-or-no target; the
 * prediction or its logarithm for a number; for an order, what to sort by.
 *
 * @throws RapportError `boosting.columns` when the number of columns is not the model's
 */
export function predictBoostingMargin(
  model: BoostingModel | BoostingRankingModel | BoostingRegressionModel,
  data: Matrix,
): Float64Array {
  checkColumns(model, data)
  const margins = new Float64Array(data.rows).fill(model.baseline)
  addTrees(model.bins, model.trees, data, margins)
  return margins
}

/**
 * The number expected for each row: the mean, the median or the quantile that the model's loss asks for.
 *
 * @param data `[n × columns of the model]`; NaN is missing
 * @returns `[n]`, above 0 for `poisson`, `gamma` and `tweedie`
 * @throws RapportError `boosting.columns` when the number of columns is not the model's
 */
export function predictBoostingRegression(model: BoostingRegressionModel, data: Matrix): Float64Array {
  const margins = predictBoostingMargin(model, data)
  return hasLogLink(model.loss) ? margins.map(Math.exp) : margins
}

/**
 * The probability of each class for each row.
 *
 * @param data `[n × columns of the model]`; NaN is missing
 * @returns `[n × classes]`, each row summing to 1
 * @throws RapportError `boosting.columns` when the number of columns is not the model's
 */
export function predictBoostingClasses(model: BoostingClassesModel, data: Matrix): Matrix {
  checkColumns(model, data)
  const { rows } = data
  const margins = marginsBefore(model.baselines, rows)
  addTrees(model.bins, model.trees, data, margins)
  const probabilities = matrix(rows, model.classes)
  for (let row = 0; row < rows; row += 1) {
    const own = probabilities.values.subarray(row * model.classes, (row + 1) * model.classes)
    softmaxInto(own, margins, row, rows)
  }
  return probabilities
}

/** @throws RapportError `boosting.columns` when the number of columns is not the model's */
export function checkColumns(model: { readonly columns: number }, data: Matrix): void {
  if (data.columns === model.columns) return
  throw new RapportError(
    'boosting.columns',
    `data must have the ${model.columns} columns that the model was fitted on, got ${data.columns}`,
  )
}

/** `[outputs × n]` margins before any tree, one output after the other. */
export function marginsBefore(baselines: Float64Array, rows: number): Float64Array {
  const margins = new Float64Array(baselines.length * rows)
  baselines.forEach((baseline, output) => {
    margins.fill(baseline, output * rows, (output + 1) * rows)
  })
  return margins
}

/**
 * Adds what each of `trees` says about each row.
 *
 * @param margins `[outputs × n]`; the trees take turns with the outputs
 */
export function addTrees(bins: ColumnBins, trees: TreeNodes, data: Matrix, margins: Float64Array): void {
  if (data.rows === 1 ? addTreesToRow(trees, data, margins) : addTreesToBlocks(bins, trees, data, margins)) return
  const { values } = trees
  const outputs = data.rows === 0 ? 1 : margins.length / data.rows
  forEachLeaf(trees, bins, data, rowsOfBlock, (tree, from, to, leaves, at) => {
    const shift = (tree % outputs) * data.rows
    for (let row = from; row < to; row += 1) margins[shift + row]! += values[leaves[at + row - from]!]!
  })
}
