import { chmodSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConfiguration } from '../../base/index.ts'
import { openState } from '../../state/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { examine } from '../index.ts'
import { checkMemory, checkNode, checkPort } from './check-machine.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-doctor-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const configure = (commandLine: Record<string, string> = {}) =>
  readConfiguration({ environment: {}, commandLine: { port: '0', diskFloorMegabytes: '1', ...commandLine } })

async function store(rows = 1000): Promise<string> {
  const made = mkdtempSync(join(folder, 'store-'))
  const warehouse = await openWarehouse(made)
  await warehouse.run(
    `insert into store_settings select 'setting ' || range, repeat(md5(range::varchar), 20) from range(${rows})`,
  )
  await warehouse.checkpoint()
  await warehouse.close()
  await (await openState(made)).close()
  return made
}

const found = async (at: string, commandLine?: Record<string, string>) =>
  new Map((await examine(at, () => configure(commandLine))).map((finding) => [finding.check, finding]))

test('a sound store is found sound, and nothing is changed', async () => {
  const at = await store()
  const findings = await found(at)
  for (const check of [
    'configuration',
    'node',
    'permissions',
    'writes',
    'disk',
    'owner',
    'warehouse',
    'state',
    'port',
  ]) {
    expect(findings.get(check), check).toMatchObject({ status: 'ok' })
  }
  expect(findings.get('warehouse')!.found).toMatch(/ with 1,0\d\d rows/)
  expect([...findings.values()].filter(({ status }) => status === 'fail')).toEqual([])
})

test('beside a process that has the store open it asks that one, and leaves the warehouse alone', async () => {
  const at = await store()
  const warehouse = await openWarehouse(at)
  writeFileSync(join(at, 'owner.json'), JSON.stringify({ pid: process.ppid, version: '0', since: 'now' }))
  const free = createServer()
  const port = await new Promise<number>((done) =>
    free.listen(0, () => done((free.address() as { port: number }).port)),
  )
  await new Promise((done) => free.close(done))
  const findings = await found(at, { port: String(port) })
  expect(findings.get('warehouse')).toBeUndefined()
  expect(findings.get('server')).toMatchObject({ status: 'fail', advice: expect.stringContaining('start it again') })
  await warehouse.close()
})

test('damage is found in either database, with what to do', async () => {
  const warehouse = await store(20_000)
  truncateSync(join(warehouse, 'warehouse.duckdb'), 300_000)
  expect((await found(warehouse)).get('warehouse')).toMatchObject({
    ...{ status: 'fail', advice: expect.stringContaining('rapport restore') },
  })
  const state = await store()
  // Other files in their places: the driver lets go of the ones it had open only when memory is collected, and writes then.
  for (const name of ['state.sqlite', 'state.sqlite-wal', 'state.sqlite-shm'])
    rmSync(join(state, name), { force: true })
  writeFileSync(join(state, 'state.sqlite'), 'no database at all '.repeat(500))
  expect((await found(state)).get('state')).toMatchObject({ status: 'fail' })
})

test('open permissions, a full disk, a missing store, a wrong setting and PostgreSQL that is away are told', async () => {
  const at = await store()
  chmodSync(at, 0o755)
  chmodSync(join(at, 'warehouse.duckdb'), 0o644)
  const findings = await found(at, {
    ...{ diskFloorMegabytes: String(2 ** 40), stateUrl: 'postgres://nobody@127.0.0.1:1/none' },
  })
  expect(findings.get('permissions')).toMatchObject({ status: 'warn', advice: `chmod -R go= ${at}` })
  expect(findings.get('disk')).toMatchObject({ status: 'fail' })
  expect(findings.get('state')).toMatchObject({ status: 'fail', advice: expect.stringContaining('PostgreSQL') })
  const [wrong] = await examine(join(folder, 'none'), () => configure({ hots: 'x' }))
  expect(wrong).toMatchObject({ check: 'configuration', status: 'fail' })
  expect((await found(join(folder, 'none'))).get('store')).toMatchObject({ status: 'fail' })
})

test('the machine', async () => {
  expect(['v18.20.0', 'v20.10.0', 'v20.11.0', 'v24.1.0'].map((version) => checkNode(version).status)).toEqual([
    ...['fail', 'fail', 'ok', 'ok'],
  ])
  expect(checkMemory(8 * 2 ** 30, 2 ** 30)).toMatchObject({ status: 'warn', found: expect.stringContaining('limit') })
  expect(checkMemory(8 * 2 ** 30, 0)).toMatchObject({ status: 'ok' })
  const taken = createServer()
  const port = await new Promise<number>((done) =>
    taken.listen(0, '127.0.0.1', () => done((taken.address() as { port: number }).port)),
  )
  expect(await checkPort('127.0.0.1', port)).toMatchObject({
    status: 'fail',
    found: expect.stringContaining('EADDRINUSE'),
  })
  taken.close()
})

test('a port that another store’s server has is no failure of this one', async () => {
  const server = createHttpServer((_, answer) => answer.end('{"status":"up"}'))
  const port = await new Promise<number>((done) =>
    server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port)),
  )
  expect(await checkPort('127.0.0.1', port)).toMatchObject({
    ...{ status: 'warn', found: expect.stringContaining('a Rapport of another store') },
  })
  server.close()
})
