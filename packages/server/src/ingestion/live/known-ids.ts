/**
 * The keys that were taken lately: between half of `most` and `most` of them, in two generations of which the older one
 * is dropped when the newer one is full. Memory is bounded; what is older has to be looked up in the log.
 */
export class KnownIds {
  readonly #perGeneration: number
  #newer = new Set<bigint>()
  #older = new Set<bigint>()

  /** @param most at least 2 */
  constructor(most: number) {
    this.#perGeneration = Math.floor(most / 2)
  }

  has(key: bigint): boolean {
    return this.#newer.has(key) || this.#older.has(key)
  }

  /** @returns whether keys were dropped for it: those of before are not all known any more */
  add(key: bigint): boolean {
    this.#newer.add(key)
    if (this.#newer.size < this.#perGeneration) return false
    const drops = this.#older.size > 0
    this.#older = this.#newer
    this.#newer = new Set()
    return drops
  }
}
