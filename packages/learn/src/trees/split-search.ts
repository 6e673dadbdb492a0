import { searchCategories } from './category-split.ts'
import { type ColumnSplit, leafValue, type NodeSums, type Split, type SplitLimits } from './split.ts'
import { searchThresholds } from './threshold-split.ts'
import type { TrainingMemory } from './training-memory.ts'

/** A node's histogram, and how to go through it. */
export interface HistogramView {
  readonly sums: Float64Array
  readonly counts: Int32Array
  /** `[columns]` the columns in the order they are looked at. */
  readonly order: Int32Array
  /** `[columns]` 1 for a categorical column. */
  readonly isCategorical: Uint8Array
}

/**
 * The split of a node that lowers the loss most; `undefined` when none does.
 *
 * Columns of categories are looked at before the others, and of equal gains the first counts, as in scikit-learn.
 */
export function findSplit(
  memory: TrainingMemory,
  { sums, counts, order, isCategorical }: HistogramView,
  node: NodeSums,
  limits: SplitLimits,
): Split | undefined {
  const best: ColumnSplit = {
    gain: 0,
    bin: 0,
    leftBins: undefined,
    missingLeft: false,
    rowsLeft: 0,
    gradientLeft: 0,
    hessianLeft: 0,
  }
  let bestColumn = -1
  for (const column of order) {
    const before = best.gain
    const histogram = {
      sums,
      counts,
      first: column * 256,
      bins: memory.binsPresent[column]!,
      hasMissing: memory.hasMissing[column] === 1,
    }
    const search = isCategorical[column] === 1 ? searchCategories : searchThresholds
    search(histogram, node, limits, best)
    if (best.gain > before) bestColumn = column
  }
  if (bestColumn < 0) return undefined
  const side = (rows: number, gradient: number, hessian: number): NodeSums => ({
    rows,
    gradient,
    hessian,
    value: leafValue(gradient, hessian, limits.l2),
  })
  const { gain, bin, leftBins, missingLeft, rowsLeft, gradientLeft, hessianLeft } = best
  const rowsRight = node.rows - rowsLeft
  return {
    gain,
    column: bestColumn,
    bin,
    leftBins,
    // Where training had no missing value, new ones follow the larger child.
    missingLeft: memory.hasMissing[bestColumn] === 1 ? missingLeft : rowsLeft > rowsRight,
    left: side(rowsLeft, gradientLeft, hessianLeft),
    right: side(rowsRight, node.gradient - gradientLeft, node.hessian - hessianLeft),
  }
}
