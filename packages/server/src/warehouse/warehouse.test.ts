import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileReader, openWarehouse, type Warehouse } from './index.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-warehouse-'))
  warehouse = await openWarehouse(folder)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

test('reads numbers, instants, booleans and text by column, missing ones marked', async () => {
  const columns = await warehouse.columns(`
    select i::bigint as n, i / 2 as half, make_timestamptz(i * 1000) as at, i % 2 = 0 as even,
      case when i % 3 = 0 then null else 'c' || i end as name, case when i % 70 = 1 then null else i end as gap
    from range(5000) r(i) order by i`)
  expect(columns.rows).toBe(5000)
  expect(columns.numbers('n')[4999]).toBe(4999)
  expect(columns.numbers('half')[3]).toBe(1.5)
  expect(columns.numbers('at')[7]).toBe(7)
  expect([...columns.numbers('even').slice(0, 3)]).toEqual([1, 0, 1])
  expect(columns.texts('name').slice(2, 4)).toEqual(['c2', null])
  expect(columns.numbers('gap').filter(Number.isNaN).length).toBe(72)
  expect(columns.numbers('gap')[71]).toBeNaN()
  expect(() => columns.numbers('name')).toThrow('a column of numbers named name, got n, half')
  expect(() => columns.keys('name')).toThrow('column name must have no missing value')
})

test('a sum that is no number of ours must be cast in the query', async () => {
  await expect(warehouse.columns('select sum(1::bigint) as total')).rejects.toThrow('column total must be a number')
})

test('binds parameters by name, instants too', async () => {
  const [row] = await warehouse.rows<{ at: number; name: string }>('select $at as at, $name as name', {
    at: { instant: 1_262_304_000_123 },
    name: "O'Reilly",
  })
  expect(row).toEqual({ at: 1_262_304_000_123, name: "O'Reilly" })
})

test('stages typed arrays and text, missing values as null', async () => {
  const n = 5000
  await warehouse.stage('staged', {
    id: Int32Array.from({ length: n }, (_, at) => at),
    amount: Float64Array.from({ length: n }, (_, at) => (at % 10 === 0 ? Number.NaN : at)),
    micros: BigInt64Array.from({ length: n }, (_, at) => BigInt(at) * 1_000_000_000_000n),
    name: Array.from({ length: n }, (_, at) => (at % 7 === 0 ? null : `n${at}`)),
  })
  const [row] = await warehouse.rows('select count(amount) a, count(name) b, max(micros) c, count(*) n from staged')
  expect(row).toEqual({ a: 4500, b: 4285, c: 4_999_000_000_000_000, n: 5000 })
  await expect(warehouse.stage('other', { a: [], b: Float64Array.of(1) })).rejects.toThrow(
    'must have 0 rows, got 1 in b',
  )
})

test('a transaction that throws leaves nothing, and calls from outside wait for it', async () => {
  const failing = warehouse.transaction(async () => {
    await warehouse.run("insert into store_settings values ('a', '1')")
    throw new Error('no')
  })
  const outside = warehouse.rows<{ n: number }>('select count(*) as n from store_settings')
  await expect(failing).rejects.toThrow('no')
  expect(await outside).toEqual([{ n: 0 }])
  await expect(warehouse.transaction(() => warehouse.transaction(async () => undefined))).rejects.toThrow(
    'must not begin inside another one',
  )
})

test('an aborted query stops and says so', async () => {
  const stop = new AbortController()
  const slow = warehouse.rows(
    'select count(*) from range(100000000000) r(i) where i % 7 = 3',
    {},
    { signal: stop.signal },
  )
  setTimeout(() => stop.abort(), 50)
  await expect(slow).rejects.toMatchObject({ code: 'work.aborted' })
  expect(await warehouse.rows('select 1 as one')).toEqual([{ one: 1 }])
})

test('pours what a reader selects, and refuses other columns', async () => {
  const reader = await FileReader.open(folder)
  const sql = "select 'k' || i as name, i::varchar as value from range(10000) r(i)"
  expect(await warehouse.pour('store_settings', reader, sql)).toBe(10_000)
  await expect(warehouse.pour('store_settings', reader, "select 'x' as name, 1 as value")).rejects.toThrow(
    'wanted value VARCHAR, got value INTEGER',
  )
  reader.close()
})

test('a store cannot reach files', async () => {
  const file = join(folder, 'x.csv')
  writeFileSync(file, 'a\n1\n')
  await expect(warehouse.rows(`select * from read_csv('${file}')`)).rejects.toThrow('disabled')
  await expect(warehouse.run('set enable_external_access = true')).rejects.toThrow()
})

test('keeps what it was given when opened again', async () => {
  await warehouse.run("insert into store_settings values ('currency', 'EUR')")
  await warehouse.close()
  warehouse = await openWarehouse(folder)
  expect(await warehouse.rows('select value from store_settings')).toEqual([{ value: 'EUR' }])
})

test('a second opening names the owner, in this process and in another', async () => {
  await expect(openWarehouse(folder)).rejects.toThrow(`process ${process.pid}`)
  const other = spawnSync(
    process.execPath,
    [
      '-e',
      `require('@duckdb/node-api').DuckDBInstance.create(${JSON.stringify(join(folder, 'warehouse.duckdb'))}).then(() => console.log('opened'), (error) => console.log(error.message))`,
    ],
    { cwd: import.meta.dirname, encoding: 'utf8' },
  )
  expect(other.stdout).toContain('Could not set lock')
})

test('an owner that died does not keep the store', async () => {
  await warehouse.close()
  const dead = spawnSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' })
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ pid: Number(dead.stdout), version: '0', since: '' }))
  warehouse = await openWarehouse(folder)
  expect(await warehouse.rows('select count(*) as n from events')).toEqual([{ n: 0 }])
})

test('a file that is no store is refused, and a store of a later version too', async () => {
  await warehouse.run("insert into schema_migrations values (99, 'later', 'x')")
  await warehouse.close()
  await expect(openWarehouse(folder)).rejects.toThrow('or older, got schema 99')
  const file = join(folder, 'warehouse.duckdb')
  const whole = readFileSync(file)
  const spoilt: readonly (readonly [string, Uint8Array])[] = [
    ['text', Buffer.from('this is no database at all, but it is long enough to look at'.repeat(99))],
    ['empty', Buffer.alloc(0)],
    ['another program’s', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8192)])],
    ['cut in its header', whole.subarray(0, 5000)],
    ['cut short', whole.subarray(0, whole.length >> 1)],
    ['overwritten', Buffer.concat([whole.subarray(0, 20_000), Buffer.alloc(whole.length - 20_000, 0x55)])],
  ]
  for (const [how, bytes] of spoilt) {
    writeFileSync(file, bytes)
    const error: unknown = await openWarehouse(folder).catch((reason: unknown) => reason)
    expect(error, how).toMatchObject({ code: 'warehouse.damaged' })
    expect(String(error), how).toContain(`${file} must be a store of rapport, and whole, got: `)
    expect(String(error).split('\n'), how).toHaveLength(1)
  }
  rmSync(file)
  warehouse = await openWarehouse(folder)
})

test('a store in a file or where nothing can be made is refused', async () => {
  const file = join(folder, 'plain')
  writeFileSync(file, '')
  await expect(openWarehouse(file)).rejects.toMatchObject({ code: 'warehouse.folder' })
  await expect(openWarehouse('/proc/nope')).rejects.toMatchObject({ code: 'warehouse.folder' })
})
