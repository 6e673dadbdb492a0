import type { Matrix } from '@rapport/numerics'
import { buildKdTree, type KdTree, squaredBoxDistance } from './kd-tree.ts'
import type { MergingClusters } from './merge-chain.ts'

/**
 * Clusters under Ward's linkage, kept as centroids and weights: the distance between two follows from these alone, so
 * no distance is stored.
 *
 * Centroids lie in a tree that is built anew now and then; those that came since are searched one by one.
 */
export class WardClusters implements MergingClusters {
  distance = 0
  steps = 0
  readonly #columns: number
  /** `[n × d]` by slot. */
  readonly #centroids: Float64Array
  readonly #weights: Float64Array
  readonly #isGone: Uint8Array
  /** Clusters made since the tree was built. */
  #fresh: number[] = []
  readonly #isFresh: Uint8Array
  #tree!: KdTree
  /** `[nodes]` least weight of the centroids in each of the tree's nodes. */
  #lightest!: Float64Array
  #nearest = -1
  #square = 0

  constructor(data: Matrix, weights: Float64Array | undefined) {
    this.#columns = data.columns
    this.#centroids = Float64Array.from(data.values)
    this.#weights = weights?.slice() ?? new Float64Array(data.rows).fill(1)
    this.#isGone = new Uint8Array(data.rows)
    this.#isFresh = new Uint8Array(data.rows)
    this.#plant()
  }

  nearest(slot: number, before: number): number {
    this.steps = 0
    this.#nearest = -1
    this.#square = Infinity
    // What the chain came from first: it bounds the search, and only something strictly nearer takes its place.
    if (before >= 0) this.#compare(slot, before)
    for (const other of this.#fresh) if (other !== slot) this.#compare(slot, other)
    this.#search(slot, 0)
    this.distance = Math.sqrt(this.#square)
    return this.#nearest
  }

  merge(gone: number, kept: number): void {
    const columns = this.#columns
    const centroids = this.#centroids
    const weight = this.#weights[gone]! + this.#weights[kept]!
    const share = this.#weights[gone]! / weight
    for (let column = 0; column < columns; column += 1) {
      const at = kept * columns + column
      centroids[at]! += share * (centroids[gone * columns + column]! - centroids[at]!)
    }
    this.#weights[kept] = weight
    this.#isGone[gone] = 1
    if (this.#isFresh[gone]) this.#fresh.splice(this.#fresh.indexOf(gone), 1)
    if (!this.#isFresh[kept]) {
      this.#isFresh[kept] = 1
      this.#fresh.push(kept)
    }
    // Building costs n log n, looking through fresh ones n each time: both stay small beside the searches.
    if (this.#fresh.length > 2 * Math.sqrt(this.#tree.rows.length)) this.#plant()
  }

  #plant(): void {
    const columns = this.#columns
    const slots = Int32Array.from(this.#weights.keys()).filter((slot) => !this.#isGone[slot])
    this.#isFresh.fill(0)
    this.#fresh = []
    const tree = buildKdTree({ rows: this.#weights.length, columns, values: this.#centroids }, slots)
    const lightest = new Float64Array(tree.first.length).fill(Infinity)
    for (let node = lightest.length - 1; node >= 0; node -= 1) {
      if (node < tree.firstLeaf) lightest[node] = Math.min(lightest[2 * node + 1]!, lightest[2 * node + 2]!)
      else {
        for (let place = tree.first[node]!; place < tree.end[node]!; place += 1) {
          lightest[node] = Math.min(lightest[node]!, this.#weights[tree.rows[place]!]!)
        }
      }
    }
    this.#tree = tree
    this.#lightest = lightest
  }

  /** Looks through a node's centroids, those in the nearer child first, leaving out boxes that are too far. */
  #search(slot: number, node: number): void {
    const tree = this.#tree
    if (node >= tree.firstLeaf) {
      for (let place = tree.first[node]!; place < tree.end[node]!; place += 1) {
        const other = tree.rows[place]!
        if (other !== slot && !this.#isGone[other] && !this.#isFresh[other]) this.#compare(slot, other)
      }
      return
    }
    const left = this.#leastSquare(slot, 2 * node + 1)
    const right = this.#leastSquare(slot, 2 * node + 2)
    const [near, far] = left <= right ? [1, 2] : [2, 1]
    if (Math.min(left, right) < this.#square) this.#search(slot, 2 * node + near)
    if (Math.max(left, right) < this.#square) this.#search(slot, 2 * node + far)
  }

  #leastSquare(slot: number, node: number): number {
    this.steps += 1
    const square = squaredBoxDistance(this.#tree, node, this.#centroids, slot * this.#columns)
    return square * wardFactor(this.#weights[slot]!, this.#lightest[node]!) * (1 - roundingShare)
  }

  #compare(slot: number, other: number): void {
    this.steps += 1
    const columns = this.#columns
    const centroids = this.#centroids
    const factor = wardFactor(this.#weights[slot]!, this.#weights[other]!)
    // Most are far: the first columns alone already say so.
    const limit = this.#square / factor
    let square = 0
    let a = slot * columns
    let b = other * columns
    for (const end = a + columns; a < end; ) {
      for (const stop = Math.min(end, a + 4); a < stop; a += 1, b += 1) {
        const difference = centroids[a]! - centroids[b]!
        square += difference * difference
      }
      if (square > limit) return
    }
    if (square * factor < this.#square) {
      this.#square = square * factor
      this.#nearest = other
    }
  }
}

/** Boxes count as nearer by this, so that rounding leaves none out: chains rely on the nearest being found. */
const roundingShare = 1e-12

/** Twice the growth of the squares within clusters, per squared distance of centroids: 1 for two single rows. */
const wardFactor = (a: number, b: number): number => (2 * a * b) / (a + b)
