import { type Matrix, matrix, stopIfAborted, type Work } from '@rapport/numerics'
import type { ColumnBins, TreeNodes } from '../trees/boosting-model.ts'
import { checkColumns } from '../trees/predict-boosting.ts'
import { encodeRows, rowsOfBlock } from '../trees/tree-walk.ts'
import { TreeMemory } from './tree-memory.ts'

/** Why each row got its margin. */
export interface PredictionExplanation {
  /** The mean margin of the training rows as the trees split them: what is known about a row of which nothing is. */
  readonly base: number
  /** `[n × columns]` what each column's value moved the margin by, in log odds; with `base`, a row sums to its margin. */
  readonly contributions: Matrix
}

/** Trees of any model, of which `outputs` sums are explained. */
export interface ExplainedTrees {
  readonly columns: number
  readonly bins: ColumnBins
  readonly trees: TreeNodes
  /** Sums that the trees take turns with, or that each tree has a value for. */
  readonly outputs: number
  /** What a sum is before any tree. */
  readonly base: number
  /** What each tree's value is multiplied by. */
  readonly scale: number
}

/** One explanation an output; see `explainBoosting`. */
export function explainTrees(model: ExplainedTrees, data: Matrix, work: Work | undefined): PredictionExplanation[] {
  checkColumns(model, data)
  const { trees, bins, columns, outputs, scale } = model
  const n = trees.starts.length - 1
  const roots = trees.starts.subarray(0, n)
  const takesTurns = trees.values.length === trees.columns.length
  const explained = Array.from({ length: outputs }, (_, output) => {
    const own = takesTurns ? trees : { ...trees, values: valuesOf(trees, outputs, output) }
    const isOwn = (tree: number): boolean => !takesTurns || tree % outputs === output
    const numbers = Array.from(roots, (_root, tree) => tree).filter(isOwn)
    return {
      base: numbers.reduce((sum, tree) => sum + scale * meanBelow(own, roots[tree]!), model.base),
      trees: numbers.map((tree) => new TreeMemory(own, roots[tree]!, trees.starts[tree + 1]!, columns)),
      contributions: new Float64Array(data.rows * columns),
    }
  })
  const block = new Float64Array(rowsOfBlock * columns)
  for (let from = 0; from < data.rows; from += rowsOfBlock) {
    stopIfAborted(work)
    const to = Math.min(data.rows, from + rowsOfBlock)
    encodeRows(data.values, from, to, bins, block)
    for (const { trees: own, contributions } of explained) {
      // Tree by tree, so that what a tree knows is read from the cache for all rows of the block.
      for (const tree of own) {
        for (let row = from; row < to; row += 1) {
          tree.add(block, (row - from) * columns, contributions.subarray(row * columns, (row + 1) * columns))
        }
      }
    }
    work?.onProgress?.({ stage: 'explaining rows', done: to, total: data.rows })
  }
  return explained.map(({ base, contributions }) => ({
    base,
    contributions: matrix(data.rows, columns, scale === 1 ? contributions : contributions.map((part) => part * scale)),
  }))
}

/** `[nodes]` one of the values of each node. */
const valuesOf = ({ values, columns }: TreeNodes, outputs: number, output: number): Float64Array =>
  Float64Array.from(columns, (_, node) => values[node * outputs + output]!)

function meanBelow(trees: TreeNodes, node: number): number {
  if (trees.columns[node]! < 0) return trees.values[node]!
  const shareOf = (child: number): number => trees.rows[child]! / trees.rows[node]!
  const left = trees.lefts[node]!
  const right = trees.rights[node]!
  return shareOf(left) * meanBelow(trees, left) + shareOf(right) * meanBelow(trees, right)
}
