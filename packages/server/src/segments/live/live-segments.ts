import type { Instant } from '../../base/index.ts'
import type { LiveValues } from '../../features/index.ts'
import type { Affected } from './affected.ts'
import { Backfill } from './backfill.ts'
import type { CompiledSegments } from './compiled.ts'
import type { CustomerSlots } from './customer-slots.ts'
import { DayOf, type DaySize } from './day-sizes.ts'
import { decidingClauses } from './deciding.ts'
import { Evaluation, type ListMembers } from './evaluation.ts'
import { ListContents, type ListNames } from './list-contents.ts'
import { Membership } from './membership.ts'
import type { Cause, Movement, MovementReason } from './movement.ts'
import { Replay, type Unnumbered } from './replay.ts'
import { Schedule } from './schedule.ts'
import { type CapturedSegments, captureOf, restoreParts, type SegmentsSnapshot } from './snapshot.ts'
import type { TimerHeap } from './timer-heap.ts'

/** From here on it is the clock that was set back, and not messages that came out of order, ms. */
const setBackMs = 30_000

/** What segments are made of. */
export interface SegmentSources {
  readonly compiled: CompiledSegments
  /** Of a plan that has the leaves of the compiled one at the same places. */
  readonly values: LiveValues
  /** Ids on lists, by the list's id. Default none. */
  readonly lists?: ReadonlyMap<string, Iterable<string>>
  /** Whom these ids name. Default: each the customer who is called so. */
  readonly names?: ListNames
}

/** Where segments were when they were stopped. */
export interface SegmentsBefore {
  readonly snapshot: SegmentsSnapshot
  /** What was told since, in order: it is not told again. */
  readonly told: readonly Movement[]
}

/**
 * Who is in which segment now, of every customer who is known.
 *
 * Somebody is looked at when something became known of them (`take`), and when the first of the moments has come at which
 * a test of theirs can change by itself (`passTo`); nobody else is. What is told is a function of what was taken and when:
 * after a restart from a snapshot the same facts are taken again, and of the movements that they give those are told that
 * were not before, with the numbers that they would have had.
 *
 * Moments do not go back, but for `change`: what comes with an earlier one is taken at the latest that there was.
 */
export class LiveSegments implements ListMembers {
  private compiled: CompiledSegments
  private values: LiveValues
  private readonly lists: ListContents
  private readonly slots: CustomerSlots
  private readonly timers: TimerHeap
  private memberships: readonly Membership[]
  private waiting: Backfill
  private schedule: Schedule
  private evaluation: Evaluation
  private clock: Instant
  private days: DayOf
  /** Undefined once everything is in that was before the last stop. */
  private replay: Replay | undefined
  /** Whether everybody is known who was before the last stop. */
  private isWhole: boolean
  /** Segments that are no more, of which everybody must still leave. */
  private ended: readonly Membership[]

  /** @param before default none: everybody is new */
  constructor({ compiled, values, lists, names }: SegmentSources, before?: SegmentsBefore) {
    this.compiled = compiled
    this.values = values
    this.lists = new ListContents(lists, names)
    this.evaluation = new Evaluation(compiled, values, this.lists)
    this.days = new DayOf(compiled.timezone)
    const parts = restoreParts(compiled, this.lists, this.days, before)
    this.slots = parts.slots
    this.timers = parts.timers
    this.schedule = new Schedule(compiled, parts.timers)
    this.memberships = parts.memberships
    this.waiting = new Backfill(parts.changed, this.everybody())
    this.clock = parts.clock
    this.replay = before === undefined ? undefined : new Replay(parts.told)
    this.isWhole = before === undefined
    this.ended = parts.ended
  }

  /**
   * After the last of the facts that were taken in before the stop; nothing is told before. From now on segments that are
   * new or changed are filled.
   *
   * @returns what was not told before the stop, and who left segments that are no more
   */
  endReplay(): readonly Movement[] {
    this.isWhole = true
    return this.tellAtOnce()
  }

  /**
   * Where no fact comes again: from now on whoever is looked at moves, and until `endReplay` each who is looked at for the
   * first time is for new segments too.
   *
   * @returns who left segments that are no more
   */
  tellAtOnce(): readonly Movement[] {
    if (this.replay === undefined) return []
    const movements: Movement[] = []
    const untold = this.replay.end((segment, customer) => this.isMember(segment, customer), this.clock)
    this.replay = undefined
    for (const movement of untold) movements.push(this.numbered(this.membershipOf(movement.segment), movement))
    for (const membership of this.ended) this.empty(membership, movements)
    this.ended = []
    return movements
  }

