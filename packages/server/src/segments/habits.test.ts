import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rowOf } from '@rapport/numerics'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayMs } from '../base/index.ts'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { type Habit, readHabits } from './habits.ts'

let folder: string
let warehouse: Warehouse
/** A Monday. */
const monday = Date.UTC(2024, 0, 1)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-habits-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await warehouse.run("insert into store_settings values ('timezone', 'Europe/Berlin'), ('currency', 'EUR')")
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

interface Line {
  readonly customer: string
  readonly order: string
  readonly category: string | null
  readonly euros: number
  readonly discount?: number
  readonly at: number
}

async function sell(lines: readonly Line[]): Promise<void> {
  for (const [key, { customer, order, category, euros, discount, at }] of lines.entries()) {
    await warehouse.run(
      `insert into order_lines
      select $key::uhugeint, 1, $order, $customer, 'p', null, $category, 1, $micros::bigint, $micros::bigint,
        $discount::bigint, null, null, null, null, 'EUR', 'sale', 0, $at, $at, null, null`,
      {
        key,
        order,
        customer,
        category,
        micros: euros * 1e6,
        discount: discount === undefined ? null : discount * 1e6,
        at: { instant: at },
      },
    )
  }
}

const counts = (habits: readonly Habit[], name: string, row: number): number[] => {
  const habit = habits.find((one) => one.name === name)!
  if (habit.kind !== 'counts') throw new Error(`${name} is no count`)
  return Array.from(rowOf(habit.counts, row))
}

test('counts lines and orders of each customer as they were known at the moment', async () => {
  await sell([
    // 22:30 in Berlin, the same Monday.
    { customer: 'b', order: '1', category: 'Shoes', euros: 30, discount: 0, at: monday + 21.5 * 3_600_000 },
    { customer: 'b', order: '1', category: 'Shoes', euros: 20, discount: 10, at: monday + 21.5 * 3_600_000 },
    { customer: 'a', order: '2', category: 'Bags', euros: 50, at: monday + dayMs + 8 * 3_600_000 },
    { customer: 'a', order: '3', category: 'Shoes', euros: 120, discount: 0, at: monday + 5 * dayMs },
    // Not yet known.
    { customer: 'a', order: '4', category: 'Bags', euros: 50, at: monday + 20 * dayMs },
    { customer: 'c', order: '5', category: 'Bags', euros: 50, at: monday + 20 * dayMs },
  ])
  const habits = await readHabits(warehouse, monday + 10 * dayMs)
  // Shoes, bought more often, come first.
  expect(counts(habits, 'categories', 0).slice(0, 3)).toEqual([1, 1, 0])
  expect(counts(habits, 'categories', 1).slice(0, 3)).toEqual([2, 0, 0])
  expect(counts(habits, 'discounts', 0)).toEqual([1, 0])
  expect(counts(habits, 'discounts', 1)).toEqual([1, 1])
  expect(counts(habits, 'weekdays', 0)).toEqual([0, 1, 0, 0, 0, 1, 0])
  expect(counts(habits, 'weekdays', 1)).toEqual([1, 0, 0, 0, 0, 0, 0])
  expect(counts(habits, 'day_parts', 1)).toEqual([0, 0, 0, 0, 0, 0, 0, 1])
  const price = habits.find(({ name }) => name === 'price_level')!
  if (price.kind !== 'level') throw new Error('a price is a level')
  expect(Array.from(price.times)).toEqual([2, 2])
  // Shoes before discount: 30, 30 and 120, whose logarithms lie a third of log 4 above log 30 on average.
  expect(price.totals[1]).toBeCloseTo((-2 / 3) * Math.log(4), 2)
  expect(price.totals[0]).toBeCloseTo((2 / 3) * Math.log(4), 2)
  expect(price.squares[1]).toBeCloseTo(2 * (Math.log(4) / 3) ** 2, 2)
})

test('fees are no habit, but their buyers keep their place; with a left-out line its buyer is gone', async () => {
  await sell([
    { customer: 'a', order: '1', category: 'Shoes', euros: 30, at: monday },
    { customer: 'b', order: '2', category: 'Bags', euros: 30, at: monday },
  ])
  await warehouse.run("insert into non_products values ('p', 'a fee')")
  const fees = await readHabits(warehouse, monday + dayMs)
  expect([0, 1].flatMap((customer) => counts(fees, 'categories', customer)).every((count) => count === 0)).toBe(true)
  await warehouse.run('delete from non_products')
  await warehouse.run("insert into left_out_lines values (0::uhugeint, 'some step')")
  const left = await readHabits(warehouse, monday + dayMs)
  expect(left[0]!.kind === 'counts' && left[0]!.counts.rows).toBe(1)
  expect(counts(left, 'categories', 0)[0]).toBe(1)
})
