import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { onEachPlace, type StatePlace } from '../../state/each-database.contract.ts'
import { openState, openStateSnapshot } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { backUp, restoreBackup, verifyBackup } from '../index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const fresh = (ending = ''): string => {
  files += 1
  return join(folder, `${files}${ending}`)
}

const insert = (warehouse: Warehouse, first: number, rows: number): Promise<void> =>
  warehouse.run(`insert into events (event_key, batch_id, customer_id, call, name, occurred_at, received_at, position)
    select (hash(range)::uhugeint << 64) + range::uhugeint, 1, 'c' || range, 'track', 'Ä', now(), now(), range
    from range(${first}, ${first + rows})`)

/** Every table of a store with the number and a hash of its rows, whatever their order. */
async function contentsOf(store: string, url: string | undefined): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {}
  const warehouse = await openWarehouse(store)
  const tables = await warehouse.rows<{ name: string }>('select table_name as name from duckdb_tables()')
  for (const { name } of tables) {
    const [row] = await warehouse.rows(`select count(*) as n, bit_xor(hash(t))::varchar as hash from "${name}" as t`)
    contents[name] = row
  }
  await warehouse.close()
  const state = await openStateSnapshot(store, url)
  for (const table of state.tables) {
    const rows: string[] = []
    for await (const some of state.rows(table)) rows.push(...some.map((row) => JSON.stringify(row)))
    contents[`state.${table}`] = rows.sort()
  }
  await state.close()
  return contents
}

async function fill({ folder: store, url }: StatePlace, rows: number): Promise<void> {
  const warehouse = await openWarehouse(store)
  await warehouse.run("insert into store_settings values ('simulated', 'fashion')")
  await insert(warehouse, 1, rows)
  await warehouse.close()
  const state = await openState(store, url)
  const cursors = Array.from({ length: 700 }, (_, at) => ({ follower: `follower ${at}`, position: at }))
  await state.queries.insertInto('cursors').values(cursors).execute()
  await state.close()
}

async function backedUp({ folder: store, url }: StatePlace, target = fresh('.tar')): Promise<string> {
  const warehouse = await openWarehouse(store)
  try {
    return (await backUp({ warehouse, stateUrl: url }, target)).file
  } finally {
    await warehouse.close()
  }
}

const restoreInto = (file: string, store: string, url?: string, isReplacing = false) =>
  restoreBackup(file, { store, stateUrl: url, isReplacing })

onEachPlace((place) => {
  test('what is restored equals what was backed up, in every row of every table', async () => {
    const from = await place()
    await fill(from, 20_000)
    const before = await contentsOf(from.folder, from.url)
    const file = await backedUp(from)
    expect(statSync(file).mode & 0o777).toBe(0o600)

    const to = await place()
    const store = join(to.folder, 'inside')
    expect(await restoreInto(file, store, to.url)).toMatchObject({ replaced: null, manifest: { position: 20_000 } })
    expect(await contentsOf(store, to.url)).toEqual(before)
    expect(statSync(store).mode & 0o777).toBe(0o700)
    expect(readdirSync(to.folder)).toEqual(['inside'])
  })

  test('a store that is there gives way only when that is wanted, and is kept beside', async () => {
    const from = await place()
    await fill(from, 10)
    const file = await backedUp(from)
    const to = await place()
    const store = join(to.folder, 'inside')
    mkdirSync(store)
    await fill({ folder: store, url: to.url }, 20)
    writeFileSync(join(store, 'rapport.json'), '{}')
    await expect(restoreInto(file, store, to.url)).rejects.toMatchObject({ code: 'operation.restore-target' })
    const { replaced } = await restoreInto(file, store, to.url, true)
    expect(await contentsOf(store, to.url)).toEqual(await contentsOf(from.folder, from.url))
    expect(existsSync(join(replaced!, 'warehouse.duckdb'))).toBe(true)
    expect(readFileSync(join(store, 'rapport.json'), 'utf8')).toBe('{}')
  })
})

