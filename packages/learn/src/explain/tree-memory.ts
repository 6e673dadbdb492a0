import type { TreeNodes } from '../trees/boosting-model.ts'
import { goesLeft } from '../trees/tree-walk.ts'
import { TreeShap } from './tree-shap.ts'

/** Of so many splits there are 256 ways at most, far fewer than rows; of more, most rows go a way of their own. */
const splitsMax = 8

/**
 * Contributions of one tree. Those of a small tree are remembered by the way a row takes at each of its splits: rows that go
 * the same way everywhere have the same ones.
 */
export class TreeMemory {
  readonly #trees: TreeNodes
  readonly #shap: TreeShap
  readonly #splits: readonly number[]
  readonly #columns: readonly number[]
  readonly #known = new Map<number, Float64Array>()
  readonly #scratch: Float64Array

  /** @param root of the tree, whose nodes end before `end`. @param columns of the data */
  constructor(trees: TreeNodes, root: number, end: number, columns: number) {
    this.#trees = trees
    this.#shap = new TreeShap(trees, root)
    this.#splits = Array.from({ length: end - root }, (_, at) => root + at).filter((node) => trees.columns[node]! >= 0)
    this.#columns = [...new Set(this.#splits.map((node) => trees.columns[node]!))]
    this.#scratch = new Float64Array(columns)
  }

  /** Adds the tree's contributions for the encoded row at `rowAt` of `block`. */
  add(block: Float64Array, rowAt: number, contributions: Float64Array): void {
    if (this.#splits.length > splitsMax) {
      this.#shap.add(block, rowAt, contributions)
      return
    }
    const own = this.#remembered(block, rowAt)
    for (let at = 0; at < own.length; at += 1) contributions[this.#columns[at]!]! += own[at]!
  }

  #remembered(block: Float64Array, rowAt: number): Float64Array {
    let way = 0
    for (let at = 0; at < this.#splits.length; at += 1) {
      const node = this.#splits[at]!
      if (goesLeft(this.#trees, node, block[rowAt + this.#trees.columns[node]!]!)) way |= 1 << at
    }
    const known = this.#known.get(way)
    if (known !== undefined) return known
    this.#scratch.fill(0)
    this.#shap.add(block, rowAt, this.#scratch)
    const computed = Float64Array.from(this.#columns, (column) => this.#scratch[column]!)
    this.#known.set(way, computed)
    return computed
  }
}
