import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openWarehouse } from './open-warehouse.ts'
import type { Warehouse } from './warehouse.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-rewrite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const note = (warehouse: Warehouse, text: string): Promise<void> =>
  warehouse.run('insert into store_settings values ($text, $text)', { text })
/** Uncompressed in the file, however few they are: random enough to be looked for among its bytes. */
const token = (name: string): string =>
  `${name}-${Array.from({ length: 40 }, (_, at) => ((at * 7919 + name.length * 104729) % 36).toString(36)).join('')}`
const holds = (store: string, text: string): boolean =>
  readdirSync(store).some(
    (file) => file.startsWith('warehouse.duckdb') && readFileSync(join(store, file)).includes(text),
  )

test('what was deleted is in the file until it is rewritten, and everything else stays as it was', async () => {
  const store = join(folder, 'store')
  const warehouse = await openWarehouse(store)
  await warehouse.run("select nextval('batch_ids')")
  for (const name of ['gone', 'kept']) await note(warehouse, token(name))
  await warehouse.run(
    'create table feature_table_1 as select range as customer_id from range(10000) order by range desc',
  )
  await warehouse.checkpoint()
  await warehouse.run('delete from store_settings where name = $name', { name: token('gone') })
  await warehouse.checkpoint()
  expect([holds(store, token('gone')), holds(store, token('kept'))]).toEqual([true, true])
  // Without quotes: of views that were read from the file, fewer names are quoted than of those just made.
  const schema = () =>
    warehouse.rows(
      `select name, replace(sql, '"', '') as sql from (
        select table_name as name, sql from duckdb_tables()
        union all select view_name, sql from duckdb_views() where not internal
      ) order by name`,
    )
  const before = await schema()
  await Promise.all([warehouse.rewrite(), note(warehouse, token('during'))])
  expect([holds(store, token('gone')), holds(store, token('kept'))]).toEqual([false, true])
  expect(await schema()).toEqual(before)
  await note(warehouse, token('after'))
  expect(await warehouse.rows('select name from store_settings order by name')).toEqual(
    ['after', 'during', 'kept'].map((name) => ({ name: token(name) })),
  )
  expect(await warehouse.rows("select nextval('batch_ids')::integer as n")).toEqual([{ n: 2 }])
  expect(await warehouse.rows('select customer_id as id from feature_table_1 order by rowid limit 2')).toEqual([
    { id: 9999 },
    { id: 9998 },
  ])
  await expect(warehouse.run("copy (select 1) to '/tmp/elsewhere.csv'")).rejects.toThrow()
  await warehouse.close()
  expect(readdirSync(store)).toEqual(['warehouse.duckdb'])
})

test('work that has a temporary table is waited for, and a stop leaves the store open as it was', async () => {
  const warehouse = await openWarehouse(join(folder, 'busy'))
  await warehouse.run("create temp table work as select 1; insert into store_settings values ('a', 'b')")
  const stop = new AbortController()
  const stopped = warehouse.rewrite({ signal: stop.signal })
  setTimeout(() => stop.abort(), 100)
  await expect(stopped).rejects.toMatchObject({ code: 'work.aborted' })
  const rewritten = warehouse.rewrite()
  expect(await warehouse.rows('select * from work')).toHaveLength(1)
  await warehouse.run('drop table work')
  await rewritten
  expect(await warehouse.rows('select name from store_settings')).toEqual([{ name: 'a' }])
  await warehouse.close()
})
