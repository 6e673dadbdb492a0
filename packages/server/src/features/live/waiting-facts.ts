import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import { type Timed, Timers } from './timers.ts'

/** Facts that may wait for their time: a customer who says 2099 a million times must not fill the memory. */
export const waitingMax = 100_000

interface Waiting extends Timed {
  readonly fact: Fact
}

/** Facts that carry a later time than it is. */
export class WaitingFacts {
  private readonly timers = new Timers<Waiting>()
  private readonly byKey = new Map<string, Waiting>()
  private lost = Infinity

  get size(): number {
    return this.byKey.size
  }

  /** When the next one happens; Infinity where none waits. */
  get next(): Instant {
    return this.timers.next
  }

  /** From when on everything must be built anew, because facts found no place here; Infinity where all did. */
  get lostFrom(): Instant {
    return this.lost
  }

  /** As a snapshot has it. */
  restore(waiting: Iterable<{ readonly fact: Fact; readonly until: Instant }>, lostFrom: Instant): void {
    for (const { fact, until } of waiting) this.add(fact, until)
    this.lost = lostFrom
  }

  /** @returns whether it waits now and did not before */
  add(fact: Fact, until: Instant): boolean {
    const key = keyOf(fact)
    if (this.byKey.has(key)) return false
    if (this.byKey.size >= waitingMax) {
      this.lost = Math.min(this.lost, until)
      return false
    }
    const waiting: Waiting = { fact, dueAt: Infinity }
    this.byKey.set(key, waiting)
    this.timers.set(waiting, until)
    return true
  }

  take(by: Instant): Fact | undefined {
    const waiting = this.timers.take(by)
    if (waiting !== undefined) this.byKey.delete(keyOf(waiting.fact))
    return waiting?.fact
  }

  /** Lets those of some customers go. */
  forget(customerIds: ReadonlySet<string>): void {
    for (const [key, waiting] of this.byKey) {
      if (waiting.fact.customerId === null || !customerIds.has(waiting.fact.customerId)) continue
      this.byKey.delete(key)
      this.timers.set(waiting, Infinity)
    }
  }

  *[Symbol.iterator](): Generator<{ readonly fact: Fact; readonly until: Instant }> {
    for (const { fact, dueAt } of this.byKey.values()) yield { fact, until: dueAt }
  }
}

const keyOf = ({ kind, key }: Fact): string => `${kind} ${key}`
