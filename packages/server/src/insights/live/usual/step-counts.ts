import type { Instant } from '../../../base/index.ts'
import { type Columns, readQueries, type Warehouse } from '../../../warehouse/index.ts'
import { dayNumber, localDay, stepMs, stepsOfDay } from './local-day.ts'

const query = readQueries(new URL('../live.sql', import.meta.url))

/** What is held against what is usual. */
export const measures = ['events', 'orders', 'revenue'] as const
export type Measure = (typeof measures)[number]

/** How much there was in each quarter of an hour, as the wall clocks of a zone show them. */
export interface StepCounts {
  /** Of the first day, as `dayNumber` counts. */
  readonly firstDay: number
  readonly days: number
  /** `[days × 96]` of each measure; revenue in units of the currency. */
  readonly counts: Readonly<Record<Measure, Float64Array>>
  /** `[days]` whether clocks change on the day: an hour of it is missing, or is twice as long. */
  readonly isClockChange: readonly boolean[]
}

export interface StepRange {
  readonly zone: string
  /** Null where nothing was ever sold. */
  readonly currency: string | null
  /** The first moment of a day, and of the day after the last. */
  readonly from: Instant
  readonly until: Instant
}

/** Counts of whole days as the warehouse has them. */
export async function readStepCounts(warehouse: Warehouse, range: StepRange): Promise<StepCounts> {
  const { zone, currency, from, until } = range
  const firstDay = dayNumber(zone, from)
  const days = dayNumber(zone, until) - firstDay
  const asked = { from: { instant: from }, until: { instant: until }, timezone: zone }
  const counts = {
    events: new Float64Array(days * stepsOfDay),
    orders: new Float64Array(days * stepsOfDay),
    revenue: new Float64Array(days * stepsOfDay),
  }
  const put = (found: Columns, measure: Measure): void => {
    const [day, step, count] = [found.numbers('day'), found.numbers('step'), found.numbers(measure)]
    for (let row = 0; row < found.rows; row += 1) {
      const at = (day[row]! / 86_400_000 - firstDay) * stepsOfDay + step[row]!
      // A day that clocks put back over midnight shows once more belongs to the one after.
      if (at >= 0 && at < counts[measure].length) counts[measure][at]! += count[row]!
    }
  }
  put(await warehouse.columns(query('events_by_step'), asked), 'events')
  if (currency !== null) {
    const sales = await warehouse.columns(query('sales_by_step'), { ...asked, currency })
    put(sales, 'orders')
    put(sales, 'revenue')
  }
  const isClockChange = Array.from({ length: days }, (_, ago) => {
    const day = localDay(zone, until - 1, days - 1 - ago)
    return day.until - day.from !== stepsOfDay * stepMs
  })
  return { firstDay, days, counts, isClockChange }
}

/** Steps of the window that is judged: an hour. */
export const windowSteps = 4

/** `[days × 96]` what happened in the hour up to the end of each step; NaN where it is not whole. */
export function hoursUpTo(counts: Float64Array, isClockChange: readonly boolean[]): Float64Array {
  const sums = new Float64Array(counts.length).fill(Number.NaN)
  for (let at = windowSteps - 1; at < counts.length; at += 1) {
    const day = Math.floor(at / stepsOfDay)
    const isFirst = at % stepsOfDay < windowSteps - 1
    if (isClockChange[day] || (isFirst && isClockChange[day - 1])) continue
    let sum = 0
    for (let back = 0; back < windowSteps; back += 1) sum += counts[at - back]!
    sums[at] = sum
  }
  return sums
}

/** `[days × 96]` what happened from the start of the day to the end of each step. */
export function daysUpTo(counts: Float64Array): Float64Array {
  const sums = counts.slice()
  for (let at = 0; at < sums.length; at += 1) if (at % stepsOfDay > 0) sums[at]! += sums[at - 1]!
  return sums
}

/** `[days]` */
export const totalsOf = (counts: Float64Array): Float64Array =>
  Float64Array.from({ length: counts.length / stepsOfDay }, (_, day) =>
    counts.subarray(day * stepsOfDay, (day + 1) * stepsOfDay).reduce((sum, count) => sum + count, 0),
  )
