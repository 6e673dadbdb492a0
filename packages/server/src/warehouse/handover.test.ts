import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileReader, openWarehouse, type Warehouse } from './index.ts'

let folder: string
let store: string
let warehouse: Warehouse
let reader: FileReader

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'rapport-handover-')))
  store = join(folder, 'store')
  warehouse = await openWarehouse(store)
  reader = await FileReader.open(join(folder, 'spill'))
})

afterEach(async () => {
  reader.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const handovers = (): readonly string[] => readdirSync(join(store, 'handover'))

test('store and reader read what was handed over, keys of 128 bits to the last; dropped, it is gone', async () => {
  const sql = `select md5_number(i::varchar) as key, 'n' || i as name, make_timestamptz(i) as moment from range(3000) r(i)`
  const handover = await warehouse.handOver(reader, sql)
  expect(handover.rows).toBe(3000)
  const sum = (from: string): string =>
    `select hex(bit_xor(key)) as keys, count(name) as n, max(moment) as latest from ${from}`
  const [wanted] = await reader.rows(sum(`(${sql})`))
  expect(await reader.rows(sum(handover.sql))).toEqual([wanted])
  expect(await warehouse.rows(sum(handover.sql))).toEqual([wanted])
  handover.drop()
  expect(handovers()).toEqual([])
  await expect(warehouse.rows(sum(handover.sql))).rejects.toThrow('No files found')
})

test('nothing is left of a handover that failed, of one that was stopped, or of a process that was killed', async () => {
  await expect(warehouse.handOver(reader, "select 'x'::integer as a")).rejects.toThrow('Could not convert')
  const stop = new AbortController()
  const slow = warehouse.handOver(reader, 'select i from range(100000000000) r(i)', { signal: stop.signal })
  setTimeout(() => stop.abort(), 50)
  await expect(slow).rejects.toMatchObject({ code: 'work.aborted' })
  await expect(warehouse.pour('store_settings', reader, 'select 1 as a')).rejects.toThrow('wanted name VARCHAR')
  expect(handovers()).toEqual([])
  await warehouse.close()
  mkdirSync(join(store, 'handover'))
  writeFileSync(join(store, 'handover', '1.parquet'), 'left behind')
  warehouse = await openWarehouse(store)
  expect(existsSync(join(store, 'handover'))).toBe(false)
})

test('the store reads and writes no file outside its handovers, by no way around', async () => {
  const handover = await warehouse.handOver(reader, 'select 1 as a')
  const inside = join(store, 'handover')
  const outside = join(folder, 'outside.parquet')
  await reader.run(`copy (select 2 as a) to '${outside}' (format parquet)`)
  symlinkSync(outside, join(inside, 'link.parquet'))
  symlinkSync(folder, join(inside, 'linked'))
  mkdirSync(join(store, 'handover-not'))
  symlinkSync(outside, join(store, 'handover-not', 'x.parquet'))
  const ways = [
    outside,
    `file://${outside}`,
    join(inside, 'link.parquet'),
    join(inside, 'linked', 'outside.parquet'),
    `${inside}/../../outside.parquet`,
    `${inside}/./../../outside.parquet`,
    `${inside}/../handover-not/x.parquet`,
    join(store, 'handover-not', 'x.parquet'),
    '/etc/hostname',
  ]
  for (const path of ways) {
    await expect(warehouse.rows(`select * from read_parquet('${path}')`), path).rejects.toThrow('Cannot access file')
    await expect(warehouse.rows(`select * from read_text('${path}')`), path).rejects.toThrow('Cannot access file')
  }
  const copies = [join(folder, 'x.csv'), `${inside}/../x.csv`, join(store, 'x.csv')]
  for (const path of copies) {
    await expect(warehouse.run(`copy (select 1) to '${path}'`), path).rejects.toThrow('Cannot access file')
  }
  await expect(warehouse.run(`set allowed_directories = ['/']`)).rejects.toThrow('locked')
  handover.drop()
})

test('a whole number of 128 bits with a sign is refused, as it would lose digits', async () => {
  await expect(warehouse.handOver(reader, 'select 1::hugeint as n')).rejects.toMatchObject({ code: 'warehouse.type' })
})
