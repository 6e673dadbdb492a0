import type { Matrix, Work } from '@rapport/numerics'
import { buildKdTree, type KdTree, squaredBoxDistance, squaredPointDistance } from './kd-tree.ts'
import type { Merges } from './merge-chain.ts'
import { RowSets } from './row-sets.ts'
import { WorkPace } from './work-pace.ts'

/**
 * The edges that connect all rows with the least total length.
 *
 * Every tree of rows grows by its shortest edge to another one, all in one round, until one is left (Borůvka). Shortest
 * edges come from a k-d tree, in which boxes within the own tree of rows and boxes too far away are left out; what was
 * once the nearest row outside stays so until it comes inside, so most rows are searched for once or twice.
 *
 * @param data `[n × d]`, finite
 * @param cores `[n]` what the squared length of every edge at a row is at least (HDBSCAN's core distances). Default 0
 * @returns the edges in no particular order
 * @throws RapportError `work.aborted`
 *
 * Cost: about O(n · log² n) for few columns, up to O(n² · d) for many; O(n · d) memory.
 * Source: March, Ram & Gray, "Fast Euclidean minimum spanning tree", KDD 2010, with one tree instead of two.
 */
export async function spanningTree(data: Matrix, cores?: Float64Array, work?: Work): Promise<Merges> {
  const growth = new TreeGrowth(buildKdTree(data), cores)
  const pace = new WorkPace(work)
  while (growth.edges < data.rows - 1) {
    growth.beginRound()
    for (let place = 0; place < data.rows; place += 1) {
      growth.search(place)
      if (pace.isDue(growth.steps)) await pace.turn('spanning tree', growth.edges, data.rows - 1)
    }
    growth.endRound()
  }
  return { pairs: growth.pairs, lengths: growth.squares.map(Math.sqrt) }
}

/** Trees of rows while they grow together. Rows go by their place in the k-d tree. */
class TreeGrowth {
  edges = 0
  steps = 0
  readonly pairs: Int32Array
  readonly squares: Float64Array
  readonly #tree: KdTree
  readonly #cores: Float64Array
  readonly #sets: RowSets
  /** `[n]` the place that stands for each place's tree of rows, as of the round's start. */
  readonly #setOf: Int32Array
  /** `[nodes]` the one tree of rows that all of a node's places are in, or −1. */
  readonly #setOfNode: Int32Array
  /** `[n]` the nearest place outside, −1 when none is known, and a square that it is at least away. */
  readonly #outside: Int32Array
  readonly #outsideSquare: Float64Array
  /** `[n]` by the place that stands for a tree of rows: where its shortest edge begins, and how long it is. */
  readonly #shortestFrom: Int32Array
  readonly #shortest: Float64Array
  #place = 0

  constructor(tree: KdTree, cores: Float64Array | undefined) {
    const n = tree.rows.length
    this.#tree = tree
    this.#cores = Float64Array.from(tree.rows, (row) => (cores ? cores[row]! : 0))
    this.#sets = new RowSets(n)
    this.#setOf = new Int32Array(n)
    this.#setOfNode = new Int32Array(tree.first.length)
    this.#outside = new Int32Array(n).fill(-1)
    this.#outsideSquare = new Float64Array(n)
    this.#shortestFrom = new Int32Array(n)
    this.#shortest = new Float64Array(n)
    this.pairs = new Int32Array(2 * (n - 1))
    this.squares = new Float64Array(n - 1)
  }

  beginRound(): void {
    const { first, end, firstLeaf } = this.#tree
    const setOf = this.#setOf
    for (let place = 0; place < setOf.length; place += 1) setOf[place] = this.#sets.find(place)
    for (let node = first.length - 1; node >= 0; node -= 1) {
      let set: number
      if (node < firstLeaf) {
        set = this.#setOfNode[2 * node + 1]!
        if (set !== this.#setOfNode[2 * node + 2]) set = -1
      } else {
        set = setOf[first[node]!]!
        for (let place = first[node]! + 1; place < end[node]!; place += 1) if (setOf[place] !== set) set = -1
      }
      this.#setOfNode[node] = set
    }
    this.#shortest.fill(Infinity)
    this.#shortestFrom.fill(-1)
  }

  /** Looks for an edge at `place` that is shorter than those known of its tree of rows. */
  search(place: number): void {
    const set = this.#setOf[place]!
    this.steps = 1
    if (this.#outsideSquare[place]! >= this.#shortest[set]!) return
    const known = this.#outside[place]!
    if (known < 0 || this.#setOf[known] === set) {
      this.#place = place
      this.#outside[place] = -1
      // Nothing outside is nearer than this, whether or not the search finds what is that near.
      this.#outsideSquare[place] = this.#shortest[set]!
      this.#visit(0)
      if (this.#outside[place]! < 0) return
    }
    this.#shortest[set] = this.#outsideSquare[place]!
    this.#shortestFrom[set] = place
  }

  endRound(): void {
    const { rows } = this.#tree
    for (const from of this.#shortestFrom) {
      if (from < 0) continue
      const to = this.#outside[from]!
      const a = this.#sets.find(from)
      const b = this.#sets.find(to)
      // Two trees may have chosen the same edge, or edges of one length that would close a ring.
      if (a === b) continue
      this.#sets.join(a, b)
      this.pairs[2 * this.edges] = rows[from]!
      this.pairs[2 * this.edges + 1] = rows[to]!
      this.squares[this.edges] = this.#outsideSquare[from]!
      this.edges += 1
    }
  }

  #visit(node: number): void {
    const tree = this.#tree
    const place = this.#place
    if (this.#setOfNode[node] === this.#setOf[place]) return
    if (node >= tree.firstLeaf) this.#compareLeaf(node)
    else {
      const at = place * tree.columns
      const left = squaredBoxDistance(tree, 2 * node + 1, tree.points, at)
      const right = squaredBoxDistance(tree, 2 * node + 2, tree.points, at)
      this.steps += 2
      const [near, far] = left <= right ? [1, 2] : [2, 1]
      if (this.#isNearer(Math.min(left, right))) this.#visit(2 * node + near)
      if (this.#isNearer(Math.max(left, right))) this.#visit(2 * node + far)
    }
  }

  /** Whether rows at this square could be nearer than what is known. */
  #isNearer(square: number): boolean {
    return Math.max(square, this.#cores[this.#place]!) < this.#outsideSquare[this.#place]!
  }

  #compareLeaf(node: number): void {
    const { columns, points, first, end } = this.#tree
    const place = this.#place
    const set = this.#setOf[place]
    for (let other = first[node]!; other < end[node]!; other += 1) {
      if (this.#setOf[other] === set) continue
      this.steps += 1
      const square = squaredPointDistance(points, place * columns, points, other * columns, columns)
      const length = Math.max(square, this.#cores[place]!, this.#cores[other]!)
      if (length < this.#outsideSquare[place]!) {
        this.#outsideSquare[place] = length
        this.#outside[place] = other
      }
    }
  }
}
