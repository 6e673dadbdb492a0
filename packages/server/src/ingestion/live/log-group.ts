import type { BadCall } from './check-call.ts'
import type { KnownIds } from './known-ids.ts'
import type { LiveEvent } from './live-event.ts'
import { badLine, eventLine, orderLine } from './log-line.ts'
import { orderLinesOf } from './order-rows.ts'
import type { SegmentContent } from './segment.ts'

/** What is kept in memory of events on disk. */
export interface LogMemory {
  readonly ids: KnownIds
  /** Ids that an event has shown together: identity need not look at the next one. */
  readonly shown: KnownIds
}

/** Lines that are written together, of the calls that came while the write before them ran. */
export class LogGroup implements SegmentContent {
  last: number
  hasSuspects = false
  hasOrders = false
  hasBad = false
  readonly #memory: LogMemory
  readonly #currency: string | null
  readonly #lines: string[] = []
  readonly #ids = new Map<string, number>()
  readonly #shown = new Map<string, number>()

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
    return this.#lines.join('')
  }

  /** Adds one call's events. @returns how many of them are not known to be repeated */
  add(events: readonly LiveEvent[], bad: readonly BadCall[]): number {
    let accepted = 0
    for (const event of events) {
      const { messageId, receivedAt } = event
      if (messageId !== null) {
        if (this.#ids.has(messageId) || this.#memory.ids.has(messageId)) continue
        this.#ids.set(messageId, receivedAt)
      }
      accepted += 1
      this.#place(event)
    }
    for (const call of bad) {
      this.hasBad = true
      this.#lines.push(badLine(this.#next(), call))
    }
    return accepted
  }

  /** What it holds is on disk: from now on it is known. */
  remember(): void {
    for (const [id, at] of this.#ids) this.#memory.ids.add(id, at)
    for (const [ids, at] of this.#shown) this.#memory.shown.add(ids, at)
  }

  #place(event: LiveEvent): void {
    const isSuspect = this.#mayBeInLog(event)
    const ids = idsShownBy(event)
    const repeatsIds = ids !== undefined && (this.#shown.has(ids) || this.#memory.shown.has(ids))
    // A suspect may be left out in the end, and shows nothing then.
    if (ids !== undefined && !repeatsIds && !isSuspect) this.#shown.set(ids, event.receivedAt)
    this.hasSuspects ||= isSuspect
    this.#lines.push(eventLine(this.#next(), event, { isSuspect, repeatsIds }))
    for (const line of orderLinesOf(event, this.#currency)) {
      this.hasOrders = true
      this.#lines.push(orderLine(this.#next(), line))
    }
  }

  #next(): number {
    this.last += 1
    return this.last
  }

  /**
   * Whether the log may hold the event's id from before memory begins. An event that its sender dated since then came
   * since then too, so that most need no looking up.
   */
  #mayBeInLog({ messageId, isDated, occurredAt }: LiveEvent): boolean {
    const { since } = this.#memory.ids
    return messageId !== null && since !== Number.NEGATIVE_INFINITY && (!isDated || occurredAt <= since)
  }
}

/** The ids that a plain event shows together, as one text; undefined for calls that say more of them. */
function idsShownBy({ call, userId, anonymousId, deviceId }: LiveEvent): string | undefined {
  if (call === 'identify' || call === 'alias' || call === 'group') return undefined
  return `${userId ?? ''}\0${anonymousId ?? ''}\0${deviceId ?? ''}`
}
