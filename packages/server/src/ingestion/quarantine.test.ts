import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { importFiles, listQuarantineReasons } from './index.ts'

let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-quarantine-'))
  warehouse = await openWarehouse(join(folder, 'store'))
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

test('reasons come with the most frequent values that were got, and where the first of each is', async () => {
  const path = join(folder, 'shop.csv')
  const good = Array.from({ length: 20 }, (_, at) => `${at},2024-01-0${1 + (at % 9)},2,3.50,EUR`)
  const bad = [
    'a,2024-02-30,1,1,EUR',
    'b,2024-01-01,1,1,ZZZ',
    'c,2024-01-01,1,1,XXY',
    'd,2024-01-01,1,1,ZZZ',
    'e,,1,1,EUR',
  ]
  const damaged = 'f,2024-01-01,1'
  writeFileSync(path, `order_id,order_date,quantity,unit_price,currency\n${[...good, ...bad, damaged].join('\n')}\n`)
  await importFiles(warehouse, { kind: 'orders', files: [path] })

  const reasons = await listQuarantineReasons(warehouse, { examples: 1 })
  expect(reasons.slice(0, 2)).toEqual([
    {
      batchId: 1,
      kind: 'orders',
      code: 'ingestion.currency',
      column: 'currency',
      must: 'the currency must be a code of ISO 4217 like EUR',
      records: 3,
      values: 2,
      examples: [{ file: path, row: 22, got: 'ZZZ', times: 2 }],
    },
    {
      batchId: 1,
      kind: 'orders',
      code: 'ingestion.date',
      column: 'order_date',
      must: 'the date must be one, written as the column writes it',
      records: 2,
      values: 2,
      examples: [{ file: path, row: 21, got: '2024-02-30', times: 1 }],
    },
  ])
  expect(reasons[2]).toMatchObject({ column: null, records: 1, examples: [{ row: 26 }] })
  const all = await listQuarantineReasons(warehouse)
  expect(all[1]!.examples.map(({ got }) => got)).toEqual(['2024-02-30', 'nothing'])
  expect(await listQuarantineReasons(warehouse, { batchId: 9 })).toEqual([])
})
