import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { assessQuality, switchCleaning } from './index.ts'

let folder: string
let warehouse: Warehouse
const asOf = Date.UTC(2024, 11, 31)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-quality-'))
  warehouse = await openWarehouse(folder)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

/** 400 sales of 40 customers over 2024, a day apart, beside which each test puts what it wants found. */
const addSales = (batch = 1): Promise<void> =>
  warehouse.run(`
    insert into order_lines
    select md5_number('sale' || ${batch} || i), ${batch}, 'o' || ${batch} || i, 'c' || (i % 40), 'p' || (i % 10), 'thing', 'A > B',
      1 + i % 3, 10000000 + 1000000 * (i % 7), (1 + i % 3) * (10000000 + 1000000 * (i % 7)), null, null, null, null, null, 'EUR',
      'sale', 0, timestamptz '2024-01-01' + to_hours(i::integer * 20), timestamptz '2024-01-01' + to_hours(i::integer * 20), 'DE', 'web'
    from range(400) r(i)`)

const addLine = (over: Readonly<Record<string, string>>): Promise<void> => {
  const line: Record<string, string> = {
    line_key: "md5_number('x')",
    batch_id: '1',
    order_id: "'x'",
    customer_id: "'c1'",
    product_id: "'p1'",
    quantity: '1',
    unit_price_micros: '10000000',
    amount_micros: '10000000',
    currency: "'EUR'",
    kind: "'sale'",
    ordinal: '0',
    occurred_at: "timestamptz '2024-06-01'",
    received_at: "timestamptz '2024-06-01'",
    ...over,
  }
  return warehouse.run(`insert into order_lines (${Object.keys(line)}) values (${Object.values(line)})`)
}

const found = async (id: string) => (await assessQuality(warehouse, asOf)).findings.find((finding) => finding.id === id)

test('an empty store has no findings and says why nothing can be predicted', async () => {
  const report = await assessQuality(warehouse, asOf)
  expect(report.findings).toEqual([])
  expect(report.tables).toEqual([])
  expect(report.balance.map(({ because }) => because)).toEqual([
    'the history must be longer than 90 days, got 0',
    'nobody fits the definition yet',
    'nobody fits the definition yet',
  ])
  expect(report.representativeness.because).toBe('no sale names a customer')
})

test('profiles columns: missing, distinct, range, median, outliers', async () => {
  await addSales()
  await addLine({ unit_price_micros: '99000000000', customer_id: 'null' })
  const report = await assessQuality(warehouse, asOf)
  const columns = report.tables.find(({ table }) => table === 'order_lines')!.columns
  const price = columns.find(({ name }) => name === 'unit_price')!
  expect(price).toMatchObject({ type: 'money', missing: 0, distinct: 8, least: '10', greatest: '99000', median: 13 })
  expect(price.outliers!.count).toBe(1)
  expect(columns.find(({ name }) => name === 'customer_id')).toMatchObject({ missing: 1, distinct: 40, outliers: null })
  expect(columns.find(({ name }) => name === 'occurred_at')!.least).toBe('2024-01-01T00:00:00Z')
})

test('a clean shop has only the note that costs are unknown', async () => {
  await addSales()
  const { findings } = await assessQuality(warehouse, asOf)
  expect(findings.map(({ id }) => id)).toEqual(['without-cost'])
})

test.each([
  ['without-customer', { customer_id: 'null' }],
  ['cancelled', { kind: "'cancellation'", quantity: '-1' }],
  ['adjustments', { kind: "'adjustment'", unit_price_micros: '-5000000' }],
  ['repeated', { ordinal: '1' }],
  ['free', { unit_price_micros: '0', amount_micros: '0' }],
  ['without-product', { product_id: 'null' }],
  ['currencies', { currency: "'USD'" }],
  ['future', { occurred_at: "timestamptz '2025-06-01'" }],
])('finds %s', async (id, line) => {
  await addSales()
  expect(await found(id)).toBeUndefined()
  await addLine(line)
  expect(await found(id)).toMatchObject({ count: id === 'currencies' ? 2 : 1 })
})

test('finds a stretch without orders', async () => {
  await addSales()
  await warehouse.run("delete from order_lines where occurred_at::date between date '2024-03-01' and date '2024-03-20'")
  expect(await found('gaps')).toMatchObject({ count: 1, examples: ['2024-03-01 to 2024-03-20'] })
})

test('class balance counts customers before the cut and what they did after', async () => {
  await addSales()
  await warehouse.run("delete from order_lines where customer_id = 'c3' and occurred_at > timestamptz '2024-09-30'")
  const [lapse] = (await assessQuality(warehouse, asOf)).balance
  expect(lapse).toMatchObject({ target: 'lapse', customers: 40, positive: 1 })
})

test('known customers are compared with all sales', async () => {
  await addSales()
  await warehouse.run("update order_lines set customer_id = null, country = 'FR' where hash(order_id) % 2 = 0")
  const { representativeness } = await assessQuality(warehouse, asOf)
  const country = representativeness.dimensions.find(({ name }) => name === 'country')!
  expect(country.distance).toBeCloseTo(1 - representativeness.knownOrderShare!, 10)
  expect(country.largest!.known === 1 || country.largest!.known === 0).toBe(true)
})

test('a cleaning step leaves lines out of every analysis, and gives them back', async () => {
  const kept = async () => (await warehouse.rows<{ n: number }>('select count(*) as n from kept_lines'))[0]!.n
  await addSales()
  await addLine({ line_key: "md5_number('y')", quantity: '1000' })
  await addLine({ line_key: "md5_number('z')", quantity: '-1000', kind: "'cancellation'" })
  await switchCleaning(warehouse, 'reversed-orders', true)
  expect(await kept()).toBe(400)
  expect((await assessQuality(warehouse, asOf)).cleaning.find(({ id }) => id === 'reversed-orders')).toMatchObject({
    isOn: true,
    lines: 2,
  })
  await switchCleaning(warehouse, 'reversed-orders', false)
  expect(await kept()).toBe(402)
  await expect(switchCleaning(warehouse, 'all', true)).rejects.toThrow('the step must be one of repeated-lines')
})

test('the last import is compared with those before it', async () => {
  await addSales()
  expect((await assessQuality(warehouse, asOf)).sinceLastImport).toEqual([])
  await addSales(2)
  await warehouse.run("update order_lines set country = 'AT' where batch_id = 2 and order_id like '%7'")
  for (const id of [1, 2]) {
    await warehouse.run(`insert into batches values (${id}, 'orders', '[]', '{}', '{}', now(), 400, 400, 0, 0, null)`)
  }
  const changes = (await assessQuality(warehouse, asOf)).sinceLastImport
  expect(changes.find(({ measure }) => measure === 'different countries')).toMatchObject({ before: 1, now: 2 })
})

test('stops at whichever step it is told to', async () => {
  await addSales()
  const stages: string[] = []
  await assessQuality(warehouse, asOf, { onProgress: ({ stage }) => stages.push(stage) })
  expect(stages.length).toBeGreaterThan(3)
  for (const stop of stages) {
    const controller = new AbortController()
    const work = {
      signal: controller.signal,
      onProgress: ({ stage }: { stage: string }) => {
        if (stage === stop) controller.abort()
      },
    }
    await expect(assessQuality(warehouse, asOf, work)).rejects.toMatchObject({ code: 'work.aborted' })
  }
})
