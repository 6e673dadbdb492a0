import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openWarehouse } from '../warehouse/index.ts'
import { makeDemo, readTruth } from './index.ts'
import { oracleValues } from './oracle.ts'

/** Agreement of two groupings beyond chance: 1 for the same, 0 on average for random ones (Hubert & Arabie 1985). */
function adjustedRandIndex(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const cells = new Map<string, number>()
  const rows = new Map<string, number>()
  const columns = new Map<string, number>()
  const count = (of: Map<string, number>, key: string): void => {
    of.set(key, (of.get(key) ?? 0) + 1)
  }
  for (let at = 0; at < first.length; at += 1) {
    count(cells, `${first[at]},${second[at]}`)
    count(rows, `${first[at]}`)
    count(columns, `${second[at]}`)
  }
  const pairs = (of: Map<string, number>): number => [...of.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0)
  const expected = (pairs(rows) * pairs(columns)) / ((first.length * (first.length - 1)) / 2)
  return (pairs(cells) - expected) / ((pairs(rows) + pairs(columns)) / 2 - expected)
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

/** Makes a shop of 5,000, looks at it and throws it away. */
async function figures(scenario: 'fashion' | 'watches' | 'subscription', effects: 'on' | 'off') {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-demo-'))
  const warehouse = await openWarehouse(folder)
  try {
    await makeDemo(warehouse, { scenario, effects, seed: 3 })
    const [shares] = await warehouse.rows<Record<'again' | 'refunded' | 'abandoned' | 'visits' | 'orders', number>>(
      `select
        (select avg((orders > 1)::integer) from (
          select count(distinct order_id) as orders from order_lines
          where kind = 'sale' and customer_id is not null group by customer_id)) as again,
        (select -sum(amount_micros) filter (kind = 'cancellation') / sum(amount_micros) filter (kind = 'sale')
          from order_lines) as refunded,
        (select 1 - count(distinct session_id) filter (name = 'Order Completed')
          / count(distinct session_id) filter (name = 'Product Added') from events) as abandoned,
        (select count(distinct session_id) filter (source = 'email') from events) as visits,
        (select count(*) filter (source = 'email') from order_lines) as orders`,
    )
    const { truth, customers } = await readTruth(folder)
    const oracle = await oracleValues(warehouse, truth, 365)
    const byId = new Map(customers.map((customer) => [customer.customerId, customer]))
    const bought = oracle.customerIds.map((id) => byId.get(id)!)
    return {
      ...shares!,
      rand: adjustedRandIndex(
        bought.map((customer) => customer.type),
        oracle.types,
      ),
      alive: sum(oracle.alive) / sum(bought.map((customer) => Number(customer.isAlive))),
      value: sum(oracle.value) / sum(bought.map((customer) => customer.value365)),
    }
  } finally {
    await warehouse.close()
    rmSync(folder, { recursive: true })
  }
}

// Bounds: how often people come back and send back, by what is usual in each trade; carts left behind two of three.
test.each([
  ['fashion', 0.45, 0.62, 0.08, 0.15],
  ['watches', 0.35, 0.55, 0.03, 0.08],
  ['subscription', 0.5, 0.7, 0.005, 0.04],
] as const)('the %s shop is plausible, and its types overlap', async (scenario, least, most, fewest, mostBack) => {
  const shop = await figures(scenario, 'on')
  expect(shop.again).toBeGreaterThan(least)
  expect(shop.again).toBeLessThan(most)
  expect(shop.refunded).toBeGreaterThan(fewest)
  expect(shop.refunded).toBeLessThan(mostBack)
  expect(shop.abandoned).toBeGreaterThan(0.6)
  expect(shop.abandoned).toBeLessThan(0.75)
  expect(shop.rand).toBeGreaterThan(0.6)
  expect(shop.rand).toBeLessThan(0.95)
  // The oracle knows the process that made the shop, so its sums must come out: two independent codes agree.
  expect(Math.abs(shop.alive - 1)).toBeLessThan(0.06)
  expect(Math.abs(shop.value - 1)).toBeLessThan(0.1)
})

test('with effects off, email brings nobody', async () => {
  const shop = await figures('fashion', 'off')
  expect(shop.visits).toBe(0)
  expect(shop.orders).toBe(0)
  expect(Math.abs(shop.alive - 1)).toBeLessThan(0.06)
})
