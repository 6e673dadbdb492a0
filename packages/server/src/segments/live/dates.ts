import { dayMs, type Instant } from '../../base/index.ts'
import { type CalendarDate, dateAt, type FeatureValue, startOfDate } from '../../features/index.ts'
import { type Comparison, compares } from './compiled.ts'

/** The date at the head of a text, as `1990-02-28` or `1990-02-28T00:00:00Z`; null where there is none. */
export function readDate(value: FeatureValue): CalendarDate | null {
  const read = typeof value === 'string' ? /^(\d{4})-(\d\d)-(\d\d)(?!\d)/.exec(value) : null
  if (read === null) return null
  const [year, month, day] = read.slice(1).map(Number) as [number, number, number]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? { year, month, day } : null
}

/** Full years from a date to a moment; null without a date, and before it. */
export function yearsSince(born: CalendarDate | null, zone: string, asOf: Instant): number | null {
  if (born === null) return null
  const today = dateAt(zone, asOf)
  const isBefore = today.month < born.month || (today.month === born.month && today.day < born.day)
  const years = today.year - born.year - (isBefore ? 1 : 0)
  return years < 0 ? null : years
}

/** Days until the day and month of a date come again, 0 on that day; null without a date. */
export function daysToAnniversary(date: CalendarDate | null, zone: string, asOf: Instant): number | null {
  if (date === null) return null
  const today = dateAt(zone, asOf)
  const now = dayNumber(today)
  const [soonest] = [today.year, today.year + 1].map((year) => dayNumber({ ...date, year })).filter((day) => day >= now)
  return soonest! - now
}

/** Days of the calendar are counted alike in every zone; 29 February of other years is 1 March. */
function dayNumber({ year, month, day }: CalendarDate): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime() / dayMs
}

/** The first moment after `asOf` at which full years since a date are others. */
export function yearsChangeAt(born: CalendarDate | null, zone: string, asOf: Instant): Instant {
  if (born === null) return Number.POSITIVE_INFINITY
  const { year } = dateAt(zone, asOf)
  return firstAfter(
    asOf,
    [Math.max(year, born.year), Math.max(year + 1, born.year)].map((at) => startOfDate(zone, { ...born, year: at })),
  )
}

/** The first moment after `asOf` at which the anniversary of a date comes within so many days, or is over. */
export function anniversaryChangesAt(
  date: CalendarDate | null,
  withinDays: number,
  zone: string,
  asOf: Instant,
): Instant {
  if (date === null) return Number.POSITIVE_INFINITY
  const { year } = dateAt(zone, asOf)
  return firstAfter(
    asOf,
    [year, year + 1, year + 2].flatMap((at) => {
      // A day that there is not that year must be settled before days are counted from it.
      const day = new Date(dayNumber({ ...date, year: at }) * dayMs)
      const shown = { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() }
      return [-withinDays, 1].map((days) => startOfDate(zone, { ...shown, day: shown.day + days }))
    }),
  )
}

const firstAfter = (asOf: Instant, moments: readonly Instant[]): Instant =>
  moments.reduce((first, at) => (at > asOf && at < first ? at : first), Number.POSITIVE_INFINITY)

/** Whether the age that a date gives compares so. */
export const ageCompares = (
  value: FeatureValue,
  op: Comparison,
  values: readonly number[],
  zone: string,
  asOf: Instant,
): boolean => compares(yearsSince(readDate(value), zone, asOf), op, values)
