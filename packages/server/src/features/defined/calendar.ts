import { dayMs, type Instant } from '../../base/index.ts'

export type CalendarUnit = 'day' | 'week' | 'month' | 'year'

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far the zone's clocks are ahead of UTC at a moment, ms. */
function offsetAt(zone: string, at: Instant): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
    formats.set(zone, format)
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name))
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year')
  const wall = new Date(0)
  wall.setUTCFullYear(year, part('month') - 1, part('day'))
  wall.setUTCHours(part('hour'), part('minute'), part('second'), 0)
  return wall.getTime() - Math.floor(at / 1000) * 1000
}

const hourMs = 3_600_000
/** Hours of which offsets are remembered, of each zone: 80 days. */
const hoursMax = 2000
const offsetsByHour = new Map<string, Map<number, number>>()

/** What `offsetAt` says of the beginning of an hour of UTC, which takes it as long as all else that is done with an event. */
function offsetAtHour(zone: string, hour: number): number {
  let offsets = offsetsByHour.get(zone)
  if (offsets === undefined) {
    offsets = new Map()
    offsetsByHour.set(zone, offsets)
  }
  let offset = offsets.get(hour)
  if (offset === undefined) {
    offset = offsetAt(zone, hour * hourMs)
    if (offsets.size >= hoursMax) offsets.clear()
    offsets.set(hour, offset)
  }
  return offset
}

/** The hour of the day that the zone's clocks show, 00 … 23. @param zone IANA name */
export function hourAt(zone: string, at: Instant): string {
  const hour = Math.floor(at / hourMs)
  const offset = offsetAtHour(zone, hour)
  // Clocks that show the same offset before and after an hour were not put within it.
  const isSteady = offsetAtHour(zone, hour + 1) === offset
  const wall = new Date(at + (isSteady ? offset : offsetAt(zone, at)))
  return String(wall.getUTCHours()).padStart(2, '0')
}

/** The first moment at which the zone's clocks show this or, where they skip it, anything later. */
function momentOf(zone: string, wall: number): Instant {
  const [offsetBefore, offsetAfter] = [offsetAt(zone, wall - dayMs), offsetAt(zone, wall + dayMs)]
  const [before, after] = [wall - offsetBefore, wall - offsetAfter]
  const shown = [before, after].filter((moment) => moment + offsetAt(zone, moment) === wall)
  if (shown.length > 0) return Math.min(...shown)
  // The clocks skip it: they were put forward after `early` and by `late`.
  let [early, late] = [after, before]
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2)
    if (offsetAt(zone, middle) === offsetBefore) early = middle
    else late = middle
  }
  return late
}

/** Midnight at which a period begins, as a wall clock shows it, `steps` periods after the one that holds `wall`. */
function periodStart(unit: CalendarUnit, wall: number, steps: number): number {
  const date = new Date(wall)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const start = new Date(0)
  if (unit === 'year') start.setUTCFullYear(year + steps, 0, 1)
  else if (unit === 'month') start.setUTCFullYear(year, month + steps, 1)
  else if (unit === 'day') start.setUTCFullYear(year, month, day + steps)
  else start.setUTCFullYear(year, month, day - ((date.getUTCDay() + 6) % 7) + 7 * steps)
  return start.getTime()
}

/** A wall clock's midnight at which the period that holds a moment begins. */
function ownStart(zone: string, unit: CalendarUnit, at: Instant): number {
  const wall = at + offsetAt(zone, at)
  // Where clocks are put back over midnight, they show the day before once more: that belongs to the new one.
  const next = periodStart(unit, wall, 1)
  return momentOf(zone, next) <= at ? next : periodStart(unit, wall, 0)
}

/**
 * The period of the calendar that lies `ago` periods before the one of `asOf`: [from, until), in the zone's time. A period
 * begins with the first moment at which the zone's clocks show its first day, or a later one where they skip that.
 *
 * @param zone IANA name
 */
export function calendarPeriod(
  zone: string,
  unit: CalendarUnit,
  ago: number,
  asOf: Instant,
): { readonly from: Instant; readonly until: Instant } {
  const own = ownStart(zone, unit, asOf)
  return {
    from: momentOf(zone, periodStart(unit, own, -ago)),
    until: momentOf(zone, periodStart(unit, own, 1 - ago)),
  }
}

/**
 * Where periods begin, ascending: of the `before` periods before that of `first`, of all from there to that of `last`, and
 * of the one after it.
 */
export function calendarStarts(
  zone: string,
  unit: CalendarUnit,
  before: number,
  first: Instant,
  last: Instant,
): readonly Instant[] {
  const own = ownStart(zone, unit, first)
  const starts: Instant[] = []
  for (let step = -before; ; step += 1) {
    starts.push(momentOf(zone, periodStart(unit, own, step)))
    if (step > 0 && starts.at(-1)! > last) return starts
  }
}

/** A date as the zone's calendars show it. */
export interface CalendarDate {
  readonly year: number
  /** 1 … 12 */
  readonly month: number
  readonly day: number
}

/** @param zone IANA name */
export function dateAt(zone: string, at: Instant): CalendarDate {
  const date = new Date(at + offsetAt(zone, at))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** When a date begins; one that there is not, as 29 February or 32 May, is so many days after the last that there is. */
export function startOfDate(zone: string, { year, month, day }: CalendarDate): Instant {
  const wall = new Date(0)
  wall.setUTCFullYear(year, month - 1, day)
  return momentOf(zone, wall.getTime())
}