  /**
   * Takes in what became known of customers.
   *
   * @param apply brings it into the values; segments are first brought to the moment before
   * @returns who came and left, in order of time
   */
  take(
    customers: readonly string[],
    at: Instant,
    apply: () => void,
    because: Exclude<Cause, 'time' | 'definition' | 'list'> = 'event',
  ): readonly Movement[] {
    const movements = this.passTo(at)
    if (this.waiting.left > 0) for (const customer of customers) this.firstLook(customer, movements)
    const { batches } = this.values
    apply()
    this.clock = Math.max(this.clock, at)
    // Nothing else than one batch came in: then it is known what that touched.
    const isOneBatch = batches !== undefined && this.values.batches === batches + 1
    for (const customer of customers) this.lookAfter(customer, isOneBatch, because, movements)
    return movements
  }

  /** Looks at somebody of whom nothing became known, for all segments. @returns who came and left */
  lookAgain(customer: string, at: Instant, because: Cause = 'event'): readonly Movement[] {
    const movements = this.passTo(at)
    this.clock = Math.max(this.clock, at)
    this.look(this.slotOf(customer), this.clock, because, movements)
    return movements
  }

  /**
   * Lets time pass up to a moment, which itself is not over: what becomes known in that millisecond still counts in it.
   *
   * @returns who came and left, in order of time
   */
  passTo(moment: Instant): Movement[] {
    const movements: Movement[] = []
    for (let due = this.timers.first; due !== undefined && due.at < moment; due = this.timers.first)
      this.lookInTime(due.who, due.at, movements)
    this.clock = Math.max(this.clock, moment - 1)
    return movements
  }

  /** When time must be let pass next; Infinity while nothing can change by itself. */
  get nextAt(): Instant {
    return (this.timers.first?.at ?? Number.POSITIVE_INFINITY) + 1
  }

  /**
   * Takes somebody out of every segment: they were erased, merged into somebody else, or may not be profiled. Who was erased is
   * taken off lists too; else their ids stay on them, and name whoever they belong to.
   */
  remove(customer: string, at: Instant, because: Cause): readonly Movement[] {
    const movements = this.passTo(at)
    this.clock = Math.max(this.clock, at)
    const slot = this.slots.find(customer)
    if (because === 'erasure') this.lists.remove(customer)
    if (slot === undefined) return movements
    for (const membership of this.memberships)
      if (membership.bits.has(slot))
        this.move(membership, slot, false, { at: this.clock, because, clauses: [] }, movements)
    this.schedule.forget(slot)
    this.waiting.done(slot)
    this.slots.remove(customer)
    return movements
  }

  /** Puts a list in place of the one before; customers whom nobody knew yet are known from then on. */
  setList(segment: string, ids: Iterable<string>, at: Instant): readonly Movement[] {
    const movements = this.passTo(at)
    this.clock = Math.max(this.clock, at)
    for (const customer of this.lists.replace(segment, ids))
      this.look(this.slots.add(customer), this.clock, 'list', movements)
    return movements
  }

  /**
   * Puts other segments, or values, in place of these. Where the values are of a moment well before the latest there was,
   * since the clock was set back, time goes on from there, and everybody must be taken again. Those that mean the same stay as they are; new and changed ones are filled by
   * `backfill`, everybody else going on meanwhile; of those that are no more everybody leaves.
   *
   * @param values of the new plan, of the same moment
   */
  change(compiled: CompiledSegments, values: LiveValues, at: Instant): readonly Movement[] {
    const movements = this.passTo(at)
    this.clock = at < this.clock - setBackMs ? at : Math.max(this.clock, at)
    const ids = new Set(compiled.segments.map(({ definition }) => definition.id))
    for (const membership of this.memberships) if (!ids.has(membership.segment)) this.empty(membership, movements)
    const before = new Map(this.memberships.map((membership, place) => [membership.segment, { membership, place }]))
    const changed: number[] = []
    this.memberships = compiled.segments.map(({ definition: { id }, version, form }, place) => {
      const known = before.get(id)
      const isFilling = known !== undefined && this.waiting.left > 0 && this.waiting.segments.has(known.place)
      if (known?.membership.form !== form || isFilling) changed.push(place)
      return new Membership(id, version, form, known?.membership.snapshot())
    })
    this.compiled = compiled
    this.schedule = new Schedule(compiled, this.timers)
    this.evaluation = new Evaluation(compiled, values, this.lists)
    this.values = values
    if (changed.length > 0 || this.waiting.left > 0) this.waiting = new Backfill(changed, this.everybody())
    return movements
  }

