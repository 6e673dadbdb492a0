import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { featureCatalogue } from './catalogue.ts'
import { computeFeatures } from './compute-features.ts'
import type { Feature } from './definition.ts'
import { randomHistory, storeHistory, storeLines, testMoment } from './random-history.ts'
import { readFeatures } from './read-features.ts'
import { storeCatalogue } from './store-facts.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-features-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const sale = (customerId: string, category: string, amount: number) => ({
  customerId,
  orderId: `o-${customerId}-${category}`,
  productId: `p-${category}`,
  category,
  quantity: 1,
  amount: amount * 1_000_000,
  discount: null,
  refund: null,
  currency: 'EUR',
  kind: 'sale' as const,
  occurredAt: testMoment - 1000,
  receivedAt: testMoment - 1000,
  country: null,
  source: null,
})

test('every name is a plain column name, once, and every entry says what missing means', () => {
  const catalogue = featureCatalogue({ categories: ['Women', 'women!', '靴', ''] })
  const names = catalogue.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const { name, label, missing } of catalogue) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
    expect(label).not.toBe('')
    expect(missing).not.toBe('')
  }
  expect(names).toContain('category_share_women_2')
})

test('the store’s largest categories become shares of purchases, whatever they are called', async () => {
  const nasty = `'; drop table order_lines; --`
  await storeLines(warehouse, [sale('a', nasty, 3), sale('a', 'Shoes', 1), sale('b', 'Shoes', 1)])
  const catalogue = await storeCatalogue(warehouse, testMoment)
  await computeFeatures(warehouse, { asOf: testMoment })
  const shares = catalogue.filter(({ name }) => name.startsWith('category_share_'))
  expect(shares.map(({ label }) => label)).toEqual([
    `share of purchases from ${nasty}`,
    'share of purchases from Shoes',
  ])
  const read = await readFeatures(
    warehouse,
    'customer_features',
    shares.map(({ name }) => name),
  )
  expect(read.customerIds).toEqual(['a', 'b'])
  expect([...read.matrix.values]).toEqual([0.5, 0.5, 0, 1])
})

test('the same store gives the same bytes, run after run', async () => {
  await storeHistory(warehouse, randomHistory(5, 50, 4000))
  const runs: string[] = []
  for (let run = 0; run < 3; run += 1) {
    await computeFeatures(warehouse, { asOf: testMoment })
    const { customerIds, matrix } = await readFeatures(warehouse, 'customer_features')
    runs.push(JSON.stringify([customerIds, [...matrix.values].map(String)]))
  }
  expect(new Set(runs).size).toBe(1)
})

test('an empty store has a feature table without rows', async () => {
  expect((await computeFeatures(warehouse, { asOf: testMoment })).rows).toBe(0)
  expect((await readFeatures(warehouse, 'customer_features', ['orders'])).matrix).toMatchObject({ rows: 0, columns: 1 })
})

test('refuses tables that are not its own, unknown features and moments out of order', async () => {
  const compute = (request: object) => computeFeatures(warehouse, { asOf: testMoment, ...request })
  await expect(compute({ table: 'order_lines' })).rejects.toThrow('must be new or one of features, got order_lines')
  await expect(compute({ table: 'orders' })).rejects.toThrow('must be new or one of features, got orders')
  await expect(compute({ table: 'a; drop table events' })).rejects.toThrow('must be of a-z, 0-9 and _')
  await expect(compute({ names: ['orders_8d'] })).rejects.toThrow('must be in the catalogue, got orders_8d')
  await expect(readFeatures(warehouse, 'nowhere')).rejects.toThrow('features must be computed into nowhere')
  await warehouse.stage('late', { customer_id: ['a', 'a'], as_of: Float64Array.of(testMoment + 1, testMoment + 1) })
  await expect(compute({ customers: 'late', table: 'training' })).rejects.toThrow('1 repeated and 2 late rows')
})

test('a definition that names no column of its source is refused', async () => {
  const wrong = (definition: object): readonly Feature[] => [
    { ...featureCatalogue()[0]!, definition: { kind: 'aggregate', source: 'purchases', ...definition } as never },
  ]
  const compute = (definition: object) => computeFeatures(warehouse, { asOf: testMoment, catalogue: wrong(definition) })
  await expect(compute({ aggregate: 'sum', of: 'amount) from x --' })).rejects.toThrow('one of its columns')
  await expect(compute({ aggregate: 'sum', of: 'country' })).rejects.toThrow('a column of type integer, got country')
  await expect(compute({ aggregate: 'count', where: [{ column: 'country', equals: 1 }] })).rejects.toThrow(
    'must be compared with a string, got 1',
  )
})

test('lines that a cleaning step leaves out count in no feature', async () => {
  await storeLines(warehouse, [sale('a', 'Shoes', 1), sale('a', 'Hats', 2), sale('b', 'Hats', 4)])
  await warehouse.run(`insert into left_out_lines select line_key, 'test' from order_lines where category = 'Hats'`)
  await computeFeatures(warehouse, { asOf: testMoment, names: ['orders', 'spend', 'distinct_products'] })
  const { customerIds, matrix } = await readFeatures(warehouse, 'customer_features')
  expect(customerIds).toEqual(['a'])
  expect([...matrix.values]).toEqual([1, 1, 1])
  expect((await storeCatalogue(warehouse, testMoment)).some(({ name }) => name === 'category_share_hats')).toBe(false)
})
