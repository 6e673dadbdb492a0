import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileReader, openWarehouse } from '../../warehouse/index.ts'
import { importFiles } from '../index.ts'
import { viewParquet } from './load-parquet.ts'

let folder: string
let reader: FileReader

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-parquet-'))
  reader = await FileReader.open(join(folder, 'spill'))
})

afterEach(() => {
  reader.close()
  rmSync(folder, { recursive: true })
})

/** Numbers near the edges of what a double holds of a price: short and long ones, tiny, huge, negative, none. */
const prices = [
  '2.95',
  '0.001',
  '0.1 + 0.2',
  '1e-7',
  '5e-7',
  '1.0000005',
  '-0.0',
  '-12.5',
  '123456789.123456',
  '999999999.5',
]
const more = ['1e11', '1e12', '1e16', "'nan'::double", 'null', '19.99', '0.0049995', '4.35', '1234.567891', '7']

/** As a typed Parquet file, and as one in which everything is the text that DuckDB writes for it. */
const typed = `select row_number() over () as order_id, (price)::double as unit_price,
    case when price = 7 then null when i % 7 = 0 then -3 else i end::bigint as quantity,
    case when i % 5 = 0 then null else (10000 + i % 9)::double end as customer_id,
    timestamp '2010-03-27 22:30:00' + interval (i % 12) hour as order_date, (i % 4)::decimal(9, 3) / 8 as discount,
    'p' || i % 6 as sku
  from (select unnest([${[...prices, ...more].join(', ')}]) as price, generate_subscripts([${[...prices, ...more].join(', ')}], 1) as i)`

/** Orders that say who, when and what the shipping is on their first line alone. */
const withGaps = `select i // 3 as order_id, case when i % 3 = 0 then (10000 + i % 5)::double end as customer_id,
    case when i % 3 = 0 then timestamp '2010-03-27 22:30:00' + interval (i) hour end as order_date,
    case when i % 3 = 0 then 4.9 + i // 9 end::decimal(9, 2) as discount, (1 + i % 4)::bigint as quantity,
    2.5::double + i as unit_price, 'p' || i % 6 as sku
  from range(60) r(i)`

async function taken(file: string): Promise<unknown> {
  const store = join(folder, `store-of-${file}`)
  const warehouse = await openWarehouse(store)
  const map = { order_id: 'order_id', occurred_at: 'order_date', unit_price: 'unit_price', quantity: 'quantity' }
  const rest = { customer_id: 'customer_id', discount: 'discount', product_id: 'sku' }
  const request = { kind: 'orders' as const, files: [join(folder, file)], map: { ...map, ...rest }, currency: 'EUR' }
  const summary = await importFiles(warehouse, { ...request, timezone: 'Europe/Berlin' })
  const lines = await warehouse.rows(
    'select hex(line_key) as key, columns(*)::varchar from order_lines order by line_key',
  )
  const bad = await warehouse.rows('select row_number, code, reason, raw from quarantine order by row_number, code')
  await warehouse.close()
  return { lines, bad, accepted: summary.accepted, warnings: summary.warnings, notes: summary.reasons }
}

test.each([
  ['with every value', typed, 12],
  ['with what an order says on its first line', withGaps, 59],
])(
  'a column with a type is read as its text would be, to the key and the last millionth: %s',
  async (_, sql, least) => {
    await reader.run(`copy (${sql}) to '${join(folder, 'typed.parquet')}' (format parquet)`)
    await reader.run(
      `copy (select columns(*)::varchar from (${sql})) to '${join(folder, 'text.parquet')}' (format parquet)`,
    )
    const wanted = (await taken('text.parquet')) as { accepted: number }
    expect(wanted.accepted).toBeGreaterThan(least)
    expect(await taken('typed.parquet')).toEqual(wanted)
  },
)

test('damage in the middle of a file is told as such, although it is met late', async () => {
  const file = join(folder, 'damaged.parquet')
  await reader.run(
    `copy (select i as order_id, '2020-01-0' || (1 + i % 9) as order_date, 'sku ' || i as sku, 1 as quantity, 2.5 as unit_price
    from range(50000) r(i)) to '${file}' (format parquet, compression zstd)`,
  )
  const bytes = readFileSync(file)
  bytes.fill(0xaa, Math.floor(bytes.length * 0.3), Math.floor(bytes.length * 0.7))
  writeFileSync(file, bytes)
  const warehouse = await openWarehouse(join(folder, 'store'))
  const request = { kind: 'orders' as const, files: [file], currency: 'EUR' }
  await expect(importFiles(warehouse, request)).rejects.toMatchObject({ code: 'ingestion.format' })
  await warehouse.close()
})

test('a file of one row group, which is held in the reader, is read as one of many, which is not', async () => {
  const lines = `select i // 3 as order_id, (10000 + i % 999)::double as customer_id, 'p' || i % 60 as sku,
      timestamp '2010-03-27 22:30:00' + interval (i % 9000) hour as order_date, 0.25 + i % 2 as discount,
      (1 + i % 4)::bigint as quantity, case when i % 5000 = 9 then null else 2.5::double + i % 70 end as unit_price
    from range(130_000) r(i)`
  await reader.run(`copy (${lines}) to '${join(folder, 'one.parquet')}' (format parquet, row_group_size 200_000)`)
  await reader.run(`copy (${lines}) to '${join(folder, 'many.parquet')}' (format parquet, row_group_size 4096)`)
  const held = async (file: string): Promise<number> => {
    const apart = await FileReader.open(join(folder, `spill-of-${file}`))
    await viewParquet(apart, join(folder, file), 0)
    const [count] = await apart.rows<{ n: number }>(
      "select count(*) as n from duckdb_tables() where table_name = 'held_0'",
    )
    apart.close()
    return count!.n
  }
  // A machine with one processor has nothing to share out.
  const [{ threads }] = (await reader.rows<{ threads: number }>(
    "select current_setting('threads')::int as threads",
  )) as [{ threads: number }]
  expect([await held('one.parquet'), await held('many.parquet')]).toEqual([threads > 1 ? 1 : 0, 0])
  const wanted = await digestOf('many.parquet')
  expect(wanted).toMatchObject({ lines: 129_974, bad: 26 })
  expect(await digestOf('one.parquet')).toEqual(wanted)
})

/** Too many lines to compare one by one: their digest and that of the bad ones, in a store of their own. */
async function digestOf(file: string): Promise<unknown> {
  const warehouse = await openWarehouse(join(folder, `store-of-${file}`))
  const map = { order_id: 'order_id', occurred_at: 'order_date', unit_price: 'unit_price', quantity: 'quantity' }
  const rest = { customer_id: 'customer_id', discount: 'discount', product_id: 'sku' }
  const files = [join(folder, file)]
  await importFiles(warehouse, { kind: 'orders', files, map: { ...map, ...rest }, currency: 'EUR', timezone: 'UTC' })
  const [digest] = await warehouse.rows(`select count(*) as lines, bit_xor(hash(order_lines))::varchar as of_lines,
    (select count(*) from quarantine) as bad,
    (select bit_xor(hash(row_number, code, reason, raw))::varchar from quarantine) as of_bad from order_lines`)
  await warehouse.close()
  return digest
}