  /** How many customers must still be looked at for segments that are new or changed, and of how many. */
  get backfilling(): { readonly left: number; readonly total: number; readonly segments: readonly string[] } {
    const { left, total } = this.waiting
    const segments = left === 0 ? [] : [...this.waiting.segments].map((place) => this.memberships[place]!.segment)
    return { left, total, segments }
  }

  /** Looks at so many customers more for segments that are new or changed. @returns who came and left */
  backfill(customers: number): readonly Movement[] {
    const movements: Movement[] = []
    if (this.replay !== undefined) return movements
    for (let n = 0; n < customers; n += 1) {
      const slot = this.waiting.next()
      if (slot === undefined) break
      this.fillWith(slot, movements)
    }
    return movements
  }

  /** Of who was looked at whole only what is to be filled can be otherwise: all of them is much to go through twice. */
  private fillWith(slot: number, movements: Movement[]): void {
    if (!this.schedule.isLookedAt(slot)) {
      this.look(slot, this.clock, 'definition', movements)
      return
    }
    this.lookAt(this.schedule.only(this.waiting.segments), slot, this.clock, 'definition', movements)
    this.waiting.done(slot)
  }

  /** Whether somebody was looked at before. */
  isKnown(customer: string): boolean {
    return this.slots.find(customer) !== undefined
  }

  /** Whether somebody is on a list. */
  isListed(segment: string, customer: string): boolean {
    return this.lists.isListed(segment, customer)
  }

  /** Whether somebody is on any list. */
  isOnList(customer: string): boolean {
    return this.lists.isOnAny(customer)
  }

  /** Everybody whom a list names and who may be in segments. */
  listed(): ReadonlySet<string> {
    return this.lists.customers()
  }

  isMember(segment: string, customer: string): boolean {
    const slot = this.slots.find(customer)
    return slot !== undefined && this.membershipOf(segment).bits.has(slot)
  }

  /** The segments that somebody is in, in the order in which they are compiled. */
  segmentsOf(customer: string): readonly string[] {
    const slot = this.slots.find(customer)
    if (slot === undefined) return []
    return this.memberships.flatMap(({ segment, bits }) => (bits.has(slot) ? segment : []))
  }

  /** Who is in a segment, in the order in which they became known. */
  *members(segment: string): Generator<string> {
    for (const slot of this.membershipOf(segment).bits.values()) yield this.slots.idOf(slot)
  }

  /** Who is in any segment; in several, several times. */
  *everyMember(): Generator<string> {
    for (const { bits } of this.memberships) for (const slot of bits.values()) yield this.slots.idOf(slot)
  }

  size(segment: string): number {
    return this.membershipOf(segment).bits.size
  }

  /** The days on which somebody came or left, the latest three years of them. */
  sizesByDay(segment: string): readonly DaySize[] {
    return this.membershipOf(segment).days
  }

  /** How many are in both. */
  overlap(one: string, other: string): number {
    return this.membershipOf(one).bits.overlap(this.membershipOf(other).bits)
  }

  get customers(): number {
    return this.slots.size
  }

  /** Everything that another start goes on from; the values must be kept as of the same fact. Not during a replay. */
  snapshot(): SegmentsSnapshot {
    const captured = this.capture()
    return { ...captured, due: [...captured.due].map((at) => (at === Number.POSITIVE_INFINITY ? null : at)) }
  }

  /** The same, to be written later bit by bit. */
  capture(): CapturedSegments {
    if (this.replay !== undefined) throw new RangeError('segments must not be kept before their replay has ended')
    const { clock, slots, timers, memberships, lists, waiting } = this
    return captureOf({ clock, slots, timers, memberships, lists, waiting, compiled: this.compiled })
  }

  private membershipOf(segment: string): Membership {
    const found = this.memberships.find((one) => one.segment === segment)
    if (found === undefined) throw new RangeError(`a segment must be among those compiled, got ${segment}`)
    return found
  }

  private *everybody(): Generator<number> {
    for (const [slot, id] of this.slots.all.entries()) if (id !== '') yield slot
  }

