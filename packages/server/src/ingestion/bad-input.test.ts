import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { exportQuarantine, importFiles, listQuarantine } from './index.ts'

let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-bad-input-'))
  warehouse = await openWarehouse(join(folder, 'store'))
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const take = (name: string, content?: string | Buffer, more: object = {}) => {
  const path = join(folder, name)
  if (content !== undefined) writeFileSync(path, content)
  return importFiles(warehouse, { kind: 'orders', files: [path], currency: 'EUR', ...more })
}

const header = 'order_id,order_date,quantity,unit_price\n'

test.each<[string, string | Buffer | undefined, string, string]>([
  ['empty.csv', '', 'ingestion.empty', 'got an empty file'],
  ['header.csv', header, 'ingestion.empty', 'got a header only'],
  [
    'binary.csv',
    Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256)),
    'ingestion.format',
    'a binary file',
  ],
  ['sheet.xlsx', Buffer.from('PK\x03\x04rest'), 'ingestion.format', 'save the sheet as CSV'],
  [
    'cut.csv.gz',
    Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]),
    'ingestion.gzip',
    'must be a whole gzip file',
  ],
  ['cut.parquet', 'PAR1 and no more', 'ingestion.format', 'must be a whole Parquet file'],
  ['array.json', '[{"a": 1}]', 'ingestion.format', 'got one JSON array'],
  ['values.csv', '1,2020-01-01,2,3.50\n', 'ingestion.header', 'must name the columns'],
  ['twice.csv', 'order_id,price,price\n1,2,3\n', 'ingestion.duplicate-column', 'got price twice'],
  ['wrong.csv', 'colour,shape\nred,round\n', 'ingestion.mapping', 'which column holds occurred_at'],
  ['missing.csv', undefined, 'ingestion.file', 'got no such file'],
  ['.', undefined, 'ingestion.file', 'got a folder'],
  [
    'days.csv',
    'order_id,date,total\n1,03/04/2020,5.50\n2,05/06/2020,6.50\n',
    'ingestion.mapping',
    'the day or the month first',
  ],
  ['marks.csv', 'order_id,date,total\n1,2020-01-01,"1,234"\n', 'ingestion.ambiguous', 'can be read both ways'],
])('%s is refused in words', async (name, content, code, words) => {
  const failure = await take(name, content).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(failure).toMatchObject({ code })
  expect(String(failure)).toContain(words)
  expect(await warehouse.rows('select * from batches')).toEqual([])
})

test('a shop without a currency is asked for it', async () => {
  await expect(take('c.csv', `${header}1,2020-01-01,1,2\n`, { currency: undefined })).rejects.toThrow('say --currency')
})

test('what a user says settles what values leave open', async () => {
  const map = { order_id: 'order_id', occurred_at: 'date:dd/mm', amount: 'total:1.234,56' }
  const content = 'order_id,date,total\n1,03/04/2020,"1,234"\n'
  expect(await take('said.csv', content, { map, dryRun: true })).toMatchObject({ accepted: 1, quarantined: 0 })
})

test('bad records are kept with file, row, column and reason; the rest is taken', async () => {
  const summary = await take(
    'mixed.csv',
    `${header}1,2999-01-01,1,2\n2,1812-01-01,1,2\n3,2020-01-01,1,-2\n4,2020-01-01,1\n5,2020-01-01,1,2,3\n` +
      `6,"2020-01-01,1,2\n7,2020-01-01,1,2\n,2020-01-01,1,2\n9,2020-01-01,1,=1+1\n10,2020-01-01,1,2\u0000\n11,2020-01-01,1,2\n`,
  )
  expect(summary).toMatchObject({ read: 11, accepted: 3, quarantined: 8 })
  expect(summary.warnings).toContain('1 record with a negative price is kept as an adjustment, out of sales')
  const csv = await exportQuarantine(warehouse)
  expect(
    csv
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(',')[1]),
  ).toEqual(['1', '2', '4', '5', '6', '8', '9', '10'])
  expect(csv).toContain('ingestion.time')
  expect(csv).toContain('ingestion.order-id')
})

test('a line of ten megabytes goes to quarantine', async () => {
  const summary = await take(
    'long.csv',
    `${header}1,2020-01-01,1,2\n2,2020-01-01,1,${'9'.repeat(10_000_000)}\n3,2020-01-05,1,2\n`,
  )
  expect(summary).toMatchObject({ read: 3, quarantined: 1 })
  expect(summary.reasons[0]).toMatchObject({ code: 'ingestion.too-long' })
})

test.each<['orders' | 'events' | 'products', string, string]>([
  ['orders', 'order_id,order_date,unit_price,currency', '1,2020-01-01,2'],
  ['events', 'name,occurred_at,price,currency', 'Product Viewed,2020-01-01T10:00:00Z,2'],
  ['products', 'product_id,price,currency', 'p1,2'],
])('a currency of %s that there is not goes to quarantine', async (kind, columns, record) => {
  const codes = ['EUR', 'usd', 'ZZZ', 'EURO', '€', 'XAA']
  const records = codes.map((code) => `${record},${code}`)
  const summary = await take(`${kind}.csv`, `${columns}\n${records.join('\n')}\n`, { kind })
  expect(summary).toMatchObject({ read: 6, accepted: 2, quarantined: 4 })
  expect(summary.reasons).toMatchObject([{ code: 'ingestion.currency', count: 4 }])
  const bad = (await listQuarantine(warehouse)).filter(({ file }) => file.endsWith(`${kind}.csv`))
  expect(bad.map(({ row, column, reason }) => `${row} ${column}: ${reason.split('got ')[1]}`)).toEqual([
    '3 currency: ZZZ',
    '4 currency: EURO',
    '5 currency: €',
    '6 currency: XAA',
  ])
})

test.each([
  [
    { customer_id: 'nosuch' },
    'the file has no column nosuch, which customer_id is mapped to: it has unit_price, order_id',
  ],
  [
    { unit_price: 'unitprice:1.234,56' },
    'the file has no column unitprice, which unit_price is mapped to: it has unit_price',
  ],
  [{ customer: 'order_id' }, 'a target of orders must be one of order_id, customer_id,'],
])('a mapping %o to what there is not is refused, and says what there is', async (map, words) => {
  await expect(take('named.csv', `${header}1,2020-01-01,1,2\n`, { map })).rejects.toThrow(words)
})
