import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Random, seededRandom } from '@rapport/numerics'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { assessQuality } from './index.ts'

let folder: string
let warehouse: Warehouse
const asOf = Date.UTC(2024, 11, 31)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-gaps-'))
  warehouse = await openWarehouse(folder)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const gapsFound = async () => (await assessQuality(warehouse, asOf)).findings.find(({ id }) => id === 'gaps')

/** A year of orders of three lines by chance alone, on two days of the week three times as many. */
const addChanceOrders = (random: Random, perDay: number, keep: (day: number) => boolean): Promise<void> => {
  const rows: string[] = []
  for (let day = 0; day < 366; day += 1) {
    for (let order = random.poisson(day % 7 < 2 ? 3 * perDay : perDay); order > 0; order -= 1) {
      if (!keep(day)) continue
      for (let line = 0; line < 3; line += 1) rows.push(`(${rows.length}, '${day}.${order}', ${day})`)
    }
  }
  return warehouse.run(`
    insert into order_lines (line_key, batch_id, order_id, customer_id, product_id, quantity, unit_price_micros, amount_micros,
      currency, kind, ordinal, occurred_at, received_at)
    select n, 1, o, 'c1', 'p1', 1, 10000000, 10000000, 'EUR', 'sale', 0, timestamptz '2024-01-01' + to_days(day::integer),
      timestamptz '2024-01-01' + to_days(day::integer)
    from (values ${rows.join(', ')}) made(n, o, day)`)
}

test.each([0.3, 1, 3])(
  'with %d orders a day by chance, a stretch is found in one shop of 20 at most',
  async (perDay) => {
    const random = seededRandom(6)
    const shops = 40
    let wrong = 0
    for (let shop = 0; shop < shops; shop += 1) {
      await warehouse.run('delete from order_lines')
      await addChanceOrders(random, perDay, () => true)
      if (await gapsFound()) wrong += 1
    }
    // Within three standard errors above the rate.
    expect(wrong / shops).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / shops))
  },
)

test('a month without orders is found where an order a day is usual, and at either end of the history', async () => {
  for (const from of [1, 150, 330]) {
    await warehouse.run('delete from order_lines')
    await addChanceOrders(seededRandom(6), 1.2, (day) => day < from || day >= from + 30)
    expect(await gapsFound()).toMatchObject({ count: 1 })
  }
})

test('a weekday on which the shop is closed is no break', async () => {
  await addChanceOrders(seededRandom(6), 3, (day) => day % 7 !== 3)
  expect(await gapsFound()).toBeUndefined()
})
