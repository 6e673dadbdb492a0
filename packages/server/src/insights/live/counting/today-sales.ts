import type { Instant } from '../../../base/index.ts'
import type { WrittenEvent } from '../../../ingestion/index.ts'

/** What was sold and given back so far. Money in whole 10⁻⁶ of the store's currency. */
export interface SalesTotal {
  /** Amounts of sale lines, before refunds: as everywhere. */
  readonly revenueMicros: number
  /** Amounts of cancelled lines. */
  readonly refundMicros: number
  /** Different order numbers with a sale line. */
  readonly orders: number
}

/** A line of today as the warehouse has it. */
export interface SoldLine extends SalesTotal {
  /** Its key in halves, as `keyText` writes it. */
  readonly key: string
  readonly orderId: string
  readonly occurredAt: Instant
}

interface Step {
  revenueMicros: number
  refundMicros: number
  orders: number
}

/** What a line that is on disk and may not be in the warehouse yet did to the total. */
interface Pending extends SalesTotal {
  readonly position: number
}

/** Lines whose repetition is known at once; of a day with more the warehouse tells a moment later. */
const mostLines = 300_000

/**
 * Sales of one day in the store's currency, as they are written: the same line of the same order counts once, in however
 * many events it comes. What the warehouse has holds: `agrees` tells whether this is the same.
 */
export class TodaySales {
  readonly from: Instant
  readonly until: Instant
  readonly currency: string
  readonly stepMs: number
  private readonly steps: Step[]
  private readonly lines = new Set<string>()
  private readonly orders = new Set<string>()
  private pending: Pending[] = []

  private readonly linesMax: number

  /** @param stepMs the course of the day is kept in steps of this length */
  constructor(
    day: { readonly from: Instant; readonly until: Instant },
    currency: string,
    stepMs: number,
    linesMax = mostLines,
  ) {
    this.linesMax = linesMax
    this.from = day.from
    this.until = day.until
    this.currency = currency
    this.stepMs = stepMs
    this.steps = Array.from({ length: Math.ceil((day.until - day.from) / stepMs) }, () => ({
      ...{ revenueMicros: 0, refundMicros: 0, orders: 0 },
    }))
  }

  /** A line that the warehouse has, which has each once; `orders` is 1 of the first sale line of an order. */
  take(line: SoldLine): void {
    if (this.orders.size < this.linesMax && line.orders === 1) this.orders.add(line.orderId)
    if (this.lines.size < this.linesMax) this.lines.add(line.key)
    this.add(line.occurredAt, line)
  }

  /** An event that is on disk. */
  written({ lines, position }: WrittenEvent): void {
    for (const { key, orderId, kind, currency, amountMicros, occurredAt } of lines) {
      if (currency !== this.currency || occurredAt < this.from || occurredAt >= this.until) continue
      const text = keyText(key)
      if (this.lines.has(text)) continue
      if (this.lines.size < this.linesMax) this.lines.add(text)
      const isSale = kind === 'sale'
      const isFirst = isSale && !this.orders.has(orderId)
      if (isFirst && this.orders.size < this.linesMax) this.orders.add(orderId)
      const change = {
        ...{ revenueMicros: isSale ? amountMicros : 0, refundMicros: isSale ? 0 : -amountMicros },
        orders: isFirst ? 1 : 0,
      }
      this.add(occurredAt, change)
      this.pending.push({ ...change, position })
    }
  }

  get total(): SalesTotal {
    return this.steps.reduce(added, nothing)
  }

  /** `[steps]` what happened in each part of the day. */
  get course(): readonly SalesTotal[] {
    return this.steps
  }

  /**
   * Whether the sum of the warehouse, which had the log up to a position, is the same as here up to there. What it has by
   * then is asked about no more.
   */
  agrees(told: SalesTotal, position: number): boolean {
    this.pending = this.pending.filter((one) => one.position > position)
    const { revenueMicros, refundMicros, orders } = this.total
    const later = this.pending.reduce(added, nothing)
    return (
      revenueMicros - later.revenueMicros === told.revenueMicros &&
      refundMicros - later.refundMicros === told.refundMicros &&
      orders - later.orders === told.orders
    )
  }

  private add(occurredAt: Instant, change: SalesTotal): void {
    const step = this.steps[Math.floor((occurredAt - this.from) / this.stepMs)]!
    step.revenueMicros += change.revenueMicros
    step.refundMicros += change.refundMicros
    step.orders += change.orders
  }
}

/** A line's key as the query `sales_of_day` tells it: DuckDB writes whole keys slowly, and their halves at no cost. */
export const keyText = (key: bigint): string => `${key >> 64n}-${key & 0xffff_ffff_ffff_ffffn}`

const nothing: SalesTotal = { revenueMicros: 0, refundMicros: 0, orders: 0 }

const added = (sum: SalesTotal, one: SalesTotal): SalesTotal => ({
  revenueMicros: sum.revenueMicros + one.revenueMicros,
  refundMicros: sum.refundMicros + one.refundMicros,
  orders: sum.orders + one.orders,
})
