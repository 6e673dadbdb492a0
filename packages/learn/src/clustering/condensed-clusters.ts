import type { Matrix, Work } from '@rapport/numerics'
import { squaredPointDistance } from './kd-tree.ts'
import type { MergingClusters } from './merge-chain.ts'
import { WorkPace } from './work-pace.ts'

/** Clusters under average or complete linkage, which need the distances of all pairs. */
export class CondensedClusters implements MergingClusters {
  distance = 0
  steps = 0
  readonly #isAverage: boolean
  /** `[n (n − 1) / 2]` the distance of each pair, row after row of the upper triangle. */
  readonly #distances: Float64Array
  /** `[n]` where the pairs of a slot with larger ones would begin, were there one with slot 0. */
  readonly #starts: Float64Array
  readonly #weights: Float64Array
  /** Slots that hold a cluster, ascending. */
  #held: Int32Array

  /** @param distances `[n (n − 1) / 2]` as `pairDistances` gives them; they are overwritten */
  constructor(distances: Float64Array, rows: number, isAverage: boolean, weights: Float64Array | undefined) {
    this.#isAverage = isAverage
    this.#weights = weights?.slice() ?? new Float64Array(rows).fill(1)
    this.#held = Int32Array.from({ length: rows }, (_, row) => row)
    this.#starts = Float64Array.from({ length: rows }, (_, row) => row * rows - (row * (row + 1)) / 2 - row - 1)
    this.#distances = distances
  }

  nearest(slot: number, before: number): number {
    let nearest = before
    let least = before < 0 ? Infinity : this.#distances[this.#placeOf(slot, before)]!
    for (const other of this.#held) {
      if (other === slot) continue
      const distance = this.#distances[this.#placeOf(slot, other)]!
      if (distance < least) {
        least = distance
        nearest = other
      }
    }
    this.steps = this.#held.length
    this.distance = least
    return nearest
  }

  merge(gone: number, kept: number): void {
    this.#held = this.#held.filter((slot) => slot !== gone)
    const total = this.#weights[gone]! + this.#weights[kept]!
    const share = this.#weights[gone]! / total
    this.#weights[kept] = total
    for (const other of this.#held) {
      if (other === kept) continue
      const place = this.#placeOf(kept, other)
      const ofGone = this.#distances[this.#placeOf(gone, other)]!
      const ofKept = this.#distances[place]!
      this.#distances[place] = this.#isAverage ? share * ofGone + (1 - share) * ofKept : Math.max(ofGone, ofKept)
    }
  }

  #placeOf(a: number, b: number): number {
    return a < b ? this.#starts[a]! + b : this.#starts[b]! + a
  }
}

/**
 * `[n (n − 1) / 2]` the Euclidean distance of each pair of rows, row after row of the upper triangle.
 *
 * @throws RapportError `work.aborted`
 */
export async function pairDistances({ rows, columns, values }: Matrix, work: Work | undefined): Promise<Float64Array> {
  const distances = new Float64Array((rows * (rows - 1)) / 2)
  const pace = new WorkPace(work)
  for (let row = 0, at = 0; row < rows; row += 1) {
    if (pace.isDue(rows - row)) await pace.turn('distances', row, rows)
    for (let other = row + 1; other < rows; other += 1, at += 1) {
      distances[at] = Math.sqrt(squaredPointDistance(values, row * columns, values, other * columns, columns))
    }
  }
  return distances
}
