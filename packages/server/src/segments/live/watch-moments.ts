import type { Instant } from '../../base/index.ts'

const customersAtOnce = 1024

/**
 * When each of a customer's watches is due: a table of moments, a row a customer, so that a moment that has come is known to
 * concern one watch and not all. Eight bytes for each watch of each customer who was looked at.
 */
export class WatchMoments {
  private readonly watches: number
  private readonly blocks: (Float64Array | undefined)[] = []

  /** @param watches how many each customer has */
  constructor(watches: number) {
    this.watches = watches
  }

  set(customer: number, watch: number, at: Instant): void {
    const block = Math.floor(customer / customersAtOnce)
    this.blocks[block] ??= new Float64Array(customersAtOnce * this.watches).fill(Number.POSITIVE_INFINITY)
    this.blocks[block][(customer % customersAtOnce) * this.watches + watch] = at
  }

  /** When the first of a customer's watches is due; Infinity where none is. */
  first(customer: number): Instant {
    const block = this.blocks[Math.floor(customer / customersAtOnce)]
    let first = Number.POSITIVE_INFINITY
    if (block === undefined) return first
    const from = (customer % customersAtOnce) * this.watches
    for (let at = from; at < from + this.watches; at += 1) if (block[at]! < first) first = block[at]!
    return first
  }

  /** The watches of a customer that are due by a moment, ascending. */
  due(customer: number, by: Instant): readonly number[] {
    const block = this.blocks[Math.floor(customer / customersAtOnce)]
    const due: number[] = []
    if (block === undefined) return due
    const from = (customer % customersAtOnce) * this.watches
    for (let watch = 0; watch < this.watches; watch += 1) if (block[from + watch]! <= by) due.push(watch)
    return due
  }

  bytes(): number {
    return this.blocks.reduce((sum, block) => sum + (block?.byteLength ?? 0), 0)
  }
}
