import { type Matrix, RapportError } from '@rapport/numerics'
import type { BoostingModel, TreeNodes } from './boosting-model.ts'
import { encodeRows, leafOf, rowsOfBlock } from './tree-walk.ts'

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
  return predictBoostingMargin(model, data).map((margin) => 1 / (1 + Math.exp(-margin)))
}

/**
 * The log odds of a 1 for each row: the baseline plus what each tree adds.
 *
 * @throws RapportError `boosting.columns` when the number of columns is not the model's
 */
export function predictBoostingMargin(model: BoostingModel, data: Matrix): Float64Array {
  checkColumns(model, data)
  const margins = new Float64Array(data.rows).fill(model.baseline)
  addTrees(model, model.trees, data, margins)
  return margins
}

/** @throws RapportError `boosting.columns` when the number of columns is not the model's */
export function checkColumns(model: BoostingModel, data: Matrix): void {
  if (data.columns === model.columns) return
  throw new RapportError(
    'boosting.columns',
    `data must have the ${model.columns} columns that the model was fitted on, got ${data.columns}`,
  )
}

/** Adds what each of `trees` says about each row. */
export function addTrees(
  { bins }: Pick<BoostingModel, 'bins'>,
  trees: TreeNodes,
  { rows, columns, values }: Matrix,
  margins: Float64Array,
): void {
  const block = new Float64Array(rowsOfBlock * columns)
  for (let from = 0; from < rows; from += rowsOfBlock) {
    const to = Math.min(rows, from + rowsOfBlock)
    encodeRows(values, from, to, bins, block)
    for (let tree = 0; tree < trees.starts.length - 1; tree += 1) {
      const root = trees.starts[tree]!
      for (let row = from; row < to; row += 1) {
        margins[row]! += trees.values[leafOf(trees, root, block, (row - from) * columns)]!
      }
    }
  }
}
