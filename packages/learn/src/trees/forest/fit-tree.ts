import type { Matrix, Work } from '@rapport/numerics'
import { checkMatrix } from '@rapport/numerics'
import { fitForest, fitForestRegression } from './fit-forest.ts'
import type { ForestModel } from './forest-model.ts'
import type { ForestOptions } from './forest-options.ts'
import { checkPenalty, pruneTree } from './prune-tree.ts'

export interface TreeOptions
  extends Pick<ForestOptions, 'rowsPerLeafMin' | 'depthMax' | 'binsMax' | 'categorical' | 'weights' | 'seed'> {
  /**
   * What a leaf must be worth, 0 or more: by how much it lowers the mean Gini impurity, or the mean squared error, of a
   * training row. Leaves that are not are pruned. Default: none are.
   */
  readonly penalty?: number
}

/**
 * One classification tree (CART), pruned by cost and complexity: rules that can be read.
 *
 * A forest of a single tree that sees all rows and looks at all columns, so all that is done with a forest can be done
 * with it. Choose `penalty` by cross-validation; for accuracy take a forest or boosting.
 *
 * @param labels `[n]` numbers of classes, 0 … classes − 1
 * @throws RapportError as `fitForest`
 *
 * Source: Breiman, Friedman, Olshen & Stone, "Classification and regression trees", 1984.
 *
 * @example
 * const tree = await fitTree(customers, lapsed, { penalty: 0.002, rowsPerLeafMin: 50, seed: 1 })
 * predictForest(tree, customersOfToday)
 */
export async function fitTree(
  data: Matrix,
  labels: ArrayLike<number>,
  options: TreeOptions,
  work?: Work,
): Promise<ForestModel> {
  checkMatrix('boosting', data)
  checkPenalty(options.penalty)
  const model = await fitForest(data, labels, singleTree(options, data.columns), work)
  // Of two classes the gain of one was counted, and both fall by as much.
  return pruned(model, options, data.rows, model.outputs === 1 ? 0.5 : 1)
}

/**
 * One regression tree (CART), pruned by cost and complexity; see `fitTree`.
 *
 * @param targets `[n]` finite
 * @throws RapportError as `fitForestRegression`
 */
export async function fitTreeRegression(
  data: Matrix,
  targets: ArrayLike<number>,
  options: TreeOptions,
  work?: Work,
): Promise<ForestModel> {
  checkMatrix('boosting', data)
  checkPenalty(options.penalty)
  const model = await fitForestRegression(data, targets, singleTree(options, data.columns), work)
  return pruned(model, options, data.rows, 1)
}

const singleTree = ({ penalty: _, ...options }: TreeOptions, columns: number): ForestOptions => ({
  ...options,
  trees: 1,
  bootstrap: false,
  columnsPerSplit: columns,
})

function pruned(model: ForestModel, { penalty, weights }: TreeOptions, rows: number, scale: number): ForestModel {
  if (penalty === undefined) return model
  const total = weights ? Array.from(weights).reduce((sum, weight) => sum + weight, 0) : rows
  return { ...model, trees: pruneTree(model.trees, model.outputs, penalty * total * scale) }
}
