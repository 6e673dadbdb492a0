import type { Arena, Kernels, Matrix, Span } from '@rapport/numerics'
import { buildKdTree, type KdTree } from './kd-tree.ts'

/** Searches of a task: a millisecond or so. */
const taskQueries = 64
/** Clusters made since the tree was built are compared one by one; once they are this share of all, another one is built. */
const freshShare = 1 / 8
/** And at least so many, or few clusters would have a tree built for every merge. */
const freshMin = 64

/** Two clusters that are each other's nearest; the union will lie in the slot of `kept`. */
export interface ClosestPair {
  readonly gone: number
  readonly kept: number
  /** Squared distance of centroids × 2ab / (a + b): twice the growth of the squares within clusters. */
  readonly square: number
}

/**
 * Clusters under Ward's linkage, kept as centroids and weights, each in the slot of one of its rows, with the nearest of each: all
 * distances follow from these, so none is stored.
 *
 * For the searches centroids lie four by four, column by column, in the leaves of a tree that is built anew now and then, and
 * behind them those that came since.
 */
export class WardClusters {
  readonly #kernels: Kernels
  readonly #columns: number
  readonly #width: number
  readonly #spans: WardSpans
  readonly #views: WardViews
  /** Slots in use: the first `#size`. */
  readonly #slots: Int32Array
  #size: number
  /** `[n]` the round in which the cluster in a slot last was merged. */
  readonly #merged: Int32Array
  /** `[n]` where in the quads a slot's centroid lies. */
  readonly #placeOf: Int32Array
  #round = 0
  /** Slots whose nearest has to be found: the first of `queries`. */
  #queries: number
  #firstLeaf = 0
  /** Places that the tree takes, a multiple of 4, and those that came since. */
  #treePlaces = 0
  #fresh = 0

