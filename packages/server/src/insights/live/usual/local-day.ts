import { dayMs, type Instant } from '../../../base/index.ts'
import { dateAt, startOfDate } from '../../../features/index.ts'

/** A quarter of an hour: clocks are put back and forth by whole ones, and zones are apart by them. */
export const stepMs = 900_000
/** Of a day, as a wall clock shows them. */
export const stepsOfDay = dayMs / stepMs

/** A day of a time zone; a day on which clocks change has 23 or 25 hours. */
export interface Day {
  readonly from: Instant
  readonly until: Instant
}

/** The day that lies `ago` days before the one of `at`. */
export function localDay(zone: string, at: Instant, ago = 0): Day {
  const date = dateAt(zone, at)
  const of = (days: number): Instant => startOfDate(zone, { ...date, day: date.day + days })
  return { from: of(-ago), until: of(1 - ago) }
}

/** The number of a day as a wall clock counts them, from 1970: a Thursday. */
export function dayNumber(zone: string, at: Instant): number {
  const { year, month, day } = dateAt(zone, at)
  return Math.round(Date.UTC(year, month - 1, day) / dayMs)
}

/** `[steps of the day]` for each quarter of an hour of a day the one that a wall clock shows, 0 … 95. */
export function wallSteps(zone: string, { from, until }: Day): readonly number[] {
  const steps = Math.round((until - from) / stepMs)
  if (steps === stepsOfDay) return Array.from({ length: steps }, (_, step) => step)
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return Array.from({ length: steps }, (_, step) => {
    const [hour, minute] = clock
      .format(from + step * stepMs)
      .split(':')
      .map(Number)
    return Math.floor((hour! * 60 + minute!) / 15)
  })
}
