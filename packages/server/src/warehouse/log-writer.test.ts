import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openWarehouse } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-log-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rows = (n: number) =>
  ({
    step: { type: 'text', values: Array.from({ length: n }, (_, at) => `step ${at}`) },
    switched_on_at: { type: 'instant', values: Array.from({ length: n }, (_, at) => at) },
  }) as const

test('rows of all chunks are there, also after a reopen, while a query runs', async () => {
  const store = join(folder, 'many')
  const warehouse = await openWarehouse(store)
  const log = await warehouse.openLog()
  const query = warehouse.rows<{ n: number }>('select count(*) as n from range(20000000) a where hash(range) % 7 = 1')
  await log.append({ cleaning_steps: rows(5000) })
  expect((await query)[0]!.n).toBeGreaterThan(0)
  log.close()
  await warehouse.close()
  const again = await openWarehouse(store)
  expect(await again.rows('select count(*) as n, max(switched_on_at) as last from cleaning_steps')).toEqual([
    { n: 5000, last: 4999 },
  ])
  await again.close()
})

test('all or nothing over tables, and the writer goes on after a refusal', async () => {
  const warehouse = await openWarehouse(join(folder, 'refused'))
  const log = await warehouse.openLog()
  await log.append({ cleaning_steps: rows(1) })
  const twice = log.append({
    non_products: { product_id: { type: 'text', values: ['a'] }, rule: { type: 'text', values: ['b'] } },
    cleaning_steps: rows(1),
  })
  await expect(twice).rejects.toThrow(/constraint/i)
  expect(await warehouse.rows('select count(*) as n from non_products')).toEqual([{ n: 0 }])
  await log.append({
    non_products: { product_id: { type: 'text', values: ['a'] }, rule: { type: 'text', values: ['b'] } },
  })
  expect(await warehouse.rows('select count(*) as n from non_products')).toEqual([{ n: 1 }])
  log.close()
  await warehouse.close()
})
