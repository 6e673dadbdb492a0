import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouse } from '../open-warehouse.ts'
import type { Warehouse } from '../warehouse.ts'
import { RemoteWarehouse } from './remote-warehouse.ts'
import { serveWarehouse } from './serve-warehouse.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-remote-'))
let store: Warehouse
let remote: RemoteWarehouse

beforeAll(async () => {
  store = await openWarehouse(folder)
  const { port1, port2 } = new MessageChannel()
  serveWarehouse(store, port1)
  remote = new RemoteWarehouse(port2, store)
})
afterAll(async () => {
  await remote.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('rows, columns of any size and of none, and staged columns are what the store itself gives', async () => {
  const sql =
    "select range::double as n, case when range % 3 > 0 then 'text ' || range end as t from range($count) order by 1"
  for (const count of [0, 1, 8192, 20_001]) {
    const [near, far] = await Promise.all([store.columns(sql, { count }), remote.columns(sql, { count })])
    expect(far.rows).toBe(count)
    expect(far.numbers('n')).toEqual(near.numbers('n'))
    expect(far.texts('t')).toEqual(near.texts('t'))
  }
  expect(await remote.rows('select 7 as n, $at::timestamptz as at', { at: { instant: 1000 } })).toEqual([
    { n: 7, at: 1000 },
  ])
  const numbers = Float64Array.from({ length: 20_000 }, (_, at) => at)
  await remote.stage('numbers', { n: numbers, t: Array.from(numbers, String) })
  expect(await remote.rows('select count(*) as n, sum(n) as sum, max(t) as t from numbers')).toEqual([
    { n: 20_000, sum: 199_990_000, t: '9999' },
  ])
  await expect(remote.stage('ragged', { a: numbers, b: ['x'] })).rejects.toMatchObject({ code: 'warehouse.ragged' })
})

test('a transaction is kept whole or undone, and calls from outside wait for it', async () => {
  const names = () => store.rows<{ name: string }>('select name from store_settings order by name')
  await remote.transaction(async () => {
    await remote.run("insert into store_settings values ('kept', '1')")
    expect(await remote.rows('select name from store_settings')).toEqual([{ name: 'kept' }])
  })
  const undone = remote.transaction(async () => {
    await remote.run("insert into store_settings values ('undone', '1')")
    throw new Error('no')
  })
  await expect(undone).rejects.toThrow('no')
  expect(await names()).toEqual([{ name: 'kept' }])
  let isOver = false
  const long = remote.transaction(async () => {
    await new Promise((wait) => setTimeout(wait, 50))
    isOver = true
  })
  await new Promise((wait) => setTimeout(wait, 10))
  await remote.rows('select 1 as n')
  expect(isOver).toBe(true)
  await long
  await expect(remote.transaction(() => remote.transaction(async () => undefined))).rejects.toMatchObject({
    code: 'warehouse.nested',
  })
})

test('errors keep their code, a query is stopped, and what only the store’s thread may do is refused', async () => {
  await expect(remote.run('select nothing from nowhere')).rejects.toThrow(/nowhere/)
  const stop = new AbortController()
  const long = remote.rows(
    'select count(*) from range(10000000000) a where hash(range) % 7 = 1',
    {},
    { signal: stop.signal },
  )
  setTimeout(() => stop.abort(), 50)
  await expect(long).rejects.toMatchObject({ code: 'work.aborted' })
  await expect(remote.snapshot()).rejects.toMatchObject({ code: 'warehouse.remote' })
})

test('a transaction whose thread is gone is undone', async () => {
  const { port1, port2 } = new MessageChannel()
  serveWarehouse(store, port1)
  const other = new RemoteWarehouse(port2, store)
  const left = other.transaction(async () => {
    await other.run("insert into store_settings values ('left', '1')")
    await other.close()
    await other.run('select 1')
  })
  await expect(left).rejects.toBeDefined()
  expect(await store.rows("select * from store_settings where name = 'left'")).toEqual([])
})
