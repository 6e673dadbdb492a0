import type { Instant } from '../../base/index.ts'
import type { LiveValues } from '../../features/index.ts'
import type { Due } from './affected.ts'
import type { Evaluation } from './evaluation.ts'

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

  /** @param evaluation of the customer */
  set(customer: number, watches: readonly Due[], evaluation: Evaluation, values: LiveValues): void {
    const place = Math.floor(customer / customersAtOnce)
    let block = this.blocks[place]
    if (block === undefined) {
      block = new Float64Array(customersAtOnce * this.watches).fill(Number.POSITIVE_INFINITY)
      this.blocks[place] = block
    }
    const from = (customer % customersAtOnce) * this.watches
    for (const { place, next, isPart } of watches) {
      const at = next(evaluation, values)
      if (!isPart || at < block[from + place]!) block[from + place] = at
    }
  }

  /** When the first of a customer's watches is due; Infinity where none is. */
  first(customer: number): Instant {
    const block = this.blocks[Math.floor(customer / customersAtOnce)]
    let first = Number.POSITIVE_INFINITY
    if (block === undefined) return first
    const from = (customer % customersAtOnce) * this.watches
    for (let place = from; place < from + this.watches; place += 1) {
      const at = block[place]!
      if (at < first) first = at
    }
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
