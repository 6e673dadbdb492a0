import type { Instant } from '../../base/index.ts'
import type { Backfill } from './backfill.ts'
import type { CompiledSegments, SegmentNode } from './compiled.ts'
import { CustomerSlots } from './customer-slots.ts'
import type { DayOf } from './day-sizes.ts'
import type { ListContents } from './list-contents.ts'
import type { SegmentsBefore } from './live-segments.ts'
import { Membership, type MembershipSnapshot } from './membership.ts'
import type { Movement } from './movement.ts'
import { TimerHeap } from './timer-heap.ts'

/** Where segments are, as plain data. */
export interface SegmentsSnapshot {
  readonly format: 1
  readonly clock: Instant
  /** By their numbers; '' where somebody was removed. */
  readonly customers: readonly string[]
  /** When each is due; null for never. */
  readonly due: readonly (Instant | null)[]
  readonly memberships: readonly MembershipSnapshot[]
  /** Segments that were being filled. */
  readonly filling: readonly string[]
  /** Digests of what lists held. */
  readonly lists: Readonly<Record<string, string>>
}

/** The same as it is written bit by bit later. */
export interface CapturedSegments extends Omit<SegmentsSnapshot, 'due'> {
  /** When each is due; Infinity for never. */
  readonly due: Float64Array
}

/** The first that a date can hold. */
const firstMoment: Instant = -8.64e15

interface Parts {
  readonly clock: Instant
  readonly slots: CustomerSlots
  readonly timers: TimerHeap
  readonly memberships: readonly Membership[]
}

/** Where segments are: nothing in it changes any more. Takes no longer than copying what it holds. */
export function captureOf({
  clock,
  slots,
  timers,
  memberships,
  lists,
  waiting,
  compiled,
}: Parts & {
  readonly lists: ListContents
  readonly waiting: Backfill
  readonly compiled: CompiledSegments
}): CapturedSegments {
  const filling = waiting.left === 0 ? [] : [...waiting.segments].map((place) => memberships[place]!.segment)
  const listed = compiled.segments.flatMap(({ definition: { id }, root }) => (root === null ? id : []))
  return {
    format: 1,
    clock,
    customers: [...slots.all],
    due: timers.moments(slots.all.length),
    memberships: memberships.map((membership) => membership.snapshot()),
    filling,
    lists: Object.fromEntries(listed.map((id) => [id, lists.digest(id)])),
  }
}

interface RestoredParts extends Parts {
  /** What comes again of what was told. */
  readonly told: readonly Movement[]
  /** Places of the segments that must be filled. */
  readonly changed: readonly number[]
  /** Segments that are no more. */
  readonly ended: readonly Membership[]
}

/**
 * What a start goes on from. A segment that means what it meant goes on from the snapshot, and what was told of it since
 * is left out when it comes again; any other goes on from who was last told to be in it, and is filled anew.
 */
export function restoreParts(
  compiled: CompiledSegments,
  lists: ListContents,
  days: DayOf,
  before: SegmentsBefore | undefined,
): RestoredParts {
  const snapshot = before?.snapshot
  const slots = new CustomerSlots(snapshot?.customers)
  // By id: numbers need not be the same after a restart, and the order must be.
  const timers = new TimerHeap((who, other) => slots.idOf(who) < slots.idOf(other))
  timers.setAll(snapshot?.due ?? [])
  const toldOf = new Map<string, Movement[]>()
  for (const movement of before?.told ?? [])
    toldOf.set(movement.segment, [...(toldOf.get(movement.segment) ?? []), movement])
  const kept = new Map(snapshot?.memberships.map((one) => [one.segment, one]))
  const changed = new Set<number>()
  const told: Movement[] = []
  const memberships = compiled.segments.map(({ definition: { id }, version, form, root }, place) => {
    const was = kept.get(id)
    const since = toldOf.get(id) ?? []
    const membership = new Membership(id, version, form, was)
    const isSame =
      was?.form === form &&
      was.version === version &&
      since.every((movement) => movement.version === version) &&
      !snapshot!.filling.includes(id) &&
      (root === null ? snapshot!.lists[id] === lists.digest(id) : !restsOn(root, changed))
    if (isSame) {
      told.push(...since)
      membership.sequence = since.at(-1)?.sequence ?? was.sequence
    } else {
      changed.add(place)
      for (const movement of since) membership.retell(movement, slots, days)
    }
    return membership
  })
  const ids = new Set(memberships.map(({ segment }) => segment))
  const ended = [...kept.values()].flatMap((was) => {
    if (ids.has(was.segment)) return []
    const membership = new Membership(was.segment, was.version, was.form, was)
    for (const movement of toldOf.get(was.segment) ?? []) membership.retell(movement, slots, days)
    return membership
  })
  return { clock: snapshot?.clock ?? firstMoment, slots, timers, memberships, told, changed: [...changed], ended }
}

function restsOn(node: SegmentNode, places: ReadonlySet<number>): boolean {
  if (node.kind === 'segment') return places.has(node.segment)
  return 'parts' in node && node.parts.some((part) => restsOn(part, places))
}
