import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayMs } from '../base/index.ts'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { featuresBeyondHistory } from './customer-rows.ts'
import { type LapseData, readLapseData } from './lapse-training.ts'
import { plantedEnd, shopWithDriver, storeSales } from './planted-shop.contract.ts'

let folder: string
let warehouse: Warehouse
const sales = shopWithDriver(700, 5)
const options = { asOf: plantedEnd, seed: 1 }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-lapse-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await storeSales(warehouse, sales)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

async function read(): Promise<LapseData> {
  const data = await readLapseData(warehouse, options)
  if (!data.found) throw new Error(data.because)
  return data
}

test('the population bought in the A days before the cut, and labels look N days ahead and no further', async () => {
  const { periods, training, test: judged, now } = await read()
  for (const [rows, cut] of [
    [training, periods.training],
    [judged, periods.test],
  ] as const) {
    const bought = (from: number, until: number): Set<string> =>
      new Set(sales.filter(({ at }) => at > from && at <= until).map(({ customerId }) => customerId))
    const active = bought(cut - periods.activeDays * dayMs, cut)
    const again = bought(cut, cut + periods.horizonDays * dayMs)
    expect(rows.customerIds).toEqual([...active].sort())
    expect([...rows.labels]).toEqual(rows.customerIds.map((customer) => (again.has(customer) ? 0 : 1)))
  }
  const active = sales.filter(({ at }) => at > plantedEnd - periods.activeDays * dayMs && at <= plantedEnd)
  expect(now.customerIds).toEqual([...new Set(active.map(({ customerId }) => customerId))].sort())
})

test('it learns from moments a horizon apart, each with labels that were known at the next', async () => {
  const { periods, cuts, training, learning, latest, test: judged } = await read()
  const horizon = periods.horizonDays * dayMs
  expect(cuts.length).toBeGreaterThan(2)
  expect(cuts).toEqual(cuts.map((_, at) => periods.training - at * horizon))
  const n = training.customerIds.length
  expect(learning.customerIds.slice(0, n)).toEqual(training.customerIds)
  expect(learning.labels.slice(0, n)).toEqual(training.labels)
  // Of the second cut: whoever bought between it and the first has not lapsed.
  const again = new Set(sales.filter(({ at }) => at > cuts[1]! && at <= cuts[0]!).map(({ customerId }) => customerId))
  const before = new Set(
    sales
      .filter(({ at }) => at > cuts[1]! - periods.activeDays * dayMs && at <= cuts[1]!)
      .map(({ customerId }) => customerId),
  )
  const second = learning.customerIds.slice(n, n + before.size)
  expect(second).toEqual([...before].sort())
  expect([...learning.labels.slice(n, n + before.size)]).toEqual(second.map((id) => (again.has(id) ? 0 : 1)))
  expect(latest.customerIds.slice(0, judged.customerIds.length)).toEqual(judged.customerIds)
  expect(latest.customerIds.slice(judged.customerIds.length)).toEqual(
    learning.customerIds.slice(0, latest.customerIds.length - judged.customerIds.length),
  )
})

test('what was received after a cut changes nothing that was known at it', async () => {
  const before = await read()
  const { periods } = before
  // Old purchases of everybody that became known only after the label period of the training cut was over.
  const late = before.training.customerIds.map((customerId, at) => ({
    customerId,
    at: periods.training + ((at % 60) - 40) * dayMs,
    receivedAt: periods.test + 1,
    source: 'ads',
  }))
  await storeSales(warehouse, late, 100_000)
  const after = await read()
  expect(after.periods).toEqual(before.periods)
  expect(after.training).toEqual(before.training)
  // At the test cut they were not known either, and they lie before it; as of now they are.
  expect(after.test.matrix).toEqual(before.test.matrix)
  expect(after.now.matrix).not.toEqual(before.now.matrix)
})

test('purchases after the label period change no label and no feature of the training cut', async () => {
  const before = await read()
  await storeSales(
    warehouse,
    before.training.customerIds.map((customerId) => ({ customerId, at: before.periods.test + 1, source: 'ads' })),
    100_000,
  )
  const after = await read()
  expect(after.training).toEqual(before.training)
  // The same purchases are labels of the test cut: nobody who bought then has lapsed.
  const kept = new Set(before.training.customerIds)
  after.test.customerIds.forEach((customer, row) => {
    if (kept.has(customer)) expect(after.test.labels[row]).toBe(0)
  })
})

test('windows that reach behind the first record are left out and named', async () => {
  const { beyondHistory, training, periods, cuts } = await read()
  const first = Math.min(...sales.map(({ at }) => at))
  const days = (cuts.at(-1)! - first) / dayMs
  expect(days).toBeGreaterThan(periods.horizonDays)
  expect(days).toBeLessThan(180)
  expect(beyondHistory.map(({ name }) => name)).toContain('orders_365d')
  expect(training.features.map(({ name }) => name)).not.toContain('orders_365d')
  const catalogue = [...training.features, ...beyondHistory]
  const early = featuresBeyondHistory(catalogue, first + 100 * dayMs, { purchases: first, events: null })
  const names = early.map(({ name }) => name)
  expect(names).toContain('orders_365d')
  expect(names).toContain('orders_trend')
  expect(names).not.toContain('orders_90d')
  expect(names).not.toContain('orders')
  // Nothing was ever recorded of the site, so its features count nothing anywhere.
  expect(names).not.toContain('sessions_365d')
})

test('nothing of the work stays in the store', async () => {
  await read()
  const tables = await warehouse.rows<{ name: string }>(
    "select table_name as name from duckdb_tables() where table_name like '%lapse%' or table_name like 'staged%'",
  )
  expect(tables).toEqual([])
  expect(await warehouse.rows('select * from feature_tables')).toEqual([])
})
