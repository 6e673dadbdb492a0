import type { Instant } from '../../base/index.ts'

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

/** The moment at which the zone's clocks show this; the later one where they show it twice, the first after a gap. */
function momentOf(zone: string, wall: number): Instant {
  const before = wall - offsetAt(zone, wall - 86_400_000)
  const after = wall - offsetAt(zone, wall + 86_400_000)
  const shown = [before, after].filter((moment) => moment + offsetAt(zone, moment) === wall)
  return Math.max(...(shown.length > 0 ? shown : [before, after]))
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

/**
 * The period of the calendar that lies `ago` periods before the one of `asOf`: [from, until), in the zone's time.
 *
 * @param zone IANA name
 */
export function calendarPeriod(
  zone: string,
  unit: CalendarUnit,
  ago: number,
  asOf: Instant,
): { readonly from: Instant; readonly until: Instant } {
  const wall = asOf + offsetAt(zone, asOf)
  return {
    from: momentOf(zone, periodStart(unit, wall, -ago)),
    until: momentOf(zone, periodStart(unit, wall, 1 - ago)),
  }
}
