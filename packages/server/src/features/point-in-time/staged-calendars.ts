import type { Instant } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { calendarStarts } from '../defined/calendar.ts'
import type { Leaf } from '../defined/plan.ts'
import type { StagedCalendar } from './moments-sql.ts'

let staged = 0

/**
 * Stages the periods that leaves look at for all moments from the earliest to the latest: one table a unit, so that SQL and
 * the interpreter have the same calendar.
 */
export async function withCalendars<Result>(
  warehouse: Warehouse,
  { leaves, timezone, earliest, latest }: CalendarsOf,
  use: (calendars: readonly StagedCalendar[]) => Promise<Result>,
): Promise<Result> {
  const calendars: StagedCalendar[] = []
  try {
    for (const [unit, agos] of calendarNeeds(leaves)) {
      staged += 1
      const table = `calendar_periods_${staged}`
      const most = Math.max(...agos)
      const starts = calendarStarts(timezone, unit, most, earliest, latest)
      await warehouse.stage(table, periodColumns(starts, most, agos))
      calendars.push({ unit, table, agos })
    }
    return await use(calendars)
  } finally {
    for (const { table } of calendars) await warehouse.run(`drop table ${table}`)
  }
}

export interface CalendarsOf {
  readonly leaves: readonly Leaf[]
  /** IANA name. */
  readonly timezone: string
  readonly earliest: Instant
  readonly latest: Instant
}

/** Which periods before the current one are looked at, by unit. */
function calendarNeeds(leaves: readonly Leaf[]) {
  const needs = new Map<StagedCalendar['unit'], number[]>()
  for (const leaf of leaves) {
    if (!('window' in leaf) || leaf.window.kind !== 'calendar') continue
    const { unit, ago } = leaf.window
    needs.set(unit, [...new Set([...(needs.get(unit) ?? []), ago])])
  }
  return needs
}

/** @param most periods before the first that is somebody's own */
function periodColumns(starts: readonly Instant[], most: number, agos: readonly number[]) {
  // Of a day that a zone skips there is no moment: it begins as the next one does, which is the one that counts.
  const own = [...starts.keys()].filter((at) => at >= most && at + 1 < starts.length && starts[at] !== starts[at + 1])
  const column = (step: number): Float64Array => Float64Array.from(own, (at) => starts[at + step]!)
  return {
    start: column(0),
    ...Object.fromEntries(
      agos.flatMap((ago) => [
        [`from_${ago}`, column(-ago)],
        [`until_${ago}`, column(1 - ago)],
      ]),
    ),
  }
}
