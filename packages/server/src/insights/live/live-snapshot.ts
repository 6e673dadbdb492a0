import { type Instant, microsPerUnit } from '../../base/index.ts'
import type { Anomaly } from './anomalies/anomalies-of-day.ts'
import type { ActiveNow } from './counting/active-customers.ts'
import type { Incoming, IncomingNow, SideOfMix } from './counting/incoming.ts'
import type { TodaySales } from './counting/today-sales.ts'
import type { ShownMovement } from './recent-movements.ts'
import { type Standing, standingSoFar, type UsualCourse, usualCourse } from './standing.ts'
import { type Day, stepMs } from './usual/local-day.ts'
import { confidence, type NotUsual, type UsualDay } from './usual/usual.ts'

/** Sales of the day that runs, in the store's currency. */
interface SalesNow {
  readonly currency: string
  /** Before refunds, as everywhere. */
  readonly revenue: number
  readonly refunds: number
  readonly orders: number
  /** Null without an order. */
  readonly averageOrderValue: number | null
  /** Minutes of one step of `course`. */
  readonly stepMinutes: number
  /** `[steps]` what was sold from the start of the day to the end of each step; the last is the one that runs. */
  readonly course: { readonly revenue: readonly number[]; readonly orders: readonly number[] }
}

/** What happens in the shop now. */
export interface LiveSnapshot {
  readonly now: IncomingNow & {
    readonly asOf: Instant
    /** Whether what came before the start is counted. */
    readonly isComplete: boolean
    readonly timezone: string
    /** The demo's scenario; null for a shop's own data. */
    readonly simulated: string | null
    readonly activeCustomers: ActiveNow
  }
  readonly mix: { readonly events: SideOfMix; readonly sources: SideOfMix; readonly calls: SideOfMix }
  /** Sales are null before anything was ever sold, and until the day was read. */
  readonly today: Day & {
    readonly sales: SalesNow | null
    /** What was sold so far beside what usually is by this moment of the day. */
    readonly standing: Readonly<Record<'orders' | 'revenue', Standing | NotUsual>>
  }
  readonly usual: UsualNow
  readonly movements: readonly ShownMovement[]
  /** The latest first. */
  readonly anomalies: readonly Anomaly[]
}

/** The day as it usually is. */
interface UsualNow {
  /** The days it was learnt from; null until it was learnt. */
  readonly history: { readonly from: Instant; readonly until: Instant } | null
  /** Chance with which an ordinary value lies within its band. */
  readonly confidence: number
  readonly course: Readonly<Record<'orders' | 'revenue', UsualCourse | NotUsual>>
}

export interface SnapshotParts {
  readonly at: Instant
  readonly zone: string
  readonly simulated: string | null
  readonly day: Day
  readonly incoming: Incoming
  readonly sales: TodaySales | undefined
  readonly usual: UsualDay | undefined
  readonly movements: readonly ShownMovement[]
  readonly anomalies: readonly Anomaly[]
  readonly isComplete: boolean
}

const notYet: NotUsual = { kind: 'too-short', message: 'what is usual is being learnt from history' }

export function snapshotOf(parts: SnapshotParts): LiveSnapshot {
  const { at, zone, simulated, day, incoming, sales, usual, movements, anomalies, isComplete } = parts
  const soldSoFar = sales === undefined ? null : salesNow(sales, at)
  const standing = (measure: 'orders' | 'revenue'): Standing | NotUsual =>
    usual === undefined ? notYet : standingSoFar(soldSoFar?.[measure] ?? 0, usual.soFar[measure], zone, day, at)
  const course = (measure: 'orders' | 'revenue'): UsualCourse | NotUsual =>
    usual === undefined ? notYet : usualCourse(usual, measure, zone, day)
  return {
    now: {
      ...{ asOf: at, isComplete, timezone: zone, simulated, ...incoming.now(at) },
      activeCustomers: incoming.active.now(at, day.from),
    },
    mix: {
      events: incoming.mixOf('events', at),
      sources: incoming.mixOf('sources', at),
      calls: incoming.mixOf('calls', at),
    },
    today: {
      ...{ ...day, sales: soldSoFar },
      standing: { orders: standing('orders'), revenue: standing('revenue') },
    },
    usual: {
      ...{ history: usual?.history ?? null, confidence },
      course: { orders: course('orders'), revenue: course('revenue') },
    },
    ...{ movements, anomalies },
  }
}

function salesNow(sales: TodaySales, at: Instant): SalesNow {
  const { revenueMicros, refundMicros, orders } = sales.total
  const course = { revenue: [] as number[], orders: [] as number[] }
  let [micros, count] = [0, 0]
  for (const step of sales.course.slice(0, Math.floor((at - sales.from) / stepMs) + 1)) {
    micros += step.revenueMicros
    count += step.orders
    course.revenue.push(micros / microsPerUnit)
    course.orders.push(count)
  }
  return {
    ...{ currency: sales.currency, revenue: revenueMicros / microsPerUnit, refunds: refundMicros / microsPerUnit },
    ...{ orders, averageOrderValue: orders === 0 ? null : revenueMicros / microsPerUnit / orders },
    ...{ stepMinutes: stepMs / 60_000, course },
  }
}
