import { type Matrix, matrix } from '@rapport/numerics'
import type { Instant, Work } from '../base/index.ts'
import { storeBasis } from '../features/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

/** A way in which customers differ, and how often it was seen of each. Rows are customers. */
export type Habit =
  | {
      readonly kind: 'counts'
      readonly name: string
      /** 'categories bought' */
      readonly label: string
      /** `[n × levels]` */
      readonly counts: Matrix
    }
  | {
      readonly kind: 'level'
      readonly name: string
      readonly label: string
      /** `[n]` how often it was measured. */
      readonly times: Float64Array
      /** `[n]` sums of the measurements, and of their squares. */
      readonly totals: Float64Array
      readonly squares: Float64Array
    }

/** Categories beyond these count as one. */
const categoriesMax = 12

const query = readQueries(new URL('./habits.sql', import.meta.url))

/**
 * What everybody with a purchase was seen to do, in the order of their ids: of what kind they buy, at a discount or not,
 * when, and at which price.
 *
 * How often and how much somebody buys is not among them: that differs by degree, and RFM shows it.
 */
export async function readHabits(warehouse: Warehouse, asOf: Instant, work?: Work): Promise<readonly Habit[]> {
  const { timezone, currency, lines } = await storeBasis(warehouse, asOf)
  const at = { instant: asOf }
  const [buyers] = await warehouse.rows<{ n: number }>(over(lines, query('habit_customers')), { as_of: at }, work)
  const sql = over(lines, query('habits'))
  const read = await warehouse.columns(sql, { as_of: at, timezone, currency, limit: categoriesMax }, work)
  return habitsFrom(buyers!.n, {
    customer: read.numbers('customer'),
    habit: read.numbers('habit'),
    level: read.numbers('level'),
    times: read.numbers('times'),
    total: read.numbers('total'),
    squares: read.numbers('squares'),
  })
}

const over = (lines: string, sql: string): string => sql.replaceAll('{lines}', lines)

interface HabitRows {
  readonly customer: Float64Array
  readonly habit: Float64Array
  readonly level: Float64Array
  readonly times: Float64Array
  readonly total: Float64Array
  readonly squares: Float64Array
}

/** The levels of each count, as the query numbers them. */
const counted: readonly [name: string, label: string, levels: number][] = [
  ['categories', 'categories bought', categoriesMax + 1],
  ['discounts', 'bought at a discount or not', 2],
  ['day_parts', 'time of day of orders', 8],
  ['weekdays', 'weekday of orders', 7],
]

function habitsFrom(n: number, { customer, habit, level, times, total, squares }: HabitRows): readonly Habit[] {
  const counts = counted.map(([, , levels]) => matrix(n, levels))
  const price = { times: new Float64Array(n), totals: new Float64Array(n), squares: new Float64Array(n) }
  habit.forEach((which, row) => {
    const own = customer[row]!
    const into = counts[which]
    if (into) into.values[own * into.columns + level[row]!] = times[row]!
    else {
      price.times[own] = times[row]!
      price.totals[own] = total[row]! / 1000
      price.squares[own] = squares[row]! / 1e6
    }
  })
  return [
    ...counted.map(([name, label], at): Habit => ({ kind: 'counts', name, label, counts: counts[at]! })),
    { kind: 'level', name: 'price_level', label: 'price against what the category usually costs', ...price },
  ]
}
