import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouse, stoppable, type Warehouse } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-stoppable-'))
let warehouse: Warehouse

beforeAll(async () => {
  warehouse = await openWarehouse(folder)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

test('a query that was given no work is interrupted, and what cleans up afterwards still runs', async () => {
  const stop = new AbortController()
  const inner = stoppable(warehouse, { signal: stop.signal })
  await inner.run('create temp table left_over (n integer)')
  const query = inner.rows('select sum(a.range * b.range) as n from range(1000000) a, range(1000000) b')
  setTimeout(() => stop.abort(), 50)
  await expect(query).rejects.toMatchObject({ code: 'work.aborted' })
  await inner.run('drop table left_over')
  await expect(inner.rows('from left_over')).rejects.toThrow('left_over')
})

test('a transaction stopped in the middle leaves nothing', async () => {
  const stop = new AbortController()
  const inner = stoppable(warehouse, { signal: stop.signal })
  const steps = inner.transaction(async () => {
    await inner.run("insert into store_settings values ('half', 'done')")
    setTimeout(() => stop.abort(), 50)
    await inner.rows('select sum(a.range * b.range) as n from range(1000000) a, range(1000000) b')
  })
  await expect(steps).rejects.toMatchObject({ code: 'work.aborted' })
  expect(await inner.rows("select * from store_settings where name = 'half'")).toEqual([])
})
