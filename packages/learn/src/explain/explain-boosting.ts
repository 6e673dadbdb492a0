import { type Matrix, matrix, stopIfAborted, type Work } from '@rapport/numerics'
import type { BoostingModel, TreeNodes } from '../trees/boosting-model.ts'
import { checkColumns } from '../trees/predict-boosting.ts'
import { encodeRows, rowsOfBlock } from '../trees/tree-walk.ts'
import { TreeMemory } from './tree-memory.ts'
import { makePaths } from './tree-shap.ts'

/** Why each row got its margin. */
export interface BoostingExplanation {
  /** The mean margin of the training rows as the trees split them: what is known about a row of which nothing is. */
  readonly base: number
  /** `[n × columns]` what each column's value moved the margin by, in log odds; with `base`, a row sums to its margin. */
  readonly contributions: Matrix
}

/**
 * The exact contribution of each column to each row's log odds (TreeSHAP, path-dependent).
 *
 * A column's contribution is its Shapley value: its share of the difference from `base`, averaged over the orders in
 * which columns could become known. Unknown columns are averaged over the training rows that came by a node, each row
 * counting once whatever its weight. It tells how the model came to its margin, not what would happen if the value were
 * changed.
 *
 * @param data `[n × columns of the model]`; NaN is missing
 * @throws RapportError `boosting.columns` when the number of columns is not the model's, `work.aborted`
 *
 * Cost: O(n · rounds · leaves), and O(leaves · depth²) for each way through a tree's splits that rows take.
 * Source: Lundberg et al., Nature Machine Intelligence 2, 2020, algorithm 2.
 *
 * @example
 * const { base, contributions } = explainBoosting(model, customers)
 * base + rowOf(contributions, 0).reduce((sum, part) => sum + part, 0) // predictBoostingMargin(model, customers)[0]
 */
export function explainBoosting(model: BoostingModel, data: Matrix, work?: Work): BoostingExplanation {
  checkColumns(model, data)
  const { trees, bins, columns } = model
  const roots = trees.starts.subarray(0, -1)
  const paths = makePaths(Math.max(0, ...Array.from(roots, (root) => depthBelow(trees, root))))
  const memories = Array.from(
    roots,
    (root, tree) => new TreeMemory(trees, root, trees.starts[tree + 1]!, paths, columns),
  )
  const base = roots.reduce((sum, root) => sum + meanBelow(trees, root), model.baseline)
  const contributions = new Float64Array(data.rows * columns)
  const block = new Float64Array(rowsOfBlock * columns)
  for (let from = 0; from < data.rows; from += rowsOfBlock) {
    stopIfAborted(work)
    const to = Math.min(data.rows, from + rowsOfBlock)
    encodeRows(data.values, from, to, bins, block)
    for (let row = from; row < to; row += 1) {
      const own = contributions.subarray(row * columns, (row + 1) * columns)
      for (const memory of memories) memory.add(block, (row - from) * columns, own)
    }
    work?.onProgress?.({ stage: 'explaining rows', done: to, total: data.rows })
  }
  return { base, contributions: matrix(data.rows, columns, contributions) }
}

function depthBelow(trees: TreeNodes, node: number): number {
  if (trees.columns[node]! < 0) return 0
  return 1 + Math.max(depthBelow(trees, trees.lefts[node]!), depthBelow(trees, trees.rights[node]!))
}

function meanBelow(trees: TreeNodes, node: number): number {
  if (trees.columns[node]! < 0) return trees.values[node]!
  const shareOf = (child: number): number => trees.rows[child]! / trees.rows[node]!
  const left = trees.lefts[node]!
  const right = trees.rights[node]!
  return shareOf(left) * meanBelow(trees, left) + shareOf(right) * meanBelow(trees, right)
}
