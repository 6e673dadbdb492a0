import { now } from '../../base/index.ts'
import { dateAt, startOfDate } from '../../features/index.ts'
import { DayOf, type DaySize } from '../live/day-sizes.ts'
import { unknownSegment } from './members-page.ts'
import type { Standing } from './standing.ts'

export interface SegmentTrend {
  readonly segment: string
  /** The earliest first, without gaps; none before the first on which somebody came. */
  readonly days: readonly DaySize[]
}

/**
 * How large a segment was at the end of each of the last days, and how many came and left on them.
 *
 * @throws RapportError `segments.unknown`
 */
export function segmentTrendOf({ compiled, members }: Standing, segment: string, days: number): SegmentTrend {
  if (!compiled.segments.some(({ definition }) => definition.id === segment)) throw unknownSegment(segment)
  return { segment, days: filled(members?.sizesByDay(segment) ?? [], compiled.timezone, days) }
}

/** Days on which nobody moved are as large as the day before. */
export function filled(recorded: readonly DaySize[], timezone: string, days: number): readonly DaySize[] {
  const [first] = recorded
  if (first === undefined) return []
  const byDay = new Map(recorded.map((one) => [one.day, one]))
  const dayOf = new DayOf(timezone)
  const today = dateAt(timezone, now())
  const all: DaySize[] = []
  let size = 0
  const back = Math.min(1100, days)
  const from = dayOf.at(startOfDate(timezone, { ...today, day: today.day - back + 1 }))
  for (const one of recorded) if (one.day < from) size = one.size
  for (let ago = back - 1; ago >= 0; ago -= 1) {
    const day = dayOf.at(startOfDate(timezone, { ...today, day: today.day - ago }))
    if (day < first.day) continue
    const held = byDay.get(day) ?? { day, size, entries: 0, exits: 0 }
    size = held.size
    all.push(held)
  }
  return all
}
