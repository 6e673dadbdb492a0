import { type Kernels, RapportError, type Span } from '@rapport/numerics'
import type { LoadedRows } from './loaded-rows.ts'

export interface LloydOptions {
  /** Largest sum of squared centroid moves, in squared data units, at which the rounds end. */
  readonly shiftMax: number
  readonly roundsMax: number
}

/** Where one start ended. */
export interface LloydResult {
  /** `[clusters × width]` */
  readonly centroids: Float64Array
  /** `[rows]` */
  readonly labels: Int32Array
  /** `[rows]` squared distance to the row's centroid. */
  readonly distances: Float64Array
  readonly inertia: number
  readonly rounds: number
  readonly isConverged: boolean
}

/**
 * Lloyd's rounds from given centroids: every row to its nearest centroid, every centroid to the mean of its rows.
 *
 * The result is Lloyd's, up to rounding; Hamerly's bounds only leave out distances that could not change it, and sums
 * are kept by what enters and leaves a cluster. A cluster that lost all rows takes the row farthest from its own
 * centroid, as in scikit-learn.
 *
 * @throws RapportError `k-means.distinct` when a cluster stays empty because no row is away from its centroid
 */
export async function lloyd(
  kernels: Kernels,
  data: LoadedRows,
  start: Float64Array,
  options: LloydOptions,
): Promise<LloydResult> {
  const mark = kernels.arena.mark()
  const state = new LloydState(kernels, data, start)
  let rounds = 0
  let isConverged = false
  let isSettled = false
  while (rounds < options.roundsMax && !isConverged) {
    rounds += 1
    const changed = await state.assign()
    if (changed === 0) {
      isConverged = true
      isSettled = true
      break
    }
    isConverged = (await state.moveCentroids()) <= options.shiftMax
  }
  // Labels must be those of the centroids that are handed out, which moved after the last assignment.
  if (!isSettled) await state.assign()
  const { total, distances } = await state.distances()
  const result = {
    centroids: state.centroids.view.slice(),
    labels: state.labels.view.slice(),
    distances: distances.slice(),
    inertia: total,
    rounds,
    isConverged,
  }
  kernels.arena.release(mark)
  return result
}

/** One start's bookkeeping in the arena. */
class LloydState {
  readonly centroids: Span<Float64Array>
  readonly labels: Span<Int32Array>
  readonly #kernels: Kernels
  readonly #data: LoadedRows
  readonly #clusters: number
  readonly #motion: Span<Float64Array>
  readonly #upper: Span<Float64Array>
  readonly #lower: Span<Float64Array>
  readonly #changes: Span<Float64Array>
  readonly #tasks: number[][]
  /** Sums, weights and row counts of the clusters, as one block's changes are laid out. */
  readonly #totals: Float64Array

