import { dayMs, type Instant } from '../../../base/index.ts'
import { readQueries, type Warehouse } from '../../../warehouse/index.ts'
import type { Measure } from '../usual/step-counts.ts'
import type { SidedValue } from './explain.ts'

const query = readQueries(new URL('../live.sql', import.meta.url))

/** So many days before tell what shares values have at this time of day. */
const daysBefore = 28

/** Sides of which an order has one value, so that its values add up to all orders. */
const sidesOfOrders = new Set(['source', 'country'])

export interface SidedRequest {
  readonly measure: Measure
  readonly zone: string
  readonly currency: string | null
  readonly window: { readonly from: Instant; readonly until: Instant }
  /** When the window began, after midnight, ms as a wall clock shows it. */
  readonly timeOfDayMs: number
  /** How much there was to be in the window: values have their usual shares of it. */
  readonly expected: number
}

/** What there was of each value of each side in a window, and what was to be expected by its share on the days before. */
export async function readSidedValues(warehouse: Warehouse, request: SidedRequest): Promise<readonly SidedValue[]> {
  const { measure, zone, currency, window, timeOfDayMs, expected } = request
  if (measure !== 'events' && currency === null) return []
  const found = await warehouse.columns(query(measure === 'events' ? 'events_by_value' : 'sales_by_value'), {
    ...{ from: { instant: window.from }, until: { instant: window.until }, timezone: zone },
    ...{ before: { instant: window.from - daysBefore * dayMs }, time_of_day: timeOfDayMs },
    length: window.until - window.from,
    ...(measure === 'events' ? {} : { currency }),
  })
  const [sides, values, counts] = [found.keys('side'), found.texts('value'), found.numbers(measure)]
  const isNow = found.numbers('isNow')
  const before = new Map<string, number>()
  for (let row = 0; row < found.rows; row += 1) {
    const side = sides[row]!
    if (isNow[row] === 0) before.set(side, (before.get(side) ?? 0) + counts[row]!)
  }
  const sided = new Map<string, SidedValue>()
  for (let row = 0; row < found.rows; row += 1) {
    const [side, value, count] = [sides[row]!, values[row]!, counts[row]!]
    if (measure === 'orders' && !sidesOfOrders.has(side)) continue
    const key = JSON.stringify([side, value])
    const known = sided.get(key) ?? { side, value, now: 0, expected: 0 }
    sided.set(
      key,
      isNow[row] === 0 ? { ...known, expected: (expected * count) / before.get(side)! } : { ...known, now: count },
    )
  }
  return [...sided.values()]
}
