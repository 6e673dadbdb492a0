import { type Matrix, matrix, RapportError } from '@rapport/numerics'
import { checkColumns } from '../predict-boosting.ts'
import { forEachLeaf } from '../tree-walk.ts'
import type { ForestModel } from './forest-model.ts'

/** A forest's trees are large: many rows ask one before the next takes its place in the cache. */
const rowsOfForestBlock = 2048

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
  const sums = new Float64Array(data.rows * outputs)
  forEachLeaf(trees, bins, data, rowsOfForestBlock, (_, from, to, leaves, at) => {
    for (let row = from; row < to; row += 1) {
      const leaf = leaves[at + row - from]!
      for (let output = 0; output < outputs; output += 1) {
        sums[row * outputs + output]! += trees.values[leaf * outputs + output]!
      }
    }
  })
  const count = trees.starts.length - 1
  return sums.map((sum) => sum / count)
}
