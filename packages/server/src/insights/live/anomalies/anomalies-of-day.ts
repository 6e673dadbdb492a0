import type { Instant } from '../../../base/index.ts'
import type { Warehouse } from '../../../warehouse/index.ts'
import { localDay, stepMs, stepsOfDay } from '../usual/local-day.ts'
import { hoursUpTo, type Measure, measures, readStepCounts, windowSteps } from '../usual/step-counts.ts'
import type { UsualDay } from '../usual/usual.ts'
import { explainDifference, type SideExplained } from './explain.ts'
import { readSidedValues } from './sided-values.ts'
import { departuresIn } from './watch.ts'

/** An hour, or more of them, in which something was far from usual. */
export interface Anomaly {
  /** The same thing has the same id, whenever it is looked for. */
  readonly id: string
  readonly measure: Measure
  readonly side: 'below' | 'above'
  /** When the first hour that was far off began. */
  readonly from: Instant
  readonly toldAt: Instant
  /** Null while it goes on. */
  readonly overAt: Instant | null
  /** The hour that was farthest off. */
  readonly hour: { readonly from: Instant; readonly until: Instant }
  readonly value: number
  readonly expected: number
  readonly low: number
  readonly high: number
  /** What carries the difference in that hour; empty where it went through everything alike. */
  readonly explanation: readonly SideExplained[]
}

/** A departure is of at least so many events or orders; of money, so many average orders. */
const least: Readonly<Record<Measure, number>> = { events: 20, orders: 3, revenue: 3 }

export interface DayWatched {
  readonly zone: string
  readonly currency: string | null
  /** Steps that are over by then are looked at. */
  readonly at: Instant
  readonly usual: UsualDay
  /** What was found before: what is the same is not explained again. */
  readonly before: readonly Anomaly[]
}

/** Everything on the day so far that was far from usual, as the warehouse has it; after a restart the same. */
export async function anomaliesOfDay(warehouse: Warehouse, watched: DayWatched): Promise<readonly Anomaly[]> {
  const { zone, currency, at, usual, before } = watched
  const day = localDay(zone, at)
  // Windows of a day on which clocks change are not whole, and are not judged.
  if (day.until - day.from !== stepsOfDay * stepMs) return []
  const counted = await readStepCounts(warehouse, {
    zone,
    currency,
    from: localDay(zone, at, 1).from,
    until: day.until,
  })
  const over = Math.floor((at - day.from) / stepMs)
  const endOf = (step: number): Instant => day.from + (step + 1) * stepMs
  const found: Anomaly[] = []
  for (const measure of measures) {
    const bands = usual.hour[measure]
    if (bands.kind === 'too-short') continue
    const values = hoursUpTo(counted.counts[measure], counted.isClockChange).slice(stepsOfDay, stepsOfDay + over)
    const unit = measure === 'revenue' ? usual.averageOrder : 1
    for (const { side, toldAt, overAt, farthestAt } of departuresIn(values, bands, least[measure] * unit)) {
      const id = `${usual.day}-${measure}-${toldAt}`
      const hour = { from: endOf(farthestAt - windowSteps), until: endOf(farthestAt) }
      const known = before.find((one) => one.id === id && one.hour.from === hour.from)
      const [value, expected] = [values[farthestAt]!, bands.expected[farthestAt]!]
      const timeOfDayMs = ((farthestAt + 1 - windowSteps + stepsOfDay) % stepsOfDay) * stepMs
      const explanation =
        known?.explanation ??
        explainDifference(
          { now: value, expected },
          await readSidedValues(warehouse, { measure, zone, currency, window: hour, timeOfDayMs, expected }),
        )
      found.push({
        ...{ id, measure, side, from: endOf(toldAt - 1 - windowSteps), toldAt: endOf(toldAt) },
        ...{ overAt: overAt === null ? null : endOf(overAt), hour, value, expected },
        ...{ low: bands.low[farthestAt]!, high: bands.high[farthestAt]!, explanation },
      })
    }
  }
  return found.sort((a, b) => b.toldAt - a.toldAt || (a.id < b.id ? -1 : 1))
}
