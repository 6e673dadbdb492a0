import { type Instant, now } from '../../base/index.ts'
import { dateAt, startOfDate, storeBasis } from '../../features/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'

const query = readQueries(new URL('./trend.sql', import.meta.url))

/** How a segment changed on one day of the store's calendar. */
export interface TrendDay {
  /** 2026-03-29 */
  readonly day: string
  /** At the end of the day; of today so far. */
  readonly size: number
  readonly entries: number
  readonly exits: number
}

export interface SegmentTrend {
  readonly segment: string
  /** The earliest first, without gaps; none before the first on which somebody came. */
  readonly days: readonly TrendDay[]
}

/**
 * How large a segment was at the end of each of the last days, and how many came and left on them: from the movements that
 * are kept. Who was erased since counts in none.
 *
 * @param days today included
 */
export async function segmentTrend(warehouse: Warehouse, segment: string, days: number): Promise<SegmentTrend> {
  const moment = now()
  const { timezone } = await storeBasis(warehouse, moment)
  const starts = dayStarts(timezone, moment, days)
  // Moments of a calendar are ours: nothing of a request gets into the query but as a parameter.
  const listed = starts.map((start, at) => `(${at}, ${start})`).join(', ')
  const rows = await warehouse.rows<{ day: number; entries: number; exits: number }>(
    query('movements_by_day').replaceAll('{days}', listed),
    { segment },
  )
  const byDay = new Map(rows.map((row) => [row.day, row]))
  // Before the first of the days is day −1.
  const before = byDay.get(-1)
  let size = before === undefined ? 0 : before.entries - before.exits
  let hasBegun = before !== undefined
  const shown: TrendDay[] = []
  for (const [at, start] of starts.entries()) {
    const { entries, exits } = byDay.get(at) ?? { entries: 0, exits: 0 }
    hasBegun ||= entries > 0
    size += entries - exits
    if (hasBegun) shown.push({ day: dayOf(timezone, start), size, entries, exits })
  }
  return { segment, days: shown }
}

function dayStarts(timezone: string, moment: Instant, days: number): readonly Instant[] {
  const today = dateAt(timezone, moment)
  return Array.from({ length: days }, (_, at) => startOfDate(timezone, { ...today, day: today.day - (days - 1 - at) }))
}

function dayOf(timezone: string, start: Instant): string {
  const { year, month, day } = dateAt(timezone, start)
  return [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-')
}
