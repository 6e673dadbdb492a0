import type { TreeNodes } from '../trees/boosting-model.ts'
import { goesLeft } from '../trees/tree-walk.ts'

/** The columns asked on the way down, each once: what share of the rows without and with it would come this way. */
export interface Path {
  readonly columns: Int32Array
  /** Share of rows that would come this way if the column were unknown. */
  readonly unknownShares: Float64Array
  /** 1 where the row itself comes this way, else 0. */
  readonly ownShares: Float64Array
  /** Weight of the sets of columns of each size. */
  readonly weights: Float64Array
}

/**
 * Adds to `contributions` what each column contributes to a tree's value for one row: exact Shapley values of the game
 * whose worth, for a set of known columns, is the tree's mean over training rows when the other columns are unknown.
 *
 * @param block encoded rows, as `encodeRows` makes them; the row begins at `rowAt`
 * @param paths scratch that `makePaths` made for trees at least this deep
 *
 * Cost: O(leaves · depth²).
 * Source: Lundberg et al., "From local explanations to global understanding with explainable AI for trees", Nature
 * Machine Intelligence 2, 2020, algorithm 2 (path-dependent).
 */
export function addTreeContributions(
  trees: TreeNodes,
  root: number,
  paths: readonly Path[],
  block: Float64Array,
  rowAt: number,
  contributions: Float64Array,
): void {
  const visit = (node: number, depth: number, length: number): void => {
    const path = paths[depth]!
    const column = trees.columns[node]!
    if (column < 0) {
      addLeaf(path, length, trees.values[node]!, contributions)
      return
    }
    let kept = length
    let unknownShare = 1
    let ownShare = 1
    const before = path.columns.indexOf(column, 1)
    if (before > 0 && before < length) {
      // The column was asked above: its share so far is taken out and comes back with this split's.
      unknownShare = path.unknownShares[before]!
      ownShare = path.ownShares[before]!
      takeOut(path, length, before)
      kept -= 1
    }
    const isLeft = goesLeft(trees, node, block[rowAt + column]!)
    for (const child of [trees.lefts[node]!, trees.rights[node]!]) {
      const below = paths[depth + 1]!
      copyPath(path, below, kept)
      const isOwn = (child === trees.lefts[node]) === isLeft
      const share = trees.rows[child]! / trees.rows[node]!
      extend(below, kept, column, unknownShare * share, isOwn ? ownShare : 0)
      visit(child, depth + 1, kept + 1)
    }
  }
  extend(paths[0]!, 0, -1, 1, 1)
  visit(root, 0, 1)
}

/** Scratch for trees of at most `depthMax` splits between root and leaf. */
export const makePaths = (depthMax: number): Path[] =>
  Array.from({ length: depthMax + 1 }, () => makePath(depthMax + 2))

function makePath(length: number): Path {
  return {
    columns: new Int32Array(length).fill(-1),
    unknownShares: new Float64Array(length),
    ownShares: new Float64Array(length),
    weights: new Float64Array(length),
  }
}

function copyPath(from: Path, to: Path, length: number): void {
  for (let at = 0; at < length; at += 1) {
    to.columns[at] = from.columns[at]!
    to.unknownShares[at] = from.unknownShares[at]!
    to.ownShares[at] = from.ownShares[at]!
    to.weights[at] = from.weights[at]!
  }
}

/** Puts one more column at the end of a path of `length`. */
function extend(path: Path, length: number, column: number, unknownShare: number, ownShare: number): void {
  const { weights } = path
  path.columns[length] = column
  path.unknownShares[length] = unknownShare
  path.ownShares[length] = ownShare
  weights[length] = length === 0 ? 1 : 0
  for (let at = length - 1; at >= 0; at -= 1) {
    weights[at + 1]! += (ownShare * weights[at]! * (at + 1)) / (length + 1)
    weights[at] = (unknownShare * weights[at]! * (length - at)) / (length + 1)
  }
}

/** Undoes the `extend` that put the column at `place` there, and closes the gap. */
function takeOut(path: Path, length: number, place: number): void {
  const { columns, unknownShares, ownShares, weights } = path
  const own = ownShares[place]!
  const unknown = unknownShares[place]!
  let next = weights[length - 1]!
  for (let at = length - 2; at >= 0; at -= 1) {
    const weight = weights[at]!
    if (own !== 0) {
      weights[at] = (next * length) / ((at + 1) * own)
      next = weight - (weights[at]! * unknown * (length - 1 - at)) / length
    } else {
      weights[at] = (weight * length) / (unknown * (length - 1 - at))
    }
  }
  for (let at = place; at < length - 1; at += 1) {
    columns[at] = columns[at + 1]!
    unknownShares[at] = unknownShares[at + 1]!
    ownShares[at] = ownShares[at + 1]!
  }
}

function addLeaf(path: Path, length: number, value: number, contributions: Float64Array): void {
  for (let place = 1; place < length; place += 1) {
    const difference = path.ownShares[place]! - path.unknownShares[place]!
    contributions[path.columns[place]!]! += weightWithout(path, length, place) * difference * value
  }
}

/** The sum of a path's weights as they would be without the column at `place`. */
function weightWithout({ unknownShares, ownShares, weights }: Path, length: number, place: number): number {
  const own = ownShares[place]!
  const unknown = unknownShares[place]!
  let next = weights[length - 1]!
  let total = 0
  for (let at = length - 2; at >= 0; at -= 1) {
    if (own !== 0) {
      const weight = (next * length) / ((at + 1) * own)
      total += weight
      next = weights[at]! - (weight * unknown * (length - 1 - at)) / length
    } else {
      total += (weights[at]! * length) / (unknown * (length - 1 - at))
    }
  }
  return total
}
