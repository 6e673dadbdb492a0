import type { TreeNodes } from './boosting-model.ts'

/**
 * Trees in which a step is an addition and not a branch that the processor has to guess: a right child follows its left
 * one, and a leaf leads to itself.
 */
interface WalkTable {
  /** `[nodes]` 0 in a leaf. */
  readonly columns: Int32Array
  /** `[nodes]` infinite in a leaf, so that no value is above it. */
  readonly thresholds: Float64Array
  /** `[nodes]` the left child; a leaf itself. */
  readonly lefts: Int32Array
}

const tables = new WeakMap<TreeNodes, WalkTable | 'none'>()

/** The table of trees, made once; `undefined` where they ask for categories or keep their children elsewhere. */
function tableOf(trees: TreeNodes): WalkTable | undefined {
  const known = tables.get(trees) ?? makeTable(trees) ?? 'none'
  tables.set(trees, known)
  return known === 'none' ? undefined : known
}

function makeTable({ columns, thresholds, lefts, rights, categorySets }: TreeNodes): WalkTable | undefined {
  if (categorySets.length > 0 || lefts.some((left, node) => left >= 0 && rights[node] !== left + 1)) return undefined
  return {
    columns: columns.map((column) => Math.max(0, column)),
    thresholds: thresholds.map((threshold, node) => (lefts[node]! < 0 ? Infinity : threshold)),
    lefts: lefts.map((left, node) => (left < 0 ? node : left)),
  }
}

/**
 * The leaves that rows of an encoded block reach from the node `root`, four rows side by side: while one waits for its
 * node, the others have theirs.
 *
 * @param block `[at least rows × width]`
 * @param leaves `[at least rows, rounded up to four]` gets them
 * @returns false, and nothing done, where the trees ask for categories; no value may be missing
 */
export function findLeaves(
  trees: TreeNodes,
  root: number,
  block: Float64Array,
  rows: number,
  width: number,
  leaves: Int32Array,
): boolean {
  const table = tableOf(trees)
  if (!table) return false
  const { columns, thresholds, lefts } = table
  const last = (rows - 1) * width
  for (let row = 0; row < rows; row += 4) {
    const at0 = row * width
    // Behind the last row it is walked again.
    const at1 = Math.min(last, at0 + width)
    const at2 = Math.min(last, at1 + width)
    const at3 = Math.min(last, at2 + width)
    let node0 = root
    let node1 = root
    let node2 = root
    let node3 = root
    for (;;) {
      const next0 = lefts[node0]! + Number(block[at0 + columns[node0]!]! > thresholds[node0]!)
      const next1 = lefts[node1]! + Number(block[at1 + columns[node1]!]! > thresholds[node1]!)
      const next2 = lefts[node2]! + Number(block[at2 + columns[node2]!]! > thresholds[node2]!)
      const next3 = lefts[node3]! + Number(block[at3 + columns[node3]!]! > thresholds[node3]!)
      if (((next0 ^ node0) | (next1 ^ node1) | (next2 ^ node2) | (next3 ^ node3)) === 0) break
      node0 = next0
      node1 = next1
      node2 = next2
      node3 = next3
    }
    leaves[row] = node0
    leaves[row + 1] = node1
    leaves[row + 2] = node2
    leaves[row + 3] = node3
  }
  return true
}

/**
 * The leaves that one encoded row reaches in every tree, four trees side by side.
 *
 * @param leaves `[at least trees, rounded up to four]` gets them
 * @returns false, and nothing done, where the trees ask for categories; no value may be missing
 */
export function findLeavesOfRow(trees: TreeNodes, row: Float64Array, leaves: Int32Array): boolean {
  const table = tableOf(trees)
  if (!table) return false
  const { columns, thresholds, lefts } = table
  const { starts } = trees
  const count = starts.length - 1
  for (let tree = 0; tree < count; tree += 4) {
    let node0 = starts[tree]!
    // Behind the last tree it is walked again.
    let node1 = starts[Math.min(count - 1, tree + 1)]!
    let node2 = starts[Math.min(count - 1, tree + 2)]!
    let node3 = starts[Math.min(count - 1, tree + 3)]!
    for (;;) {
      const next0 = lefts[node0]! + Number(row[columns[node0]!]! > thresholds[node0]!)
      const next1 = lefts[node1]! + Number(row[columns[node1]!]! > thresholds[node1]!)
      const next2 = lefts[node2]! + Number(row[columns[node2]!]! > thresholds[node2]!)
      const next3 = lefts[node3]! + Number(row[columns[node3]!]! > thresholds[node3]!)
      if (((next0 ^ node0) | (next1 ^ node1) | (next2 ^ node2) | (next3 ^ node3)) === 0) break
      node0 = next0
      node1 = next1
      node2 = next2
      node3 = next3
    }
    leaves[tree] = node0
    leaves[tree + 1] = node1
    leaves[tree + 2] = node2
    leaves[tree + 3] = node3
  }
  return true
}
