import type { Instant } from '../../base/index.ts'
import type { LeafSet, LiveValues } from '../../features/index.ts'
import { type Affected, AffectedSegments } from './affected.ts'
import type { CompiledSegments } from './compiled.ts'
import type { Evaluation } from './evaluation.ts'
import { MemberBits } from './member-bits.ts'
import type { TimerHeap } from './timer-heap.ts'
import { WatchMoments } from './watch-moments.ts'

/** When each customer must be looked at next, and at which segments, by their numbers. */
export class Schedule {
  private readonly affected: AffectedSegments
  private readonly timers: TimerHeap
  /** Who was looked at whole since these segments went by these values: for others nothing can be left out. */
  private readonly looked = new MemberBits()
  private readonly moments: WatchMoments

  /** @param timers of whoever was looked at before, by other segments or before a stop */
  constructor(compiled: CompiledSegments, timers: TimerHeap) {
    this.affected = new AffectedSegments(compiled)
    this.timers = timers
    this.moments = new WatchMoments(this.affected.watches.length)
  }

  /** Everything, for whoever must be looked at whole. */
  get all(): Affected {
    return this.affected.all
  }

  /** These segments, by their places, where time is seen to already. */
  only(places: ReadonlySet<number>): Affected {
    return this.affected.only(places)
  }

  /** @param touched leaves that may be others */
  by(touched: LeafSet): Affected {
    return this.affected.by(touched)
  }

  /** What time may have changed of a customer by a moment. */
  byTime(customer: number, at: Instant): Affected {
    return this.affected.byDue(this.moments.due(customer, at))
  }

  isLookedAt(customer: number): boolean {
    return this.looked.has(customer)
  }

  /** After everything of a customer was looked at. */
  setWhole(customer: number, evaluation: Evaluation, values: LiveValues): void {
    this.looked.set(customer, true)
    this.set(customer, this.all, evaluation, values)
  }

  /** After a customer was looked at. @param evaluation of the customer */
  set(customer: number, { watches }: Affected, evaluation: Evaluation, values: LiveValues): void {
    this.moments.set(customer, watches, evaluation, values)
    this.timers.set(customer, this.moments.first(customer))
  }

  forget(customer: number): void {
    this.timers.set(customer, Number.POSITIVE_INFINITY)
    this.looked.set(customer, false)
  }
}
