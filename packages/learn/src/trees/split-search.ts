import { searchBoundedThreshold } from './bounded-threshold.ts'
import { searchCategories } from './category-split.ts'
import type { NodeKernels } from './node-kernels.ts'
import {
  boundedValue,
  type ColumnHistogram,
  type ColumnSplit,
  type NodeSums,
  ofCategories,
  type Split,
  type SplitLimits,
} from './split.ts'
import { binsOfColumn, type NodeHistogram } from './training-memory.ts'

/**
 * The split of a node that lowers the loss most; `undefined` when none does.
 *
 * Columns of categories are looked at before the others, and of equal gains the first counts, as in scikit-learn.
 *
 * @param order `[columns]` the columns as they are looked at
 * @param directions `[columns]` 1 where predictions must not fall as the column rises, −1 where they must not rise
 */
export async function findSplit(
  kernels: NodeKernels,
  histogram: NodeHistogram,
  order: Int32Array,
  node: NodeSums,
  limits: SplitLimits,
  directions: Int8Array | undefined,
): Promise<Split | undefined> {
  const { memory } = kernels
  const found = directions ? undefined : await kernels.searchThresholds(histogram, node, limits)
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
  const [sums, counts] = [histogram.sums.view, histogram.counts.view]
  const histogramOf = (column: number): ColumnHistogram => ({
    sums,
    counts,
    first: column * binsOfColumn,
    bins: memory.binsPresent[column]!,
    hasMissing: memory.hasMissing[column] === 1,
  })
  for (const column of order) {
    const before = best.gain
    if (memory.isCategorical[column] === 1) {
      searchCategories(histogramOf(column), node, ofCategories(limits), best)
    } else if (!found) {
      searchBoundedThreshold(histogramOf(column), node, limits, directions![column]!, best)
    } else if (found[6 * column]! > before) {
      takeThreshold(found, 6 * column, best)
    }
    if (best.gain > before) bestColumn = column
  }
  if (bestColumn < 0) return undefined
  const ownLimits = best.leftBins ? ofCategories(limits) : limits
  const side = (rows: number, gradient: number, hessian: number): NodeSums => ({
    rows,
    gradient,
    hessian,
    value: boundedValue(gradient, hessian, ownLimits),
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

/** @param at where the column's six numbers begin */
function takeThreshold(found: Float64Array, at: number, best: ColumnSplit): void {
  best.gain = found[at]!
  best.bin = found[at + 1]!
  best.leftBins = undefined
  best.missingLeft = found[at + 2] === 1
  best.rowsLeft = found[at + 3]!
  best.gradientLeft = found[at + 4]!
  best.hessianLeft = found[at + 5]!
}
