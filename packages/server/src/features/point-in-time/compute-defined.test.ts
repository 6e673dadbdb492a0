import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { featureDefinition } from '@rapport/protocol'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { computeDefined, computeDefinedInto } from './compute-defined.ts'
import { storeEventRows, storeLineRows } from './stored-facts.contract.ts'

let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-defined-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await warehouse.run(`insert into store_settings values ('currency', 'EUR'), ('timezone', 'Europe/Berlin')`)
})

afterEach(async () => {
  for (const table of ['events', 'order_lines']) await warehouse.run(`delete from ${table}`)
  await warehouse.run('drop table if exists wanted; drop table if exists made')
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const planOf = (...values: object[]) =>
  planFeatures(values.map((value, at) => featureDefinition.parse({ name: `f${at}`, label: 'it', value })))
const views = (more: object) => ({ aggregate: 'count', from: { events: 'Product Viewed' }, ...more })

const list = (customers: readonly (string | null)[], moments: readonly number[]): Promise<void> =>
  warehouse.stage('wanted', { customer_id: customers, as_of: Float64Array.from(moments) })

it('counts a day of 23 and one of 25 hours by the store’s calendar', async () => {
  const plan = planOf(views({ window: { calendar: 'day' } }), views({ window: { calendar: 'day', ago: 1 } }))
  const everyHour = (from: string) => Array.from({ length: 72 }, (_, hour) => Date.parse(from) + hour * 3_600_000)
  // The clocks of Berlin were put forward on 2024-03-31 and back on 2024-10-27.
  for (const [from, hours] of [
    ['2024-03-29T23:00:00Z', 23],
    ['2024-10-25T22:00:00Z', 25],
  ] as const) {
    await warehouse.run('delete from events')
    await storeEventRows(
      warehouse,
      everyHour(from).map((at, key) => ({ key, at, customer: 'ada' })),
    )
    const last = Date.parse(from) + (24 + hours) * 3_600_000 - 1
    const [row] = await computeDefined(warehouse, plan, { asOf: last })
    expect(row).toEqual({ key: ['ada'], asOf: last, values: { f0: hours, f1: 24 } })
    await list(['ada', 'ada'], [last, last + 1])
    const listed = await computeDefined(warehouse, plan, { listed: 'wanted' })
    expect(listed.map(({ values }) => values)).toEqual([
      { f0: hours, f1: 24 },
      { f0: 1, f1: hours },
    ])
    await warehouse.run('drop table wanted')
  }
})

it('adds up exactly what doubles cannot hold, and turns it into one once', async () => {
  const amounts = [9e15, 9e15, 1, 9e15, 9e15, -3]
  const sum = { aggregate: 'sum', of: 'amount', from: { lines: 'sale' } }
  for (const sign of [1, -1]) {
    await warehouse.run('delete from order_lines')
    await storeLineRows(
      warehouse,
      amounts.map((amount, key) => ({ key, at: key, customer: 'ada', amount: sign * amount })),
    )
    const [row] = await computeDefined(warehouse, planOf(sum), { asOf: 10 })
    expect(row!.values['f0']).toBe((sign * Number(35_999_999_999_999_998n)) / 1e6)
  }
})

it('gives each pair of a training set a row, also of customers that nothing is known of, and twice where listed twice', async () => {
  await storeEventRows(warehouse, [{ key: 1, at: 1000, received: 3000, customer: 'ada' }])
  await list(['ada', 'ada', 'ada', 'bob'], [2999, 3000, 3000, 3000])
  const rows = await computeDefined(warehouse, planOf(views({}), { ...views({}), aggregate: 'time-since-last' }), {
    listed: 'wanted',
  })
  expect(rows.map(({ key, values }) => [key[0], values['f0'], values['f1']])).toEqual([
    ['ada', 0, null],
    ['ada', 1, 2000 / 86_400_000],
    ['ada', 1, 2000 / 86_400_000],
    ['bob', 0, null],
  ])
})

it('puts features into a table of their own', async () => {
  await storeEventRows(warehouse, [{ key: 1, at: 1000, customer: 'ada' }])
  expect(await computeDefinedInto(warehouse, 'made', planOf(views({})), { asOf: 1000 })).toBe(1)
  expect(await warehouse.rows('select * from made')).toEqual([{ customer_id: 'ada', as_of: 1000, f0: 1 }])
})

it('computes a long list part by part, every row once', async () => {
  await storeEventRows(
    warehouse,
    ['ada', 'bob', 'cy'].map((customer, key) => ({ key, at: 60_000, customer })),
  )
  const customers = Array.from({ length: 120_000 }, (_, at) => ['ada', 'bob', 'cy', 'nobody'][at % 4]!)
  await list(customers, Array.from(customers.keys()))
  expect(await computeDefinedInto(warehouse, 'made', planOf(views({})), { listed: 'wanted' })).toBe(120_000)
  expect(
    await warehouse.rows(`select customer_id, count(*) as n, count(distinct as_of) as moments, sum(f0)::double as views
      from made group by customer_id order by customer_id`),
  ).toEqual(
    ['ada', 'bob', 'cy', 'nobody'].map((customer_id) => {
      return { customer_id, n: 30_000, moments: 30_000, views: customer_id === 'nobody' ? 0 : 15_000 }
    }),
  )
})

it('asks an engine for texts with quotes and zero bytes as they are', async () => {
  const name = `O'Hara "\\" \0`
  await storeEventRows(warehouse, [{ key: 1, at: 1, customer: 'ada', name }])
  const [row] = await computeDefined(warehouse, planOf({ aggregate: 'count', from: { events: name } }), { asOf: 1 })
  expect(row!.values).toEqual({ f0: 1 })
})

it.each([
  [
    'a missing customer',
    [null],
    [1],
    /must have customer_id and as_of in whole milliseconds in every row, got 1 without/,
  ],
  ['a missing moment', ['ada'], [Number.NaN], /got 1 without/],
  ['half a millisecond', ['ada'], [0.5], /got 1 without/],
  ['no row', [], [], /must list at least one row, got none/],
])('refuses a list with %s', async (_, customers, moments, message) => {
  await list(customers, moments)
  await expect(computeDefined(warehouse, planOf(views({})), { listed: 'wanted' })).rejects.toThrow(message)
})

it('refuses an entity that no feature is of', async () => {
  const asked = computeDefined(warehouse, planOf(views({})), { entity: 'product', asOf: 1 })
  await expect(asked).rejects.toThrow('the features must have one of a product, got none')
})