  private slotOf(customer: string): number {
    const found = this.slots.find(customer)
    if (found !== undefined) return found
    const slot = this.slots.add(customer)
    // What segments that must be filled say of somebody is told once all is as it was before the stop.
    if (!this.isWhole) this.waiting.add(slot)
    return slot
  }

  /** What segments that are new say of somebody before anything else happens to them. */
  private firstLook(customer: string, movements: Movement[]): void {
    const slot = this.slots.find(customer)
    if (slot !== undefined && this.replay === undefined && this.waiting.isWaiting(slot))
      this.look(slot, this.clock, 'event', movements)
  }

  /** Looks at somebody of whom facts came, at no more than these can have changed. */
  private lookAfter(customer: string, isOneBatch: boolean, because: Cause, movements: Movement[]): void {
    const slot = this.slotOf(customer)
    // What time changes in this very moment must be seen as well.
    const isPart = isOneBatch && this.isLookedAt(slot) && this.timers.dueAt(slot) > this.clock
    if (isPart) this.lookAt(this.schedule.by(this.values.touchedOf!(customer)), slot, this.clock, because, movements)
    else this.look(slot, this.clock, because, movements)
  }

  /** Looks at what time has changed of somebody. */
  private lookInTime(slot: number, at: Instant, movements: Movement[]): void {
    if (!this.isLookedAt(slot)) this.look(slot, at, 'time', movements)
    else this.lookAt(this.schedule.byTime(slot, at), slot, at, 'time', movements)
  }

  /** Whether nothing but facts and time can have changed anything since somebody was looked at. */
  private isLookedAt(slot: number): boolean {
    return this.schedule.isLookedAt(slot) && this.replay === undefined && !this.waiting.isWaiting(slot)
  }

  /** Looks at every segment. */
  private look(slot: number, at: Instant, because: Cause, movements: Movement[]): void {
    const isLate = this.waiting.isWaiting(slot)
    this.evaluation.turnTo(this.slots.idOf(slot), at)
    for (const place of this.schedule.all.segments) {
      const isFirst = isLate && this.waiting.segments.has(place)
      if (isFirst && this.replay !== undefined) continue
      this.settle(place, slot, isFirst ? 'definition' : because, movements)
    }
    if (isLate && this.replay === undefined) this.waiting.done(slot)
    this.schedule.setWhole(slot, this.evaluation, this.values)
  }

  /** Looks at some segments: of the others nothing can have changed since somebody was looked at last. */
  private lookAt(affected: Affected, slot: number, at: Instant, because: Cause, movements: Movement[]): void {
    const { isAmong, segments } = affected
    this.evaluation.turnTo(this.slots.idOf(slot), at, (place) =>
      isAmong[place] ? undefined : this.memberships[place]!.bits.has(slot),
    )
    for (const place of segments) this.settle(place, slot, because, movements)
    this.schedule.set(slot, affected, this.evaluation, this.values)
  }

  /** Has somebody come into a segment or leave it where they do. */
  private settle(place: number, slot: number, because: Cause, movements: Movement[]): void {
    const { evaluation } = this
    const membership = this.memberships[place]!
    const isIn = evaluation.isMember(place)
    if (isIn === membership.bits.has(slot)) return
    const { root } = this.compiled.segments[place]!
    const clauses = root === null ? [] : decidingClauses(evaluation, root)
    this.move(membership, slot, isIn, { at: evaluation.asOf, because, clauses }, movements)
  }

  /** Takes everybody out of a segment that is no more. */
  private empty(membership: Membership, movements: Movement[]): void {
    const why = { at: this.clock, because: 'definition', clauses: [] } as const
    for (const slot of [...membership.bits.values()]) this.move(membership, slot, false, why, movements)
  }

  private move(
    membership: Membership,
    slot: number,
    isEntry: boolean,
    { at, because, clauses }: MovementReason & { readonly at: Instant },
    movements: Movement[],
  ): void {
    membership.move(slot, isEntry, at, this.days)
    const { segment } = membership
    const movement = { segment, customer: this.slots.idOf(slot), at, isEntry, reason: { because, clauses } }
    if (this.replay !== undefined) this.replay.note(movement)
    else movements.push(this.numbered(membership, movement))
  }

  private numbered(membership: Membership, movement: Unnumbered): Movement {
    membership.sequence += 1
    const { segment, customer, at, isEntry, reason } = movement
    const { version, sequence } = membership
    return { segment, version, sequence, customer, at, isEntry, reason }
  }
}