  constructor(kernels: Kernels, data: LoadedRows, start: Float64Array) {
    const { arena } = kernels
    const { rows, width, blocks } = data
    const k = start.length / width
    this.#kernels = kernels
    this.#data = data
    this.#clusters = k
    this.centroids = arena.float64(k * width)
    this.labels = arena.int32(rows)
    this.#motion = arena.float64(3 * k)
    this.#upper = arena.float64(rows)
    this.#lower = arena.float64(rows)
    this.#totals = new Float64Array(k * width + 2 * k)
    this.#changes = arena.float64(blocks.length * this.#totals.length)
    const scratchLength = 8 * width + 32
    const scratch = arena.float64(blocks.length * scratchLength)
    this.centroids.view.set(start)
    this.labels.view.fill(-1)
    this.#tasks = blocks.map(({ from, to }, block) => [
      data.values.at,
      width,
      from,
      to,
      this.centroids.at,
      k,
      this.#motion.at,
      this.labels.at,
      this.#upper.at,
      this.#lower.at,
      data.weights?.at ?? 0,
      scratch.at + block * scratchLength * 8,
      this.#changes.at + block * this.#totals.length * 8,
    ])
  }

  /** Every row to its nearest centroid; how many rows changed cluster. */
  async assign(): Promise<number> {
    const changed = await this.#kernels.run('assignRows', this.#tasks)
    const totals = this.#totals
    const changes = this.#changes.view
    for (let at = 0; at < changes.length; ) {
      for (let place = 0; place < totals.length; place += 1, at += 1) totals[place]! += changes[at]!
    }
    return changed.reduce((sum, count) => sum + count, 0)
  }

  /** Every centroid to the mean of its rows; the sum of squared moves. */
  async moveCentroids(): Promise<number> {
    const { width } = this.#data
    const k = this.#clusters
    const totals = this.#totals
    const empty: number[] = []
    for (let cluster = 0; cluster < k; cluster += 1) {
      if (totals[k * width + k + cluster] !== 0) continue
      // What rounding left of rows that came and went.
      totals.fill(0, cluster * width, (cluster + 1) * width)
      totals[k * width + cluster] = 0
      empty.push(cluster)
    }
    const sums = empty.length > 0 ? await this.#withRowsMoved(empty) : totals
    const centroids = this.centroids.view
    const moves = new Float64Array(k)
    for (let cluster = 0; cluster < k; cluster += 1) {
      let square = 0
      for (let column = 0; column < width; column += 1) {
        const place = cluster * width + column
        const mean = sums[place]! / sums[k * width + cluster]!
        square += (mean - centroids[place]!) ** 2
        centroids[place] = mean
      }
      moves[cluster] = square
    }
    this.#noteMotion(moves)
    return moves.reduce((sum, square) => sum + square, 0)
  }

  /** Squared distances to the rows' own centroids, and their weighted sum. */
  async distances(): Promise<{ total: number; distances: Float64Array }> {
    const { arena } = this.#kernels
    const { values, width, weights, blocks, rows } = this.#data
    const mark = arena.mark()
    const out = arena.float64(rows)
    const sums = await this.#kernels.run(
      'distancesToOwn',
      blocks.map(({ from, to }) => [
        values.at,
        width,
        from,
        to,
        this.centroids.at,
        this.labels.at,
        weights?.at ?? 0,
        out.at,
      ]),
    )
    arena.release(mark)
    return { total: sums.reduce((sum, block) => sum + block, 0), distances: out.view }
  }

  /** The totals as they would be if the farthest rows made up the empty clusters; labels follow in the next round. */
  async #withRowsMoved(empty: readonly number[]): Promise<Float64Array> {
    const { values, width, weights } = this.#data
    const k = this.#clusters
    const { distances } = await this.distances()
    const farthest = farthestRows(distances, empty.length)
    if (!(distances[farthest.at(-1)!]! > 0)) {
      throw new RapportError(
        'k-means.distinct',
        `clusters must be at most the number of distinct rows, got ${k} clusters of which ${empty.length} stay empty`,
      )
    }
    const sums = this.#totals.slice()
    const labels = this.labels.view
    empty.forEach((cluster, place) => {
      const row = farthest[place]!
      const weight = weights ? weights.view[row]! : 1
      const from = labels[row]!
      for (let column = 0; column < width; column += 1) {
        const share = values.view[row * width + column]! * weight
        sums[from * width + column]! -= share
        sums[cluster * width + column] = share
      }
      sums[k * width + from]! -= weight
      sums[k * width + cluster] = weight
    })
    return sums
  }

  /** What the kernel's bounds need to know: own move, farthest other move, half the gap to the nearest other. */
  #noteMotion(moves: Float64Array): void {
    const { width } = this.#data
    const k = this.#clusters
    const centroids = this.centroids.view
    const motion = this.#motion.view
    for (let cluster = 0; cluster < k; cluster += 1) {
      let farthestMove = 0
      let nearestGap = Infinity
      for (let other = 0; other < k; other += 1) {
        if (other === cluster) continue
        farthestMove = Math.max(farthestMove, moves[other]!)
        let square = 0
        for (let column = 0; column < width; column += 1) {
          square += (centroids[cluster * width + column]! - centroids[other * width + column]!) ** 2
        }
        nearestGap = Math.min(nearestGap, square)
      }
      motion[cluster] = Math.sqrt(moves[cluster]!)
      motion[k + cluster] = Math.sqrt(farthestMove)
      motion[2 * k + cluster] = Math.sqrt(nearestGap) / 2
    }
  }
}

/** The `count` rows with the largest distances, farthest first; the earlier row wins a tie. */
function farthestRows(distances: Float64Array, count: number): number[] {
  const farthest: number[] = []
  for (let row = 0; row < distances.length; row += 1) {
    if (farthest.length === count && !(distances[row]! > distances[farthest.at(-1)!]!)) continue
    const place = farthest.findIndex((other) => distances[row]! > distances[other]!)
    farthest.splice(place < 0 ? farthest.length : place, 0, row)
    if (farthest.length > count) farthest.pop()
  }
  return farthest
}