describe('a backup', () => {
  const place = (): StatePlace => {
    const store = fresh()
    mkdirSync(store)
    return { folder: store, url: undefined }
  }

  test('holds what was there when it began, though others write on', async () => {
    const from = place()
    await fill(from, 60_000)
    const warehouse = await openWarehouse(from.folder)
    let isWriting = true
    let written = 0
    const writing = (async () => {
      for (let at = 1_000_000; isWriting; at += 10) {
        await insert(warehouse, at, 10)
        written += 10
        // Analyses make and drop tables meanwhile.
        if (written % 50 === 0)
          await warehouse.run('create or replace table features_x as select 1 as x; checkpoint').catch(() => undefined)
      }
    })()
    let acknowledged = 0
    const settle = async () => {
      await insert(warehouse, 900_000, 5)
      acknowledged = 60_005
    }
    const { file, position } = await backUp({ warehouse, stateUrl: undefined, settle }, fresh('.tar'))
    isWriting = false
    await writing
    await warehouse.close()
    expect(written).toBeGreaterThan(0)
    const store = fresh()
    await restoreInto(file, store)
    const restored = await openWarehouse(store)
    const [held] = await restored.rows<{ n: number; last: number }>(
      'select count(*) filter (position < 1000000) as n, max(position) as last from events',
    )
    expect(held).toEqual({ n: acknowledged, last: position })
    await restored.close()
  }, 120_000)

  test('is a tar file like any other, of Parquet and JSON Lines', async () => {
    const from = place()
    await fill(from, 10)
    mkdirSync(fresh('-folder'))
    const file = await backedUp(from, join(folder, `${files}-folder`))
    expect(file).toMatch(/-folder\/rapport-\d{8}T\d{6}Z\.tar$/)
    const names = execFileSync('tar', ['tf', file], { encoding: 'utf8' }).split('\n')
    for (const name of ['state/cursors.jsonl.gz', 'warehouse/events-1.parquet', 'manifest.json'])
      expect(names).toContain(name)
    const manifest = JSON.parse(execFileSync('tar', ['xfO', file, 'manifest.json'], { encoding: 'utf8' }))
    expect(manifest).toMatchObject({ formatVersion: 1, position: 10, state: { database: 'sqlite' } })
    const lines = execFileSync('bash', ['-c', `tar xfO ${file} state/cursors.jsonl.gz | gunzip`], { encoding: 'utf8' })
    expect(JSON.parse(lines.split('\n')[7]!)).toEqual({ follower: 'follower 7', position: 7 })
  })

  test('that is changed in one byte, cut short or of another kind is refused before anything is touched', async () => {
    const from = place()
    await fill(from, 1000)
    const file = await backedUp(from)
    const whole = readFileSync(file)
    const store = fresh()
    const damaged = async (bytes: Buffer) => {
      const bad = fresh('.tar')
      writeFileSync(bad, bytes)
      await expect(verifyBackup(bad)).rejects.toMatchObject({ code: 'operation.backup-damaged' })
      await expect(restoreInto(bad, store)).rejects.toMatchObject({ code: 'operation.backup-damaged' })
      expect(existsSync(store)).toBe(false)
    }
    for (const at of [515, whole.indexOf('PAR1') + 9, whole.indexOf('"position"'), whole.indexOf('manifest.sha256')]) {
      const bytes = Buffer.from(whole)
      bytes[at]! ^= 1
      await damaged(bytes)
    }
    await damaged(whole.subarray(0, whole.length - 1500))
    await damaged(Buffer.from('no tar file at all '.repeat(100)))
    await expect(verifyBackup(fresh())).rejects.toMatchObject({ code: 'operation.backup-missing' })
    expect((await verifyBackup(file)).manifest.position).toBe(1000)
  })

  test('that is stopped leaves nothing, and one that is there is not overwritten', async () => {
    const from = place()
    await fill(from, 10)
    const warehouse = await openWarehouse(from.folder)
    const into = fresh()
    mkdirSync(into)
    const stop = new AbortController()
    const onProgress = ({ done }: { done: number }) => {
      if (done === 5) stop.abort()
    }
    const parts = { warehouse, stateUrl: undefined }
    await expect(backUp(parts, into, { signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'work.aborted',
    })
    expect(readdirSync(into)).toEqual([])
    const { file } = await backUp(parts, join(into, 'a.tar'))
    await expect(backUp(parts, file)).rejects.toMatchObject({ code: 'operation.backup-exists' })
    expect(readdirSync(into)).toEqual(['a.tar'])
    await warehouse.close()
  })

  test('of SQLite state is not restored where PostgreSQL is configured', async () => {
    const from = place()
    await fill(from, 1)
    const restoring = restoreInto(await backedUp(from), fresh(), 'postgres://nobody@127.0.0.1:1/none')
    await expect(restoring).rejects.toMatchObject({ code: 'operation.restore-state' })
  })

  test('is not restored over a store that a process has open, and a restore that is stopped leaves it as it was', async () => {
    const from = place()
    await fill(from, 10)
    const file = await backedUp(from)
    const warehouse = await openWarehouse(from.folder)
    await expect(restoreInto(file, from.folder, undefined, true)).rejects.toMatchObject({ code: 'warehouse.owned' })
    await insert(warehouse, 50, 1)
    await warehouse.close()
    const before = await contentsOf(from.folder, undefined)
    const stop = new AbortController()
    const onProgress = ({ stage }: { stage: string }) => {
      if (stage === 'restore events') stop.abort()
    }
    const options = {
      store: from.folder,
      stateUrl: undefined,
      isReplacing: true,
      work: { signal: stop.signal, onProgress },
    }
    await expect(restoreBackup(file, options)).rejects.toMatchObject({ code: 'work.aborted' })
    expect(await contentsOf(from.folder, undefined)).toEqual(before)
  })
})
