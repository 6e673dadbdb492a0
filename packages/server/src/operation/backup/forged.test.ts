import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openState } from '../../state/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { backUp, restoreBackup, verifyBackup } from '../index.ts'
import { filesOf, type Manifest } from './manifest.ts'
import { headerOf } from './tar-header.ts'
import { openTar } from './tar-reader.ts'
import { TarWriter } from './tar-writer.ts'

/** Backups whose hashes are right and whose contents somebody else wrote. */

const folder = mkdtempSync(join(tmpdir(), 'rapport-forged-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const store = join(folder, 'store')
const whole = join(folder, 'whole.tar')
const forged = join(folder, 'forged.tar')

beforeAll(async () => {
  mkdirSync(store)
  const warehouse = await openWarehouse(store)
  await warehouse.run("create table scores_of as select 'a' as customer_id, [1.5::decimal(9,2)] as list, now() as at")
  const state = await openState(store, undefined)
  await state.queries.insertInto('cursors').values({ follower: 'a', position: 1 }).execute()
  await state.close()
  await backUp({ warehouse, stateUrl: undefined }, whole)
  await warehouse.close()
  writeFileSync(join(store, 'rapport.json'), '{"own":true}')
})

type Changes = Readonly<Record<string, Buffer>>

/** @param entries contents of entries in the place of what they have */
async function forge(change: (manifest: Manifest) => void, entries: Changes = {}): Promise<void> {
  rmSync(forged, { force: true })
  const from = await openTar(whole)
  const { manifest } = await verifyBackup(whole)
  const contents = new Map<string, Buffer>()
  for (const name of from.entries.keys()) {
    const chunks: Buffer[] = []
    for await (const chunk of from.read(name)) chunks.push(chunk)
    contents.set(name, Buffer.concat(chunks))
  }
  for (const [name, content] of Object.entries(entries)) {
    contents.set(name, content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    for (const each of filesOf(manifest)) if (each.name === name) Object.assign(each, { bytes: content.length, sha256 })
  }
  change(manifest)
  const text = Buffer.from(JSON.stringify(manifest))
  contents.set('manifest.json', text)
  contents.set('manifest.sha256', Buffer.from(createHash('sha256').update(text).digest('hex')))
  const tar = await TarWriter.create(forged)
  for (const [name, content] of contents) await tar.add(name, [content])
  await tar.finish()
}

async function isRefused(why: RegExp, file = forged): Promise<void> {
  const before = readdirSync(folder)
  const state = readFileSync(join(store, 'warehouse.duckdb'))
  const restoring = restoreBackup(file, { store, stateUrl: undefined, isReplacing: true })
  await expect(restoring).rejects.toMatchObject({
    code: 'operation.backup-damaged',
    message: expect.stringMatching(why),
  })
  expect(readdirSync(folder)).toEqual(before)
  expect(readFileSync(join(store, 'rapport.json'), 'utf8')).toBe('{"own":true}')
  expect(readFileSync(join(store, 'warehouse.duckdb')).equals(state)).toBe(true)
}

const table = ({ warehouse }: Manifest, name: string) => warehouse.tables.find((each) => each.name === name)!

test.each([
  'integer); create table pwned as select 1; create table q(b integer',
  'INTEGER, B INTEGER',
  'INTEGER[](1)',
  'VARCHAR COLLATE NOCASE',
])('a column of the type %j is refused in a table of an analysis and in one of the schema', async (type) => {
  await forge((manifest) => {
    table(manifest, 'scores_of').columns[0]!.type = type
  })
  await isRefused(/column customer_id must have a type of the store/)
  await forge((manifest) => {
    table(manifest, 'events').columns[0]!.type = type
  })
  await isRefused(/events must have the columns of its schema/)
})

test('tables and sequences that neither the schema nor an analysis makes are refused', async () => {
  for (const name of ['known_events', 'schema_migrations', 'a"; drop table events; --', 'Events']) {
    await forge(({ warehouse }) => {
      warehouse.tables.push({ name, columns: [{ name: 'a', type: 'INTEGER' }], rows: 0, files: [] })
    })
    await isRefused(/table|known_events/)
  }
  await forge(({ warehouse }) => {
    warehouse.sequences['x'] = 1
  })
  await isRefused(/a sequence must be of the schema, got x/)
})

test('only what a backup writes becomes a file of a store', async () => {
  const content = Buffer.from('{"own":false}')
  const sha256 = createHash('sha256').update(content).digest('hex')
  for (const name of [
    'x/rapport.json',
    'files/rapport.json',
    'files/..',
    'files/warehouse.duckdb',
    'files/state.sqlite',
  ]) {
    await forge(
      ({ files }) => {
        files.push({ name: name as 'files/demo-truth.jsonl.gz', bytes: content.length, sha256 })
      },
      { [name]: content },
    )
    await isRefused(/manifest does not fit at files\.0\.name/)
  }
})

test.each([
  ['no gzip', Buffer.from('no gzip'), /cursors.jsonl.gz cannot be unpacked/],
  ['cut gzip', gzipSync('{"follower":"a","position":1}\n').subarray(0, 30), /cannot be unpacked/],
  ['no JSON', gzipSync('{"follower":"a","position":1}\nnonsense\n'), /line 2 of state\/cursors.jsonl.gz is no JSON/],
  ['no row', gzipSync('null\n'), /line 1 of .* is no object/],
  ['a row of objects', gzipSync('{"follower":{}}\n'), /line 1 of .* is no object/],
  ['no end', gzipSync('{"follower":"a","position":1}'), /ends in the middle of a line/],
  ['an endless line', gzipSync(Buffer.alloc(40_000_000, 'a')), /a line of .* has more than/],
  ['another column', gzipSync('{"nonsense":1}\n'), /cursors must fit it/],
])('state that is %s is refused', async (_, content, why) => {
  await forge(() => undefined, { 'state/cursors.jsonl.gz': content })
  await isRefused(why)
})

test('a table of no Parquet is refused', async () => {
  await forge(() => undefined, { 'warehouse/scores_of-1.parquet': Buffer.from('PAR1 nonsense PAR1') })
  await isRefused(/scores_of must fit it/)
})

test('a folder, a size below zero and a manifest of no JSON are refused at once', async () => {
  await isRefused(/is no file but a folder/, folder)
  const block = headerOf({ name: 'a', bytes: 0, modifiedAt: 0 })
  block.write('-0000001000', 124)
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  rmSync(forged, { force: true })
  writeFileSync(forged, Buffer.concat([block, Buffer.alloc(2048)]))
  await isRefused(/nothing of it can be read from byte 0 on/)
  for (const text of ['nonsense', 'null', '[]']) {
    rmSync(forged, { force: true })
    const tar = await TarWriter.create(forged)
    await tar.add('manifest.json', [Buffer.from(text)])
    await tar.add('manifest.sha256', [Buffer.from(createHash('sha256').update(text).digest('hex'))])
    await tar.finish()
    await isRefused(/manifest/)
  }
})

test('what nobody forged is restored, with the tables of analyses', async () => {
  await forge(() => undefined)
  await restoreBackup(forged, { store: join(folder, 'other'), stateUrl: undefined, isReplacing: false })
  const warehouse = await openWarehouse(join(folder, 'other'))
  expect(await warehouse.rows('select customer_id, list::varchar as list from scores_of')).toEqual([
    { customer_id: 'a', list: '[1.50]' },
  ])
  await warehouse.close()
})
