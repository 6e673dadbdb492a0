import { type Matrix, matrix, RapportError } from '@rapport/numerics'
import { checkColumns } from '../predict-boosting.ts'
import { encodeRows, leafOf, rowsOfBlock } from '../tree-walk.ts'
import type { ForestModel } from './forest-model.ts'

/**
 * The probability of each class for each row: the mean of the trees' shares.
 *
 * @param data `[n × columns of the model]`; NaN is missing
 * @returns `[n × classes]`, each row summing to 1
 * @throws RapportError `boosting.columns` when the number of columns is not the model's, `forest.target` when it predicts
 * a number
 */
export function predictForest(model: ForestModel, data: Matrix): Matrix {
  const { classes, outputs } = model
  if (classes === undefined) {
    throw new RapportError('forest.target', 'predictForest needs a forest for classes, got one for a number')
  }
  const means = forestMeans(model, data)
  if (outputs > 1) return matrix(data.rows, classes, means)
  const probabilities = matrix(data.rows, 2)
  means.forEach((share, row) => {
    probabilities.values[2 * row] = 1 - share
    probabilities.values[2 * row + 1] = share
  })
  return probabilities
}

/**
 * The number expected for each row: the mean of what the trees say.
 *
 * @param data `[n × columns of the model]`; NaN is missing
 * @returns `[n]`
 * @throws RapportError `boosting.columns` when the number of columns is not the model's, `forest.target` when it predicts
 * classes
 */
export function predictForestRegression(model: ForestModel, data: Matrix): Float64Array {
  if (model.classes === undefined) return forestMeans(model, data)
  throw new RapportError(
    'forest.target',
    `predictForestRegression needs a forest for a number, got one for ${model.classes} classes`,
  )
}

/** `[n × outputs]` the mean of what the trees' leaves hold. */
export function forestMeans(
  model: Pick<ForestModel, 'columns' | 'trees' | 'bins' | 'outputs'>,
  data: Matrix,
): Float64Array {
  checkColumns(model, data)
  const { trees, bins, outputs } = model
  const { rows, columns, values } = data
  const count = trees.starts.length - 1
  const sums = new Float64Array(rows * outputs)
  const block = new Float64Array(rowsOfBlock * columns)
  for (let from = 0; from < rows; from += rowsOfBlock) {
    const to = Math.min(rows, from + rowsOfBlock)
    encodeRows(values, from, to, bins, block)
    for (let tree = 0; tree < count; tree += 1) {
      const root = trees.starts[tree]!
      for (let row = from; row < to; row += 1) {
        const leaf = leafOf(trees, root, block, (row - from) * columns)
        for (let output = 0; output < outputs; output += 1) {
          sums[row * outputs + output]! += trees.values[leaf * outputs + output]!
        }
      }
    }
  }
  return sums.map((sum) => sum / count)
}
