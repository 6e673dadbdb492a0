import type { Instant } from '../../base/index.ts'

/**
 * The ids that were taken lately: between half of `most` and `most` of them, in two generations of which the older one
 * is dropped when the newer one is full. Memory is bounded; what is older has to be looked up in the log.
 */
export class KnownIds {
  /** Every id that was added since this moment is known. */
  since: Instant
  readonly #perGeneration: number
  #newerBegan: Instant
  #newer = new Set<string>()
  #older = new Set<string>()

  /** @param most at least 2 */
  constructor(most: number, since: Instant) {
    this.#perGeneration = Math.floor(most / 2)
    this.since = since
    this.#newerBegan = since
  }

  has(id: string): boolean {
    return this.#newer.has(id) || this.#older.has(id)
  }

  add(id: string, at: Instant): void {
    this.#newer.add(id)
    if (this.#newer.size < this.#perGeneration) return
    if (this.#older.size > 0) this.since = this.#newerBegan
    this.#older = this.#newer
    this.#newer = new Set()
    this.#newerBegan = at
  }

  /** Of ids that were added and did not get on disk. */
  remove(id: string): void {
    this.#newer.delete(id)
    this.#older.delete(id)
  }
}
