import type { Matrix } from '@rapport/numerics'
import type { ColumnBins, TreeNodes } from './boosting-model.ts'
import { findLeaves, findLeavesOfRow } from './branchless-walk.ts'

/** Rows whose numbers stay in the cache while every tree is asked. */
export const rowsOfBlock = 256

/**
 * Copies rows `from … to − 1` with the codes of categories replaced by their numbers, NaN for codes never seen.
 *
 * @param block `[rowsOfBlock × columns]` where the rows go
 */
export function encodeRows(
  values: Float64Array | Float32Array,
  from: number,
  to: number,
  bins: ColumnBins,
  block: Float64Array,
): void {
  const columns = bins.isCategorical.length
  block.set(values.subarray(from * columns, to * columns))
  for (let column = 0; column < columns; column += 1) {
    if (bins.isCategorical[column] === 0) continue
    const codes = bins.edges.subarray(bins.starts[column]!, bins.starts[column + 1]!)
    for (let at = column; at < (to - from) * columns; at += columns) block[at] = categoryOf(codes, block[at]!)
  }
}

/**
 * Tells for every tree and row which leaf the row reaches, tree after tree within a block of rows.
 *
 * @param blockRows rows of a block: the more, the longer a large tree stays in the cache
 * @param take gets the leaves of rows `from … to − 1` in a tree, from `at` on
 */
export function forEachLeaf(
  trees: TreeNodes,
  bins: ColumnBins,
  { rows, columns, values }: Matrix,
  blockRows: number,
  take: (tree: number, from: number, to: number, leaves: Int32Array, at: number) => void,
): void {
  const count = trees.starts.length - 1
  if (count === 0 || rows === 0) return
  const rowsAtOnce = Math.min(rows, blockRows)
  const block = new Float64Array(rowsAtOnce * columns)
  const leaves = new Int32Array(4 * Math.ceil(Math.max(rowsAtOnce, rows === 1 ? count : 0) / 4))
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const to = Math.min(rows, from + rowsAtOnce)
    encodeRows(values, from, to, bins, block)
    const isWhole = !block.includes(NaN)
    if (rows === 1 && isWhole && findLeavesOfRow(trees, block, leaves)) {
      for (let tree = 0; tree < count; tree += 1) take(tree, 0, 1, leaves, tree)
      return
    }
    for (let tree = 0; tree < count; tree += 1) {
      const root = trees.starts[tree]!
      if (!isWhole || !findLeaves(trees, root, block, to - from, columns, leaves)) {
        for (let row = from; row < to; row += 1) leaves[row - from] = leafOf(trees, root, block, (row - from) * columns)
      }
      take(tree, from, to, leaves, 0)
    }
  }
}

/** The leaf that a row of an encoded block reaches, from the node `root`. */
export function leafOf(trees: TreeNodes, root: number, block: Float64Array, rowAt: number): number {
  const { columns, thresholds, lefts, rights } = trees
  let node = root
  for (let column = columns[node]!; column >= 0; column = columns[node]!) {
    const value = block[rowAt + column]!
    const threshold = thresholds[node]!
    if (value <= threshold) node = lefts[node]!
    else if (value > threshold) node = rights[node]!
    else node = goesLeftByException(trees, node, value) ? lefts[node]! : rights[node]!
  }
  return node
}

/** Whether an encoded value goes left at a node, whatever the node asks. */
export function goesLeft(trees: TreeNodes, node: number, value: number): boolean {
  const threshold = trees.thresholds[node]!
  if (value <= threshold) return true
  if (value > threshold) return false
  return goesLeftByException(trees, node, value)
}

/** A missing value, or a category: both make the comparison with the threshold false either way. */
function goesLeftByException({ sets, categorySets, missingLeft }: TreeNodes, node: number, value: number): boolean {
  if (Number.isNaN(value)) return missingLeft[node] === 1
  return ((categorySets[8 * sets[node]! + (value >>> 5)]! >>> (value & 31)) & 1) === 1
}

function categoryOf(codes: Float64Array, code: number): number {
  let low = 0
  let high = codes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (codes[middle]! < code) low = middle + 1
    else high = middle
  }
  return low < codes.length && codes[low] === code ? low : NaN
}
