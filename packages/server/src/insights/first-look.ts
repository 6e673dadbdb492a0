import { dayMs, type Instant, RapportError, type Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { simulatedUntil } from './clock.ts'
import { type ShopTiming, shopTiming } from './plan-timing.ts'
import { type RhythmRow, rhythmFrom } from './rhythm.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** What each number means, shown one click away from it. */
export const definitions = {
  revenue:
    'Amounts of all sale lines (quantity × price paid, discounts already taken off), before refunds. Postage and other codes that are no products count; corrections at a negative price do not.',
  orders: 'Different order numbers with at least one sale line.',
  averageOrderValue: 'Revenue divided by orders.',
  customers: 'Different known customers with at least one sale in the period.',
  repeatRate:
    'Share of the customers with a sale in the period who, by its end, had ever bought on at least two different days.',
  newCustomers: 'Customers whose first sale lies in the period.',
  returningRevenueShare:
    'Share of known customers’ revenue that comes from customers whose first sale lies before the period.',
  refunds: 'Amounts of cancelled lines in the period plus refunds noted on orders, whenever the sale was.',
  refundRate: 'Refunds divided by revenue.',
  unknownRevenueShare: 'Share of revenue from sales that name no customer.',
  profit:
    'Revenue less unit costs, before refunds, postage and advertising. Where some lines have no unit cost, at the margin of what has one; not known where that is less than four fifths of revenue.',
} as const

export interface Measures {
  readonly revenue: number
  readonly orders: number
  /** Null when there is no order. */
  readonly averageOrderValue: number | null
  readonly customers: number
  readonly repeatRate: number | null
  readonly newCustomers: number
  /** Null over all time, in which everybody was new once. */
  readonly returningRevenueShare: number | null
  readonly refunds: number
  readonly refundRate: number | null
  readonly unknownRevenueShare: number | null
  /** Null when what has a unit cost is less than four fifths of revenue. */
  readonly profit: number | null
  /** Profit as a share of revenue, of what has a unit cost; null with `profit`. */
  readonly profitMargin: number | null
}

export interface Breakdown {
  readonly value: string
  readonly revenue: number
  readonly orders: number
  readonly share: number
  /** Revenue of the period before. */
  readonly previousRevenue: number
}

export interface Month {
  /** `2024-05` in the store's time zone. */
  readonly month: string
  readonly revenue: number
  readonly newRevenue: number
  readonly returningRevenue: number
  readonly unknownRevenue: number
  readonly refunds: number
  readonly orders: number
  readonly newCustomers: number
  /** The first or last month, when the data cover only part of it. */
  readonly isPartial: boolean
}

export interface Cohort {
  readonly month: string
  readonly customers: number
  /** Share of the cohort that bought in month 0, 1, 2 … after the first purchase; null where part of that month lies ahead. */
  readonly retention: readonly (number | null)[]
}

export interface FirstLook {
  readonly currency: string
  readonly timezone: string
  readonly from: Instant
  readonly to: Instant
  readonly asOf: Instant
  readonly otherCurrencies: readonly { readonly currency: string; readonly orders: number }[]
  readonly total: Measures
  readonly periodDays: number
  readonly current: Measures
  /** Null when the history does not cover the period before. */
  readonly previous: Measures | null
  readonly months: readonly Month[]
  readonly bySource: readonly Breakdown[]
  readonly byCountry: readonly Breakdown[]
  readonly byCategory: readonly Breakdown[]
  readonly cohorts: readonly Cohort[]
  /** `[7 × 24]` orders by weekday (Monday first) and hour, in the store's time zone. */
  readonly hours: readonly number[]
  /** What can be said of them beyond chance. */
  readonly timing: ShopTiming
}

/**
 * The moment up to which a store is analysed: just after its last order or event, so that old files are not all lapsed; of
 * a demo shop the end of its history.
 */
export async function lastMoment(warehouse: Warehouse): Promise<Instant> {
  const simulated = await simulatedUntil(warehouse)
  if (simulated !== null) return simulated
  const [row] = await warehouse.rows<{ latest: number | null }>(query('last_moment'))
  if (row?.latest == null) {
    throw new RapportError(
      'insights.empty',
      'the store must hold at least one order or event, got none: import some first',
    )
  }
  return row.latest
}

const periodDays = 90

/**
 * The numbers a shop asks for first, all time and for the last 90 days against the 90 before.
 *
 * @throws RapportError `insights.no-sales` when nothing was sold as of then
 */
export async function lookFirst(warehouse: Warehouse, asOf: Instant, work?: Work): Promise<FirstLook> {
  const { currency, timezone } = await moneyAndZone(warehouse)
  const moment = { as_of: { instant: asOf }, currency }
  const [span] = await warehouse.rows<{ first: number | null; last: number | null }>(query('span'), moment, work)
  if (span?.first == null || span.last == null) {
    throw new RapportError('insights.no-sales', `the store must hold a sale in ${currency}, got none by then`)
  }
  const start = asOf - periodDays * dayMs
  const measures = (from: Instant, to: Instant): Promise<Measures> => measure(warehouse, currency, from, to)
  const breakdowns = await warehouse.rows<Breakdown & { dimension: string }>(query('breakdowns'), {
    ...moment,
    start: { instant: start },
    before: { instant: start - periodDays * dayMs },
  })
  const by = (wanted: string): Breakdown[] =>
    breakdowns.filter(({ dimension }) => dimension === wanted).map(({ dimension: _, ...row }) => row)
  const coversPrevious = span.first <= start - periodDays * dayMs
  return {
    currency,
    timezone,
    from: span.first,
    to: span.last,
    asOf,
    otherCurrencies: await warehouse.rows(query('other_currencies'), moment),
    total: { ...(await measures(span.first - 1, asOf)), returningRevenueShare: null },
    periodDays,
    current: await measures(start, asOf),
    previous: coversPrevious ? await measures(start - periodDays * dayMs, start) : null,
    months: await readMonths(warehouse, asOf, currency, timezone),
    bySource: by('source'),
    byCountry: by('country'),
    byCategory: by('category'),
    cohorts: await readCohorts(warehouse, asOf, currency, timezone),
    hours: await readHours(warehouse, asOf, currency, timezone),
    timing: shopTiming(
      rhythmFrom(await warehouse.rows<RhythmRow>(query('shop_rhythm'), { ...moment, timezone }, work)),
    ),
  }
}

/** The store's own currency and time zone, as the first import set them; UTC when none was said. */
export async function moneyAndZone(warehouse: Warehouse): Promise<{ currency: string; timezone: string }> {
  const [zone] = await warehouse.rows<{ value: string }>("select value from store_settings where name = 'timezone'")
  const currency = await currencyOf(warehouse)
  if (currency === null) throw new RapportError('insights.no-sales', 'the store must hold a sale, got none')
  return { currency, timezone: zone?.value ?? 'UTC' }
}

/** The store's own currency, else the one most used; null when nothing was sold. */
export async function currencyOf(warehouse: Warehouse): Promise<string | null> {
  const [most] = await warehouse.rows<{ currency: string }>(query('currency'))
  return most?.currency ?? null
}

async function measure(warehouse: Warehouse, currency: string, from: Instant, to: Instant): Promise<Measures> {
  const [row] = await warehouse.rows<Measures>(query('measures'), {
    currency,
    start: { instant: from },
    as_of: { instant: to },
  })
  return row!
}

async function readMonths(warehouse: Warehouse, asOf: Instant, currency: string, timezone: string): Promise<Month[]> {
  const rows = await warehouse.rows<Omit<Month, 'isPartial'> & { isPartial: unknown }>(query('months'), {
    as_of: { instant: asOf },
    currency,
    timezone,
  })
  return rows.map((row) => ({ ...row, isPartial: Boolean(row.isPartial) }))
}

async function readCohorts(warehouse: Warehouse, asOf: Instant, currency: string, timezone: string): Promise<Cohort[]> {
  const rows = await warehouse.rows<{ month: string; later: number; customers: number; last: number }>(
    query('cohorts'),
    {
      as_of: { instant: asOf },
      currency,
      timezone,
    },
  )
  const cohorts: Cohort[] = []
  for (const month of new Set(rows.map((row) => row.month))) {
    const cells = rows.filter((row) => row.month === month)
    const customers = cells.find(({ later }) => later === 0)!.customers
    const last = cells[0]!.last
    cohorts.push({
      month,
      customers,
      retention: Array.from({ length: last + 1 }, (_, later) =>
        later === last && later > 0 ? null : (cells.find((cell) => cell.later === later)?.customers ?? 0) / customers,
      ),
    })
  }
  return cohorts
}

async function readHours(warehouse: Warehouse, asOf: Instant, currency: string, timezone: string): Promise<number[]> {
  const rows = await warehouse.rows<{ weekday: number; hour: number; orders: number }>(query('hours'), {
    as_of: { instant: asOf },
    currency,
    timezone,
  })
  const hours = new Array<number>(7 * 24).fill(0)
  for (const { weekday, hour, orders } of rows) hours[(weekday - 1) * 24 + hour] = orders
  return hours
}
