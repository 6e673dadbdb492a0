import { now, storable } from '../../base/index.ts'
import type { BadCall } from './check-call.ts'
import { contentKey } from './event-key.ts'
import type { KnownIds } from './known-ids.ts'
import type { KnownKeys } from './known-keys.ts'
import type { LiveEvent } from './live-event.ts'
import { badLine, eventLine, orderLine } from './log-line.ts'
import { orderLinesOf } from './order-rows.ts'
import type { SegmentContent } from './segment.ts'
import type { ShownIds } from './shown-ids.ts'
import type { WrittenEvent } from './written-event.ts'

/** An event dated this far ahead of our clock, ms, says nothing of when it came first. */
const mostAhead = 5000

/** What is kept in memory of events on disk. */
export interface LogMemory {
  readonly ids: KnownIds
  readonly shown: ShownIds
  /** Keys of the newest events of before the start; their ids are not known. */
  before: KnownKeys
}

/**
 * Lines that are written together, of the calls that came while the write before them ran. What they hold is known from
 * then on; when they do not get on disk, `forget` takes that back.
 */
export class LogGroup implements SegmentContent {
  last: number
  hasSuspects = false
  hasOrders = false
  hasBad = false
  readonly #memory: LogMemory
  readonly #currency: string | null
  /** Of the calls one after another. */
  readonly #texts: string[] = []
  /** Of the call that is being added. */
  #lines: string[] = []
  readonly #added: string[] = []
  readonly #events: WrittenEvent[] = []

  /**
   * @param last the number of the line before the first
   * @param currency of orders that name none
   */
  constructor(last: number, memory: LogMemory, currency: string | null) {
    this.last = last
    this.#memory = memory
    this.#currency = currency
  }

  get text(): string {
    return this.#texts.join('')
  }

  /** What was added, in order. */
  get events(): readonly WrittenEvent[] {
    return this.#events
  }

  /** Adds one call's events. @returns how many of them are not known to be repeated */
  add(events: readonly LiveEvent[], bad: readonly BadCall[]): number {
    let accepted = 0
    // Not when they were received: what comes out of quarantine was received long before it is known.
    const at = now()
    for (const event of events) {
      const { messageId } = event
      if (messageId !== null && this.#memory.ids.has(messageId)) continue
      const isSuspect = this.#mayBeInLog(event)
      // A key is made only of what may be in the log: most events are younger than the start.
      if (isSuspect && this.#memory.before.has(contentKey(['events-id', messageId!]))) continue
      accepted += 1
      this.#place(event, isSuspect)
      // After it was placed: whether it may be in the log is a question of the memory before it.
      if (messageId !== null) {
        this.#memory.ids.add(messageId, at)
        this.#added.push(messageId)
      }
    }
    for (const call of bad) {
      this.hasBad = true
      this.#lines.push(badLine(this.#next(), call))
    }
    // Call by call: what was just made lies near. Whatever door a text came through, nothing in it may stop the log.
    this.#texts.push(storable(this.#lines.join('')))
    this.#lines = []
    return accepted
  }

  /** It is not on disk: whoever sends it again is taken. */
  forget(): void {
    for (const id of this.#added) this.#memory.ids.remove(id)
    this.#memory.shown.clear()
  }

  #place(event: LiveEvent, isSuspect: boolean): void {
    const repeatsIds = this.#memory.shown.repeats(event)
    // A suspect may be left out in the end, and shows nothing then.
    if (!repeatsIds && !isSuspect) this.#memory.shown.add(event)
    this.hasSuspects ||= isSuspect
    const position = this.#next()
    const lines = orderLinesOf(event, this.#currency)
    this.#lines.push(eventLine(position, event, { isSuspect, repeatsIds }))
    this.#events.push({ event, position, isSuspect, lines })
    for (const line of lines) {
      this.hasOrders = true
      this.#lines.push(orderLine(this.#next(), line))
    }
  }

  #next(): number {
    this.last += 1
    return this.last
  }

  /**
   * Whether the log may hold the event's id from before memory begins. A sender writes the same moment into an event each
   * time it sends it: dated since then, and not ahead of our clock, it came since then too, so that most need no looking up.
   * One whose clock runs ahead tells so by when it says that it sends: what is left of the event's age counts then.
   */
  #mayBeInLog({ messageId, claimedAt, occurredAt, receivedAt }: LiveEvent): boolean {
    const { since } = this.#memory.ids
    if (messageId === null || since === Number.NEGATIVE_INFINITY) return false
    return claimedAt === null || Math.min(claimedAt, occurredAt) <= since || claimedAt > receivedAt + mostAhead
  }
}
