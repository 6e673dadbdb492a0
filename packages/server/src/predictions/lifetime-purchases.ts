import type { Instant, Work } from '../base/index.ts'
import { type Parameters, readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./lifetime.sql', import.meta.url))

/** Purchase days of every customer: what the lifetime models are fitted to. */
export interface PurchaseDays {
  /** `[n]` ascending by code point. */
  readonly customerIds: readonly string[]
  /** `[m]` position in `customerIds`, ascending. */
  readonly customers: Uint32Array
  /** `[m]` days since 1970 in the store's time zone, ascending within a customer. */
  readonly days: Int32Array
  /** `[m]` money of the day, net of what was cancelled that same day; > 0. */
  readonly spend: Float64Array
  readonly firstDay: number
  /** The last whole day before the moment of analysis, or that day itself when records reach into it. */
  readonly lastDay: number
  /** Share of sales that is sent back on later days. */
  readonly refundShare: number
  /** Profit as a share of revenue; of what has a unit cost; null where that is less than four fifths. */
  readonly margin: number | null
  readonly currency: string
}

/** Purchases as of a moment, or undefined when there is none. A day with nothing left after cancellations is none. */
export async function readPurchaseDays(
  warehouse: Warehouse,
  asOf: Instant,
  work?: Work,
): Promise<PurchaseDays | undefined> {
  const settings = await warehouse.rows<{ name: string; value: string }>(query('lifetime_settings'))
  const setting = (name: string): string | undefined => settings.find((one) => one.name === name)?.value
  const [most] = await warehouse.rows<{ currency: string }>(query('lifetime_currency'), { as_of: { instant: asOf } })
  const currency = setting('currency') ?? most?.currency
  if (currency === undefined) return undefined
  const moment = { as_of: { instant: asOf }, timezone: setting('timezone') ?? 'UTC' }
  try {
    await warehouse.run(query('sum_lifetime_days'), { ...moment, currency }, work)
    return await readDaySums(warehouse, moment, currency, work)
  } finally {
    await warehouse.run(query('drop_lifetime_days'))
  }
}

async function readDaySums(
  warehouse: Warehouse,
  moment: Parameters,
  currency: string,
  work?: Work,
): Promise<PurchaseDays | undefined> {
  const read = await warehouse.columns(query('lifetime_days'), {}, work)
  if (read.rows === 0) return undefined
  const ids = await warehouse.columns(query('lifetime_customers'), {}, work)
  const [totals] = await warehouse.rows<{ refund_share: number; margin: number | null; last_day: number }>(
    query('lifetime_totals'),
    moment,
  )
  const days = Int32Array.from(read.numbers('day'))
  return {
    customerIds: ids.keys('customer_id'),
    customers: Uint32Array.from(read.numbers('customer')),
    days,
    spend: read.numbers('spend'),
    firstDay: days.reduce((least, day) => Math.min(least, day), Number.POSITIVE_INFINITY),
    lastDay: totals!.last_day,
    refundShare: totals!.refund_share,
    margin: totals!.margin,
    currency,
  }
}
