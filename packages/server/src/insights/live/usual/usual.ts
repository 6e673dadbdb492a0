import { setImmediate as turn } from 'node:timers/promises'
import { findUsualBands, type UsualBands } from '@rapport/learn'
import type { Instant } from '../../../base/index.ts'
import type { Warehouse } from '../../../warehouse/index.ts'
import { dayNumber, localDay, stepsOfDay } from './local-day.ts'
import {
  daysUpTo,
  hoursUpTo,
  type Measure,
  measures,
  readStepCounts,
  type StepCounts,
  totalsOf,
} from './step-counts.ts'

/** Days that go into the bands: 56 that set their width, six weeks before each, and a week for their level. */
const daysOfHistory = 56 + 6 * 7 + 7

/** Chance with which an ordinary value lies within its band. */
export const confidence = 0.9

/** Why there are no bands. */
export interface NotUsual {
  readonly kind: 'too-short'
  readonly message: string
}

/** What is usual on one day, by the quarters of an hour that wall clocks show. */
export interface UsualDay {
  /** As `dayNumber` counts: the day that it is of. */
  readonly day: number
  /** The days it was learnt from: [from, until). */
  readonly history: { readonly from: Instant; readonly until: Instant }
  /** From the start of the day to the end of each step. */
  readonly soFar: Readonly<Record<'orders' | 'revenue', UsualBands | NotUsual>>
  /** In the hour up to the end of each step. */
  readonly hour: Readonly<Record<Measure, UsualBands | NotUsual>>
  /** What an order came to on average, in units of the currency; 1 where nothing was sold. */
  readonly averageOrder: number
}

export interface UsualRequest {
  readonly zone: string
  readonly currency: string | null
  /** The day is that of this moment. */
  readonly at: Instant
  /** The end of what a demo simulated; null in a shop of its own. */
  readonly simulatedUntil: Instant | null
}

/**
 * What is usual on the day of a moment, learnt from the days before it. A demo's clock stands at the end of what it
 * simulated: there it is the last simulated days that end before the same weekday.
 */
export async function learnUsualDay(warehouse: Warehouse, request: UsualRequest): Promise<UsualDay> {
  const { zone, currency, at, simulatedUntil } = request
  const day = dayNumber(zone, at)
  const end = simulatedUntil === null ? at : Math.min(at, simulatedUntil)
  const until = localDay(zone, end, sameWeekday(dayNumber(zone, end), day)).from
  const from = localDay(zone, until, daysOfHistory).from
  const past = await readStepCounts(warehouse, { zone, currency, from, until })
  const { orders, revenue } = past.counts
  const unitOf: Readonly<Record<Measure, number>> = { events: 1, orders: 1, revenue: averageOf(revenue, orders) }
  const soFar = {} as Record<'orders' | 'revenue', UsualBands | NotUsual>
  for (const measure of ['orders', 'revenue'] as const) {
    // Each is some milliseconds of work: requests are heard between them.
    await turn()
    soFar[measure] = rising(bandsOf(past, measure, daysUpTo(past.counts[measure]), unitOf[measure]))
  }
  const hour = {} as Record<Measure, UsualBands | NotUsual>
  for (const measure of measures) {
    await turn()
    hour[measure] = bandsOf(past, measure, hoursUpTo(past.counts[measure], past.isClockChange), unitOf[measure])
  }
  return { day, history: { from, until }, soFar, hour, averageOrder: unitOf.revenue }
}

/** How many days `end` lies after the last day of the weekday of `day` that is not after it. */
const sameWeekday = (end: number, day: number): number => (((end - day) % 7) + 7) % 7

function bandsOf(past: StepCounts, measure: Measure, values: Float64Array, unit: number): UsualBands | NotUsual {
  const totals = totalsOf(past.counts[measure])
  // Days before anything came are none on which nothing happened; the first is not whole.
  const first = totals.findIndex((total) => total > 0) + 1
  if (first === 0) return { kind: 'too-short', message: `there are no ${measure} in the ${past.days} days before` }
  const bands = findUsualBands(
    { steps: stepsOfDay, values: values.slice(first * stepsOfDay), totals: totals.slice(first) },
    { confidence, unit },
  )
  return bands.kind === 'too-short' ? { kind: 'too-short', message: bands.message } : bands
}

/**
 * What was sold so far never falls, so the bounds of it do not either: put into rising order they are never farther from
 * the true ones.
 *
 * Source: Chernozhukov, Fernández-Val & Galichon, "Improving point and interval estimators of monotone functions by
 * rearrangement", Biometrika 96(3), 2009.
 */
function rising(bands: UsualBands | NotUsual): UsualBands | NotUsual {
  if (bands.kind === 'too-short') return bands
  const sorted = (bound: Float64Array): Float64Array => bound.slice().sort()
  return {
    ...{ ...bands, expected: sorted(bands.expected), low: sorted(bands.low), high: sorted(bands.high) },
    ...{ alarmLow: sorted(bands.alarmLow), alarmHigh: sorted(bands.alarmHigh) },
  }
}

function averageOf(revenue: Float64Array, orders: Float64Array): number {
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
  const [amount, count] = [sum(revenue), sum(orders)]
  return amount > 0 && count > 0 ? amount / count : 1
}
