import type { CallReason, Mend, ReplayRequest, ReplaySummary } from '@rapport/protocol'
import { inTurns, servingMs, stopIfAborted, type Work } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Rejection } from '../live/check-call.ts'
import type { EventLog } from '../live/event-log.ts'
import type { LiveEvent } from '../live/live-event.ts'
import { type Doors, type Sorted, sortCall } from '../live/sort-call.ts'
import { type Mended, mendCall } from './mend-call.ts'
import { type HeldCall, heldCalls, idsInLog, placeOf, releaseCalls } from './quarantined-calls.ts'

/** Where calls are replayed to. */
export interface ReplayParts {
  readonly warehouse: Warehouse
  readonly log: EventLog
  readonly doors: Doors
}

/** Calls that are tried, written and released together. */
const callsAtOnce = 500
/**
 * Mends calls in quarantine and has them come in again, in the order in which they came. An event is as if its call had
 * been sound from the first: received then, dated as its sender dated it. What still breaks a rule stays, as it was.
 *
 * Each is taken once, also when this ends in the middle and is asked for again: its event bears the sender's id, or one
 * made from the call's name in quarantine, and is on disk before the call leaves quarantine.
 */
export async function replayCalls(parts: ReplayParts, request: ReplayRequest, work?: Work): Promise<ReplaySummary> {
  const { warehouse, log } = parts
  // What came a moment ago may be on its way into quarantine.
  await log.settle()
  const tally = new Tally()
  let after: ReturnType<typeof placeOf> | undefined
  for (;;) {
    stopIfAborted(work)
    const limit = Math.min(callsAtOnce, request.limit - tally.tried)
    // One more says whether there is more.
    const found = await heldCalls(warehouse, request, { limit: limit + 1, after })
    const calls = found.slice(0, limit)
    if (calls.length === 0) return tally.summary(found.length > 0, request.dryRun)
    after = placeOf(calls.at(-1)!)
    const mended = await inTurns(mendEach(calls, request.mends), servingMs)
    await parts.doors.consent.prepare(mended.map(({ mended }) => ('call' in mended ? mended.call : undefined)))
    const tried = await inTurns(tryEach(mended, parts.doors), servingMs)
    tally.count(tried)
    if (request.dryRun) await foretell(warehouse, tried, tally)
    else await take(parts, tried, tally)
    work?.onProgress?.({ stage: 'replaying', done: tally.tried, total: tally.tried + found.length - calls.length })
  }
}

interface MendedCall {
  readonly held: HeldCall
  readonly mended: Mended
}

function* mendEach(calls: readonly HeldCall[], mends: readonly Mend[]): Generator<void, MendedCall[]> {
  const all: MendedCall[] = []
  for (const held of calls) {
    all.push({ held, mended: mendCall(JSON.parse(held.raw), mends) })
    yield
  }
  return all
}

interface Tried {
  readonly held: HeldCall
  readonly sorted: Sorted
}

function* tryEach(calls: readonly MendedCall[], doors: Doors): Generator<void, Tried[]> {
  const tried: Tried[] = []
  for (const { held, mended } of calls) {
    const sorted: Sorted =
      'rejection' in mended
        ? { outcome: 'bad', rejection: mended.rejection, isPlans: false }
        : sortCall(mended.call, { receivedAt: held.received_at, sentAt: sentAtOf(held) }, doors)
    tried.push({ held, sorted })
    yield
  }
  return tried
}

/** Kept as text: a number is milliseconds. */
const sentAtOf = ({ sent_at }: HeldCall): string | number | null =>
  sent_at !== null && /^-?\d+(\.\d+)?$/.test(sent_at) ? Number(sent_at) : sent_at

/** The event of a call that passes, under an id that is the same however often it is tried. */
const eventOf = (held: HeldCall, event: LiveEvent): LiveEvent & { readonly messageId: string } => ({
  ...event,
  messageId: event.messageId ?? `replay:${held.callId}`,
  // It came long after it happened, so that its id must be looked up in the whole log.
  claimedAt: null,
})

const passing = (tried: readonly Tried[]) =>
  tried.flatMap(({ held, sorted }) => (sorted.outcome === 'kept' ? [eventOf(held, sorted.event)] : []))

async function foretell(warehouse: Warehouse, tried: readonly Tried[], tally: Tally): Promise<void> {
  const ids = passing(tried).map(({ messageId }) => messageId)
  const known = await idsInLog(warehouse, ids)
  for (const id of ids) {
    if (known.has(id) || tally.foretold.has(id)) tally.duplicates += 1
    else tally.accepted += 1
    tally.foretold.add(id)
  }
}

async function take({ warehouse, log }: ReplayParts, tried: readonly Tried[], tally: Tally): Promise<void> {
  const events = passing(tried)
  // What the log says at once may leave out what it knows to be a duplicate only later.
  const known = await idsInLog(
    warehouse,
    events.map(({ messageId }) => messageId),
  )
  const { accepted } = await log.append(events.filter(({ messageId }) => !known.has(messageId)))
  tally.accepted += accepted
  tally.duplicates += events.length - accepted
  const idsOf = (outcome: Sorted['outcome']): string[] =>
    tried.filter(({ sorted }) => sorted.outcome === outcome).map(({ held }) => held.callId)
  await releaseCalls(warehouse, idsOf('kept'), idsOf('refused'))
}

const mostReasons = 100

class Tally {
  tried = 0
  accepted = 0
  duplicates = 0
  /** Ids that a dry run has seen pass. */
  readonly foretold = new Set<string>()
  #refused = 0
  #failed = 0
  readonly #reasons = new Map<string, CallReason>()

  count(tried: readonly Tried[]): void {
    this.tried += tried.length
    for (const { sorted } of tried) {
      if (sorted.outcome === 'refused') this.#refused += 1
      if (sorted.outcome === 'bad') this.#fail(sorted.rejection)
    }
  }

  #fail({ code, pointer, reason }: Rejection): void {
    this.#failed += 1
    const place = pointer.replace(/\/\d+(?=\/|$)/g, '/*')
    const key = `${code} ${place}`
    const before = this.#reasons.get(key)
    this.#reasons.set(key, {
      code,
      pointer: place,
      calls: (before?.calls ?? 0) + 1,
      example: before?.example ?? reason,
    })
  }

  summary(left: boolean, dryRun: boolean): ReplaySummary {
    const { tried, accepted, duplicates } = this
    const reasons = [...this.#reasons.values()].sort((a, b) => b.calls - a.calls).slice(0, mostReasons)
    return { tried, accepted, duplicates, refused: this.#refused, failed: this.#failed, reasons, left, dryRun }
  }
}
