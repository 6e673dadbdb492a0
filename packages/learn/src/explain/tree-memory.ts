import type { TreeNodes } from '../trees/boosting-model.ts'
import { goesLeft } from '../trees/tree-walk.ts'
import { addTreeContributions, type Path } from './tree-shap.ts'

/** Ways are told apart by the bits of a whole number. */
const splitsMax = 31
const waysMax = 2000

/**
 * Contributions of one tree, remembered by the way a row takes at each of its splits: rows that go the same way
 * everywhere have the same ones, and there are far fewer ways than rows.
 */
export class TreeMemory {
  readonly #trees: TreeNodes
  readonly #root: number
  readonly #paths: readonly Path[]
  readonly #splits: Int32Array
  readonly #columns: Int32Array
  readonly #known = new Map<number, Float64Array>()
  readonly #scratch: Float64Array

  /** @param paths as `addTreeContributions` takes them */
  constructor(trees: TreeNodes, root: number, end: number, paths: readonly Path[], columns: number) {
    this.#trees = trees
    this.#root = root
    this.#paths = paths
    this.#splits = Int32Array.from({ length: end - root }, (_, at) => root + at).filter(
      (node) => trees.columns[node]! >= 0,
    )
    this.#columns = Int32Array.from(new Set(this.#splits.map((node) => trees.columns[node]!)))
    this.#scratch = new Float64Array(columns)
  }

  /** Adds the tree's contributions for the encoded row at `rowAt` of `block`. */
  add(block: Float64Array, rowAt: number, contributions: Float64Array): void {
    const columns = this.#columns
    const own = this.#contributions(block, rowAt)
    for (let at = 0; at < columns.length; at += 1) contributions[columns[at]!]! += own[at]!
  }

  #contributions(block: Float64Array, rowAt: number): Float64Array {
    const splits = this.#splits
    if (splits.length > splitsMax) return this.#compute(block, rowAt)
    let way = 0
    for (let at = 0; at < splits.length; at += 1) {
      const node = splits[at]!
      if (goesLeft(this.#trees, node, block[rowAt + this.#trees.columns[node]!]!)) way |= 1 << at
    }
    const known = this.#known.get(way)
    if (known !== undefined) return known
    const computed = this.#compute(block, rowAt)
    if (this.#known.size < waysMax) this.#known.set(way, computed)
    return computed
  }

  #compute(block: Float64Array, rowAt: number): Float64Array {
    this.#scratch.fill(0)
    addTreeContributions(this.#trees, this.#root, this.#paths, block, rowAt, this.#scratch)
    return Float64Array.from(this.#columns, (column) => this.#scratch[column]!)
  }
}