  constructor(kernels: Kernels, data: Matrix, weights: Float64Array | undefined) {
    const { rows, columns } = data
    this.#kernels = kernels
    this.#columns = columns
    this.#width = columns + (columns % 2)
    this.#slots = Int32Array.from({ length: rows }, (_, row) => row)
    this.#size = rows
    this.#queries = rows
    this.#merged = new Int32Array(rows)
    this.#placeOf = new Int32Array(rows)
    const padded = paddedRows(data, this.#width)
    const tree = buildKdTree({ rows, columns: this.#width, values: padded }, this.#slots)
    this.#spans = allocate(kernels.arena, tree, columns)
    this.#views = viewsOf(this.#spans)
    this.#views.centroids.set(padded)
    this.#views.weights.set(weights ?? new Float64Array(rows).fill(1))
    this.#views.queries.set(this.#slots)
    this.#plant(tree)
  }

  /** Clusters that are left. */
  get size(): number {
    return this.#size
  }

  /** Finds the nearest of every cluster that does not know it. */
  async search(): Promise<void> {
    const spans = this.#spans
    const [freshFrom, freshTo] = [this.#treePlaces / 4, Math.ceil((this.#treePlaces + this.#fresh) / 4)]
    const tasks: number[][] = []
    for (let from = 0; from < this.#queries; from += taskQueries) {
      tasks.push([
        spans.queries.at,
        from,
        Math.min(this.#queries, from + taskQueries),
        this.#columns,
        ...[spans.centroids, spans.weights, spans.quads, spans.names, spans.quadWeights].map(({ at }) => at),
        ...[spans.lower, spans.upper, spans.lightest, spans.ranges].map(({ at }) => at),
        this.#firstLeaf,
        freshFrom,
        freshTo,
        spans.stacks.at + tasks.length * stackLength * 8,
        spans.nearest.at,
        spans.squares.at,
      ])
    }
    await this.#kernels.run('nearestByWard', tasks)
  }

  /** All pairs of clusters that are each other's nearest; at least one while there are two clusters. */
  closestPairs(): ClosestPair[] {
    const { nearest, squares } = this.#views
    const pairs: ClosestPair[] = []
    let least = this.#slots[0]!
    for (let at = 0; at < this.#size; at += 1) {
      const slot = this.#slots[at]!
      const other = nearest[slot]!
      if (other > slot && nearest[other] === slot) pairs.push({ gone: slot, kept: other, square: squares[slot]! })
      if (squares[slot]! < squares[least]!) least = slot
    }
    if (pairs.length > 0) return pairs
    // Rounding can make a new cluster nearer to another than what that one found before: then nobody is each other's nearest.
    const other = nearest[least]!
    return [{ gone: Math.min(least, other), kept: Math.max(least, other), square: squares[least]! }]
  }

  merge(pairs: readonly ClosestPair[]): void {
    this.#round += 1
    const isCrowded = this.#fresh + pairs.length > freshMaxOf(this.#size)
    for (const { gone, kept } of pairs) {
      this.#join(gone, kept)
      this.#vacate(gone)
      this.#vacate(kept)
      if (!isCrowded) this.#addFresh(kept)
      this.#merged[gone] = this.#round
      this.#merged[kept] = this.#round
    }
    const slots = this.#slots
    const { nearest, weights, queries } = this.#views
    let size = 0
    for (let at = 0; at < this.#size; at += 1) if (weights[slots[at]!]! > 0) slots[size++] = slots[at]!
    this.#size = size
    if (isCrowded) {
      const values = this.#views.centroids
      this.#plant(buildKdTree({ rows: this.#merged.length, columns: this.#width, values }, slots.subarray(0, size)))
    }
    this.#queries = 0
    for (let at = 0; at < size; at += 1) {
      const slot = slots[at]!
      if (this.#merged[slot] !== this.#round && this.#merged[nearest[slot]!] !== this.#round) continue
      queries[this.#queries] = slot
      this.#queries += 1
    }
  }

  #join(gone: number, kept: number): void {
    const { centroids, weights } = this.#views
    const width = this.#width
    const weight = weights[gone]! + weights[kept]!
    const share = weights[gone]! / weight
    for (let column = 0; column < width; column += 1) {
      const at = kept * width + column
      centroids[at]! += share * (centroids[gone * width + column]! - centroids[at]!)
    }
    weights[kept] = weight
    weights[gone] = 0
  }

  /** Fills the tree's quads; the slots in use are those of its places, in their order. */
  #plant(tree: KdTree): void {
    const { weights, lower, upper, lightest, ranges } = this.#views
    lower.set(tree.lower)
    upper.set(tree.upper)
    this.#firstLeaf = tree.firstLeaf
    this.#fresh = 0
    let place = 0
    for (let node = tree.first.length - 1; node >= 0; node -= 1) lightest[node] = Infinity
    for (let node = tree.firstLeaf; node < tree.first.length; node += 1) {
      ranges[node - tree.firstLeaf] = place / 4
      for (let at = tree.first[node]!; at < tree.end[node]!; at += 1, place += 1) {
        const slot = tree.rows[at]!
        this.#put(slot, place)
        lightest[node] = Math.min(lightest[node]!, weights[slot]!)
      }
      for (; place % 4 > 0; place += 1) this.#empty(place)
    }
    ranges[tree.first.length - tree.firstLeaf] = place / 4
    this.#treePlaces = place
    for (let node = tree.firstLeaf - 1; node >= 0; node -= 1) {
      lightest[node] = Math.min(lightest[2 * node + 1]!, lightest[2 * node + 2]!)
    }
  }

  #addFresh(slot: number): void {
    const place = this.#treePlaces + this.#fresh
    if (place % 4 === 0) for (let other = place + 1; other < place + 4; other += 1) this.#empty(other)
    this.#put(slot, place)
    this.#fresh += 1
  }

  #put(slot: number, place: number): void {
    const { quads, names, quadWeights, centroids, weights } = this.#views
    this.#placeOf[slot] = place
    names[place] = slot
    quadWeights[place] = weights[slot]!
    let at = this.#firstColumnOf(place)
    for (let column = 0; column < this.#columns; column += 1, at += 4)
      quads[at] = centroids[slot * this.#width + column]!
  }

  #vacate(slot: number): void {
    this.#views.quads[this.#firstColumnOf(this.#placeOf[slot]!)] = Infinity
  }

  #empty(place: number): void {
    const { quads, names, quadWeights } = this.#views
    names[place] = -1
    quadWeights[place] = 1
    let at = this.#firstColumnOf(place)
    for (let column = 0; column < this.#columns; column += 1, at += 4) quads[at] = column === 0 ? Infinity : 0
  }

  #firstColumnOf(place: number): number {
    return (place >> 2) * 4 * this.#columns + (place & 3)
  }
}

const stackLength = 128

const freshMaxOf = (clusters: number): number => Math.max(freshMin, Math.floor(clusters * freshShare))

type WardSpans = ReturnType<typeof allocate>

/** Room for the first tree, which is the largest, and for what comes before the next. */
function allocate(arena: Arena, tree: KdTree, columns: number) {
  const n = tree.rows.length
  const nodes = tree.first.length
  const width = tree.columns
  let quads = Math.ceil((freshMaxOf(n) + 3) / 4)
  for (let leaf = tree.firstLeaf; leaf < nodes; leaf += 1) quads += Math.ceil((tree.end[leaf]! - tree.first[leaf]!) / 4)
  return {
    centroids: arena.float64(n * width),
    weights: arena.float64(n),
    nearest: arena.int32(n),
    squares: arena.float64(n),
    queries: arena.int32(n),
    quads: arena.float64(quads * 4 * columns),
    names: arena.int32(quads * 4),
    quadWeights: arena.float64(quads * 4),
    lower: arena.float64(nodes * width),
    upper: arena.float64(nodes * width),
    lightest: arena.float64(nodes),
    ranges: arena.int32(nodes - tree.firstLeaf + 1),
    stacks: arena.float64(Math.ceil(n / taskQueries) * stackLength),
  }
}

type WardViews = { readonly [Name in keyof WardSpans]: WardSpans[Name] extends Span<infer A> ? A : never }

const viewsOf = (spans: WardSpans): WardViews => ({
  centroids: spans.centroids.view,
  weights: spans.weights.view,
  nearest: spans.nearest.view,
  squares: spans.squares.view,
  queries: spans.queries.view,
  quads: spans.quads.view,
  names: spans.names.view,
  quadWeights: spans.quadWeights.view,
  lower: spans.lower.view,
  upper: spans.upper.view,
  lightest: spans.lightest.view,
  ranges: spans.ranges.view,
  stacks: spans.stacks.view,
})

function paddedRows({ rows, columns, values }: Matrix, width: number): Float64Array {
  const padded = new Float64Array(rows * width)
  for (let row = 0; row < rows; row += 1) {
    padded.set(values.subarray(row * columns, (row + 1) * columns), row * width)
  }
  return padded
}
