import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { importFiles, importTemplate, listBatches, listQuarantine, retryQuarantine, undoImport } from './index.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-ingestion-'))
  warehouse = await openWarehouse(join(folder, 'store'))
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const header = 'order_id,customer_id,order_date,sku,quantity,unit_price\n'
const orders = (...lines: string[]): string => `${header}${lines.join('\n')}\n`
const take = (path: string, more: object = {}) =>
  importFiles(warehouse, { kind: 'orders', files: [path], currency: 'EUR', ...more })

test('takes order lines, exactly, and says what became of each', async () => {
  const summary = await take(
    file(
      'a.csv',
      orders('1,c1,2020-01-01 10:00:00,s1,3,0.001', '1,c1,2020-01-01 10:00:00,s2,-1,19.99', '2,,2020-01-02,s1,0,1'),
    ),
  )
  expect(summary).toMatchObject({ batchId: 1, read: 3, accepted: 2, duplicates: 0, quarantined: 1 })
  expect(summary.reasons).toEqual([
    { code: 'ingestion.quantity', reason: 'the quantity must not be 0, got 0', count: 1 },
  ])
  const rows = await warehouse.rows(
    'select order_id, kind, amount_micros, currency from order_lines order by product_id',
  )
  expect(rows).toEqual([
    { order_id: '1', kind: 'sale', amount_micros: 3000, currency: 'EUR' },
    { order_id: '1', kind: 'cancellation', amount_micros: -19_990_000, currency: 'EUR' },
  ])
  expect(await listQuarantine(warehouse)).toMatchObject([{ row: 3, column: 'quantity', code: 'ingestion.quantity' }])
})

test('the same file again, renamed or packed, changes nothing; added rows alone are taken', async () => {
  const lines = ['1,c1,2020-01-01,s1,1,2', '1,c1,2020-01-01,s1,1,2', '2,c2,2020-01-03,s1,x,2']
  const first = await take(file('a.csv', orders(...lines)))
  expect(first).toMatchObject({ accepted: 2, repeatedLinesKept: 1, quarantined: 1 })
  for (const path of [file('b.csv', orders(...lines)), file('c.csv.gz', gzipSync(orders(...lines)))]) {
    expect(await take(path)).toMatchObject({ batchId: null, read: 3, accepted: 0, duplicates: 3, quarantined: 0 })
  }
  const grown = await take(file('d.csv', orders(...lines, '1,c1,2020-01-01,s1,1,2', '3,c1,2020-02-01,s1,1,2')))
  expect(grown).toMatchObject({ read: 5, accepted: 2, duplicates: 3, repeatedLinesKept: 1 })
})

test('an import can be undone, and done again', async () => {
  const path = file('a.csv', orders('1,c1,2020-01-01,s1,1,2', 'x,c1,2020-01-01,s1,1,two'))
  await take(path, { basis: 'contract' })
  expect(await undoImport(warehouse, 1)).toEqual({ batchId: 1, kind: 'orders', removed: 1 })
  for (const table of ['order_lines', 'quarantine', 'consents', 'non_products', 'store_settings']) {
    expect(await warehouse.rows(`select * from ${table}`)).toEqual([])
  }
  await expect(undoImport(warehouse, 1)).rejects.toThrow('got 1, one that was undone before')
  await expect(undoImport(warehouse, 7)).rejects.toMatchObject({ code: 'ingestion.batch' })
  expect(await take(path)).toMatchObject({ batchId: 2, accepted: 1, quarantined: 1 })
  expect((await listBatches(warehouse)).map(({ undoneAt }) => undoneAt === null)).toEqual([false, true])
})

test.each(['orders', 'events', 'customers', 'products'] as const)(
  'the template of %s imports cleanly',
  async (kind) => {
    const path = file('template.csv', importTemplate(kind))
    const summary = await importFiles(warehouse, { kind, files: [path] })
    expect(summary.quarantined).toBe(0)
    expect(summary.accepted).toBe(summary.read)
    expect(summary.read).toBeGreaterThan(1)
    expect(Object.entries(summary.mapping).every(([target, source]) => target === source)).toBe(true)
    expect(await importFiles(warehouse, { kind, files: [path] })).toMatchObject({ batchId: null, accepted: 0 })
  },
)

