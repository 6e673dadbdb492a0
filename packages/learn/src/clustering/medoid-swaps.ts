import type { GowerDistances } from './gower.ts'

/** Medoids, what is nearest to each row, and what swapping a medoid for another row would change. */
export class MedoidSwaps {
  readonly medoids: Int32Array
  readonly #distances: GowerDistances
  readonly #weights: Float64Array
  /** By medoid, its distance to every row. */
  readonly #ofMedoids: readonly Float64Array[]
  /** `[n]` the nearest medoid and the second nearest, as places in `medoids`. */
  readonly #first: Int32Array
  readonly #second: Int32Array
  /** `[medoids]` how much the loss would grow without each. */
  readonly #removalLoss: Float64Array
  readonly #candidate: Float64Array
  /** A loss must fall by more than this, so that rounding cannot make two swaps undo each other for ever. */
  readonly #leastGain: number

  /** @param medoids at least two different rows */
  constructor(distances: GowerDistances, weights: Float64Array, medoids: Int32Array) {
    const n = distances.rows
    this.medoids = medoids.slice()
    this.#distances = distances
    this.#weights = weights
    this.#ofMedoids = Array.from(medoids, (row) => {
      const own = new Float64Array(n)
      distances.fill(row, own)
      return own
    })
    this.#first = new Int32Array(n)
    this.#second = new Int32Array(n)
    this.#removalLoss = new Float64Array(medoids.length)
    this.#candidate = new Float64Array(n)
    this.#leastGain = 1e-12 * weights.reduce((sum, weight) => sum + weight, 0)
    this.#assign()
  }

  /**
   * Swaps a row for the medoid for which that lowers the loss most, if for any.
   *
   * One pass over the rows weighs all medoids: what a row gains by the new medoid, whoever leaves, is summed once, and
   * only what depends on its own medoid's leaving is noted with that one.
   *
   * @returns whether it was swapped
   */
  trySwap(row: number): boolean {
    if (this.medoids.includes(row)) return false
    const candidate = this.#candidate
    this.#distances.fill(row, candidate)
    const change = this.#removalLoss.slice()
    let gain = 0
    for (let other = 0; other < candidate.length; other += 1) {
      const first = this.#first[other]!
      const nearest = this.#ofMedoids[first]![other]!
      const second = this.#ofMedoids[this.#second[other]!]![other]!
      const weight = this.#weights[other]!
      if (candidate[other]! < nearest) {
        gain += weight * (candidate[other]! - nearest)
        change[first]! += weight * (nearest - second)
      } else if (candidate[other]! < second) change[first]! += weight * (candidate[other]! - second)
    }
    let best = 0
    for (let medoid = 1; medoid < change.length; medoid += 1) if (change[medoid]! < change[best]!) best = medoid
    if (!(change[best]! + gain < -this.#leastGain)) return false
    this.medoids[best] = row
    this.#ofMedoids[best]!.set(candidate)
    this.#assign()
    return true
  }

  #assign(): void {
    this.#removalLoss.fill(0)
    for (let row = 0; row < this.#first.length; row += 1) {
      let first = 0
      let second = -1
      for (let medoid = 1; medoid < this.#ofMedoids.length; medoid += 1) {
        const distance = this.#ofMedoids[medoid]![row]!
        if (distance < this.#ofMedoids[first]![row]!) {
          second = first
          first = medoid
        } else if (second < 0 || distance < this.#ofMedoids[second]![row]!) second = medoid
      }
      this.#first[row] = first
      this.#second[row] = second
      const grows = this.#ofMedoids[second]![row]! - this.#ofMedoids[first]![row]!
      this.#removalLoss[first]! += this.#weights[row]! * grows
    }
  }
}
