import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSession, type RunningServer, startServer } from '../program.contract.ts'

// Backup and restore as a person runs them, beside a server and without one.

const folder = mkdtempSync(join(tmpdir(), 'rapport-backup-cli-'))
const store = join(folder, 'store')
let server: RunningServer

const session = openSession(() => folder)
const rapport = session.run

beforeAll(async () => {
  server = await startServer(folder, ['--store', store, '--empty'])
}, 110_000)
afterAll(async () => {
  session.end()
  await server?.stop('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('beside the server a backup holds what was acknowledged before; without one it equals it', async () => {
  const batch = Array.from({ length: 50 }, (_, at) => ({
    type: 'track',
    event: 'A',
    userId: `u${at}`,
    messageId: `${at}`,
  }))
  const answer = await server.send(batch)
  expect(answer.status).toBe(200)
  const beside = await rapport('backup', 'beside.tar', '--store', store, '--json')
  expect(beside.code).toBe(0)
  expect(JSON.parse(beside.out)).toMatchObject({ file: join(folder, 'beside.tar') })
  const inUse = await rapport('restore', 'beside.tar', '--store', store, '--replace', '--yes')
  expect([inUse.code, inUse.err]).toEqual([2, expect.stringContaining('open in one process only')])

  await server.stop('SIGTERM')
  const alone = await rapport('backup', 'backups/', '--store', store)
  expect(alone.code).toBe(0)
  expect(alone.out).toMatch(/backups\/rapport-\d{8}T\d{6}Z\.tar: \d+\.\d MB/)
  for (const file of ['beside.tar', join('backups', readdirSync(join(folder, 'backups'))[0]!)]) {
    const verified = JSON.parse((await rapport('backup', '--verify', file, '--json')).out)
    const rows = new Map(verified.tables.map(({ name, rows }: { name: string; rows: number }) => [name, rows]))
    expect([rows.get('events'), rows.get('write_keys')]).toEqual([50, 1])
  }
}, 120_000)

test('restores into a new folder, and over a store only when told to', async () => {
  const made = await rapport('restore', 'beside.tar', '--store', 'other', '--json')
  expect(JSON.parse(made.out)).toMatchObject({ replaced: null, report: null })
  const keys = async (at: string) => JSON.parse((await rapport('keys', 'list', '--store', at, '--json')).out)
  expect(await keys('other')).toEqual(await keys(store))
  const refused = await rapport('restore', 'beside.tar', '--store', 'other')
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--replace')])
  const unconfirmed = await rapport('restore', 'beside.tar', '--store', 'other', '--replace')
  expect([unconfirmed.code, unconfirmed.err]).toEqual([2, expect.stringContaining('--yes')])
  const replaced = JSON.parse(
    (await rapport('restore', 'beside.tar', '--store', 'other', '--replace', '--yes', '--json')).out,
  )
  expect(existsSync(join(replaced.replaced, 'warehouse.duckdb'))).toBe(true)
  const audit = JSON.parse((await rapport('audit', '--store', 'other', '--json')).out)
  expect(audit[0]).toMatchObject({ action: 'operation.restore', target: 'beside.tar' })
}, 120_000)

test('what is no backup is told of and leaves nothing', async () => {
  writeFileSync(join(folder, 'garbage.tar'), 'garbage')
  const restored = await rapport('restore', 'garbage.tar', '--store', 'third')
  expect([restored.code, restored.err]).toEqual([2, expect.stringContaining('operation.backup-damaged')])
  expect(existsSync(join(folder, 'third'))).toBe(false)
}, 60_000)