test('who may be contacted: by column, else by the basis given, else nobody', async () => {
  const path = file('c.csv', 'customer_id,email,newsletter,consent\na,a@x.org,yes,no\nb,b@x.org,,no\nc,c@x.org,,\n')
  const without = await importFiles(warehouse, { kind: 'customers', files: [file('d.csv', 'customer_id\nz\n')] })
  expect(without.contactable).toEqual({
    customers: 0,
    why: 'nobody may be contacted by it: there is no consent column, and no basis was given',
  })
  await importFiles(warehouse, { kind: 'customers', files: [path], basis: 'legitimate-interest' })
  const granted = await warehouse.rows(
    'select customer_id, purpose, basis from consents where is_granted order by 1, 2',
  )
  const claimed = (customer_id: string, ...purposes: string[]) =>
    purposes.map((purpose) => ({ customer_id, purpose, basis: 'legitimate-interest' }))
  expect(granted).toEqual([
    { customer_id: 'a', purpose: 'marketing.email', basis: 'consent' },
    ...claimed('a', 'profiling'),
    ...claimed('b', 'profiling'),
    ...claimed('c', 'marketing.ads', 'marketing.email', 'marketing.social', 'profiling'),
  ])
  await expect(take(path, { kind: 'customers', basis: 'we like them' })).rejects.toMatchObject({
    code: 'ingestion.basis',
  })
})

test('a basis given later reaches customers whose records the store has', async () => {
  const path = file('a.csv', orders('1,c1,2020-01-01,s1,1,2'))
  await take(path)
  expect(await take(path, { basis: 'consent' })).toMatchObject({ batchId: 2, accepted: 0, duplicates: 1 })
  expect(await warehouse.rows('select distinct customer_id from consents')).toEqual([{ customer_id: 'c1' }])
})

test('retrying takes what passes now, once', async () => {
  const path = file(
    'a.csv',
    'order_id,order_date,price,gross\n1,2020-01-01,bad,5\n2,2020-01-02,worse,x\n3,2020-01-03,2,2\n',
  )
  const map = { order_id: 'order_id', occurred_at: 'order_date', unit_price: 'price' }
  expect(await take(path, { map })).toMatchObject({ accepted: 1, quarantined: 2 })
  const [again] = await retryQuarantine(warehouse, { map: { unit_price: 'gross' } })
  expect(again).toMatchObject({ read: 2, accepted: 1, quarantined: 1 })
  expect(await listQuarantine(warehouse)).toMatchObject([{ row: 2 }])
  expect(await retryQuarantine(warehouse, { map: { unit_price: 'gross' } })).toMatchObject([
    { accepted: 0, quarantined: 1 },
  ])
  expect(await warehouse.rows('select count(*) as n from order_lines')).toEqual([{ n: 2 }])
})

test('files together must have the same columns, in any order', async () => {
  const one = file('a.csv', orders('1,c1,2020-01-01,s1,1,2'))
  const other = file('b.csv', 'unit_price;sku;quantity;order_date;customer_id;order_id\n4;s2;1;2020-01-02;c2;2\n')
  const summary = await importFiles(warehouse, { kind: 'orders', files: [one, other, one], currency: 'EUR' })
  expect(summary).toMatchObject({ read: 3, accepted: 2, duplicates: 1 })
  const third = file('c.csv', 'order_id,order_date,total\n1,2020-01-01,3\n')
  await expect(importFiles(warehouse, { kind: 'orders', files: [one, third], currency: 'EUR' })).rejects.toThrow(
    'without customer_id, sku, quantity, unit_price and with total',
  )
})

test('a dry run writes nothing', async () => {
  const summary = await take(file('a.csv', orders('1,c1,2020-01-01,s1,1,2')), { dryRun: true })
  expect(summary).toMatchObject({ batchId: null, accepted: 1, dryRun: true })
  expect(await warehouse.rows('select * from batches')).toEqual([])
})

test('a store of the demo takes no real records', async () => {
  await warehouse.run("insert into store_settings values ('demo', 'fashion')")
  await expect(take(file('a.csv', orders('1,c1,2020-01-01,s1,1,2')))).rejects.toMatchObject({
    code: 'ingestion.demo-store',
  })
})

test('an import stopped by its user leaves nothing', async () => {
  const stop = new AbortController()
  const path = file('a.csv', orders('1,c1,2020-01-01,s1,1,2'))
  const work = {
    signal: stop.signal,
    onProgress: ({ stage }: { stage: string }) => {
      if (stage === 'write records') stop.abort()
    },
  }
  await expect(importFiles(warehouse, { kind: 'orders', files: [path], currency: 'EUR' }, work)).rejects.toThrow()
  expect(await warehouse.rows('select * from batches')).toEqual([])
  expect(await warehouse.rows('select * from order_lines')).toEqual([])
})
