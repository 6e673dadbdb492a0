import { consentEvent } from '@rapport/protocol'
import type { Instant } from '../../../base/index.ts'
import type { WrittenEvent } from '../../../ingestion/index.ts'
import { ActiveCustomers } from './active-customers.ts'
import { CountRing } from './count-ring.ts'
import { Mix, type Share } from './mix.ts'

const secondMs = 1000
const minuteMs = 60_000
const hourMs = 3_600_000

/** Values shown of each side of the mix. */
const shown = 8

/** How much of the last hour was of which values. */
export interface SideOfMix {
  /** The commonest values, the most first. */
  readonly shares: readonly Share[]
  /** Events of all other values. */
  readonly other: number
}

/** How events come in. */
export interface IncomingNow {
  /** Events a second, of the last ten whole seconds. */
  readonly perSecond: number
  /** `[120]` events in each of the last seconds that are over, the oldest first. */
  readonly seconds: readonly number[]
  /** `[60]` events in each of the last minutes, the one that runs last. */
  readonly minutes: readonly number[]
  /** `[24]` events in each of the last hours, the one that runs last. */
  readonly hours: readonly number[]
  readonly lastAt: Instant | null
}

/** What came over the wire as the warehouse has it, added up. */
export interface PastEvents {
  readonly minute: Instant
  readonly call: string
  readonly name: string
  readonly source: string | null
  readonly events: number
}

/** Counts events as they are written: how many, of what kind, and of whom. An event costs well below 2 µs. */
export class Incoming {
  readonly active = new ActiveCustomers()
  private readonly seconds = new CountRing(secondMs, 300)
  private readonly minutes = new CountRing(minuteMs, 1441)
  private readonly hours = new CountRing(hourMs, 169)
  private readonly mix = {
    events: new Mix(5 * minuteMs, 12),
    sources: new Mix(5 * minuteMs, 12),
    calls: new Mix(5 * minuteMs, 12),
  }
  private lastAt: Instant | null = null
  /** Customers who refused to be counted; of them a shop must keep orders. */
  private refused: ReadonlySet<string> = new Set()
  private readonly customerOf: (receivedId: string) => string

  /** @param customerOf whose an id is that was received: their own, or the customer with whom they were joined */
  constructor(customerOf: (receivedId: string) => string) {
    this.customerOf = customerOf
  }

  written(events: readonly WrittenEvent[], at: Instant): void {
    const { seconds, minutes, hours, mix } = this
    seconds.add(at, events.length)
    minutes.add(at, events.length)
    hours.add(at, events.length)
    this.lastAt = at
    for (const { event } of events) {
      mix.events.add(event.name, at)
      mix.sources.add(event.source, at)
      mix.calls.add(event.call, at)
      if (event.name === consentEvent) continue
      const received = event.userId ?? (event.anonymousId === null ? null : `anonymous:${event.anonymousId}`)
      if (received === null) continue
      const customer = this.customerOf(received)
      if (!this.refused.has(customer)) this.active.see(customer, at)
    }
  }

  /** What came before the start. */
  take({ minute, call, name, source, events }: PastEvents): void {
    this.minutes.add(minute, events)
    this.hours.add(minute, events)
    this.mix.events.add(name, minute, events)
    this.mix.sources.add(source, minute, events)
    this.mix.calls.add(call, minute, events)
    this.lastAt = Math.max(this.lastAt ?? 0, minute)
  }

  /** They are counted no more. */
  refuse(customerIds: ReadonlySet<string>): void {
    this.refused = customerIds
    for (const id of customerIds) this.active.forget(id)
  }

  now(at: Instant): IncomingNow {
    // The second that runs is not over: it would pull the rate down.
    const seconds = this.seconds.last(120, at - secondMs)
    return {
      perSecond: seconds.slice(-10).reduce((sum, count) => sum + count, 0) / 10,
      seconds,
      minutes: this.minutes.last(60, at),
      hours: this.hours.last(24, at),
      lastAt: this.lastAt,
    }
  }

  /** Of the last hour, to five minutes. */
  mixOf(side: keyof Incoming['mix'], at: Instant): SideOfMix {
    const { shares, other } = this.mix[side].top(shown, at)
    return { shares, other }
  }
}
