import type { Instant } from '../../../base/index.ts'

const minuteMs = 60_000
/** Minutes of which is known how many were seen last in them: the longest day that clocks make, and one hour. */
const minutesMax = 26 * 60

/** How many customers did something. */
export interface ActiveNow {
  /** In the minute that runs and the four before it. */
  readonly fiveMinutes: number
  readonly halfHour: number
  readonly today: number
  /** There were more than are told apart: at least so many. */
  readonly isAtLeast: boolean
}

/** Customers told apart; about 100 bytes each. */
const customersMax = 500_000

/**
 * Who did something of late, by the minute in which they were seen last: exact to the minute for as many customers as are
 * told apart. A set of ids and a count a minute, so that windows of any length cost the same.
 */
export class ActiveCustomers {
  private readonly customersMax: number
  private readonly lastSeen = new Map<string, number>()
  private readonly seenLastIn = new Map<number, number>()
  /** The minute from which on somebody was not told apart. */
  private missedAt = Number.NEGATIVE_INFINITY

  constructor(most = customersMax) {
    this.customersMax = most
  }

  see(customerId: string, at: Instant): void {
    const minute = Math.floor(at / minuteMs)
    const before = this.lastSeen.get(customerId)
    if (before !== undefined) {
      if (before >= minute) return
      this.count(before, -1)
    } else if (this.lastSeen.size >= this.customersMax) {
      this.missedAt = minute
      return
    }
    this.lastSeen.set(customerId, minute)
    this.count(minute, 1)
  }

  /** Nobody who has this id is counted. */
  forget(customerId: string): void {
    const minute = this.lastSeen.get(customerId)
    if (minute === undefined) return
    this.lastSeen.delete(customerId)
    this.count(minute, -1)
  }

  /** Ids that are another customer's by now are counted as that one's, and who was not seen since `from` no more. */
  *renew(customerOf: (id: string) => string, from: Instant): Generator<void, void> {
    const oldest = Math.floor(from / minuteMs)
    for (const [id, minute] of this.lastSeen) {
      const customer = customerOf(id)
      if (minute < oldest || customer !== id) this.forget(id)
      if (minute >= oldest && customer !== id) this.see(customer, minute * minuteMs)
      yield
    }
  }

  /** @param today when the day began */
  now(at: Instant, today: Instant): ActiveNow {
    const minute = Math.floor(at / minuteMs)
    const start = Math.max(Math.floor(today / minuteMs), minute - minutesMax)
    const active = { fiveMinutes: 0, halfHour: 0, today: 0 }
    for (const [seen, customers] of this.seenLastIn) {
      if (seen > minute - 5) active.fiveMinutes += customers
      if (seen > minute - 30) active.halfHour += customers
      if (seen >= start) active.today += customers
    }
    return { ...active, isAtLeast: this.missedAt >= start }
  }

  private count(minute: number, change: number): void {
    const customers = (this.seenLastIn.get(minute) ?? 0) + change
    if (customers === 0) this.seenLastIn.delete(minute)
    else this.seenLastIn.set(minute, customers)
  }
}
