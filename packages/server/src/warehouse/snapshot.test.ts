import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openWarehouse, restoreWarehouse, type Warehouse, type WarehouseSnapshot } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-snapshot-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fresh = (): string => mkdtempSync(join(folder, 'store-'))

/** Rows and their hash, whatever their order. */
const contentsOf = async (warehouse: Warehouse, tables: WarehouseSnapshot['tables']) => {
  const found: Record<string, unknown> = {}
  for (const { name } of tables) {
    const [row] = await warehouse.rows(`select count(*) as n, bit_xor(hash(t))::varchar as hash from "${name}" as t`)
    found[name] = row
  }
  return found
}

async function writeAll(snapshot: WarehouseSnapshot, into: string): Promise<Map<string, string[]>> {
  await mkdir(into)
  const files = new Map<string, string[]>()
  for (const table of snapshot.tables) {
    const kept: string[] = []
    for await (const { file } of snapshot.write(table)) {
      const path = join(into, `${table.name}-${kept.length}.parquet`)
      await copyFile(file, path)
      kept.push(path)
    }
    files.set(table.name, kept)
  }
  return files
}

async function* each(paths: readonly string[] = []): AsyncGenerator<string> {
  yield* paths
}

const fill = (warehouse: Warehouse, first: number, rows: number): Promise<void> =>
  warehouse.run(`insert into events (event_key, batch_id, customer_id, call, name, occurred_at, received_at, position)
    select (hash(range)::uhugeint << 64) + range::uhugeint, 1, 'c' || range, 'track', 'Ä ' || range, make_timestamptz(range * 1000003),
      'infinity', range from range(${first}, ${first + rows})`)

test('holds what was there when it was opened, in several files, and gives it back as it was', async () => {
  const warehouse = await openWarehouse(fresh())
  await fill(warehouse, 0, 450_000)
  await warehouse.run(`create table features_old as select 1::hugeint as huge, [1, 2] as list, date '2024-02-29' as day,
    null::double as missing, 'nan'::double as nan, true as flag`)
  await warehouse.rows(`select nextval('batch_ids') from range(41)`)
  const snapshot = await warehouse.snapshot()
  const before = await contentsOf(warehouse, snapshot.tables)
  await fill(warehouse, 1_000_000, 5000)
  await warehouse.run('delete from events where position % 3 = 0; drop table features_old')
  await warehouse.checkpoint()
  const into = join(folder, 'written')
  const files = await writeAll(snapshot, into)
  const { migrations, tables, sequences } = snapshot
  snapshot.close()
  expect(files.get('events')).toHaveLength(3)
  expect(readdirSync(join(warehouse.folder, 'handover'))).toEqual([])
  await warehouse.close()

  const store = fresh()
  await restoreWarehouse(store, { migrations, tables, sequences }, (table) => each(files.get(table)), into)
  const restored = await openWarehouse(store)
  expect(await contentsOf(restored, tables)).toEqual(before)
  expect(before['events']).toMatchObject({ n: 450_000 })
  expect(await restored.rows(`select nextval('batch_ids') as next`)).toEqual([{ next: 42 }])
  await restored.close()
}, 120_000)

test('the file is not rewritten under it', async () => {
  const warehouse = await openWarehouse(fresh())
  const snapshot = await warehouse.snapshot()
  let isDone = false
  const rewriting = warehouse.rewrite().then(() => {
    isDone = true
  })
  await new Promise((wait) => setTimeout(wait, 400))
  expect(isDone).toBe(false)
  snapshot.close()
  await rewriting
  await warehouse.close()
})

test('a schema that this version does not know is refused', async () => {
  const contents = { migrations: [{ number: 900, name: 'later', checksum: 'x' }], tables: [], sequences: {} }
  await expect(restoreWarehouse(fresh(), contents, () => each(), folder)).rejects.toMatchObject({
    code: 'warehouse.newer',
  })
})
