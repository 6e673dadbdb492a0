import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

// Backup and restore as a person runs them, beside a server and without one. It runs what `npm ci` has built.

const program = fileURLToPath(new URL('../../../bin/rapport.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'rapport-backup-cli-'))
const store = join(folder, 'store')
let server: ChildProcess
let said = ''

async function rapport(...words: readonly string[]): Promise<{ out: string; err: string; code: number | null }> {
  const child = spawn(process.execPath, [program, ...words], { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    err += text
  })
  const [code] = await once(child, 'close')
  return { out, err, code }
}

beforeAll(async () => {
  const words = ['start', '--store', store, '--empty', '--no-open', '--port', '0']
  server = spawn(process.execPath, [program, ...words], { env: { ...process.env, NODE_OPTIONS: '' } })
  server.stderr!.on('data', (text) => {
    said += text
  })
  await vi.waitFor(() => expect(said).toContain('Ctrl-C ends it'), { timeout: 100_000, interval: 100 })
}, 110_000)
afterAll(() => {
  server.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('beside the server a backup holds what was acknowledged before; without one it equals it', async () => {
  const [url, writeKey] = [/http:\/\/localhost:\d+/.exec(said)![0], /wk_[\w-]+/.exec(said)![0]]
  const batch = Array.from({ length: 50 }, (_, at) => ({
    type: 'track',
    event: 'A',
    userId: `u${at}`,
    messageId: `${at}`,
  }))
  const answer = await fetch(`${url}/v1/batch`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ writeKey, batch }),
  })
  expect(answer.status).toBe(200)
  const beside = await rapport('backup', 'beside.tar', '--store', store, '--json')
  expect(beside.code).toBe(0)
  expect(JSON.parse(beside.out)).toMatchObject({ file: join(folder, 'beside.tar') })
  const inUse = await rapport('restore', 'beside.tar', '--store', store, '--replace', '--yes')
  expect([inUse.code, inUse.err]).toEqual([2, expect.stringContaining('open in one process only')])

  server.kill('SIGTERM')
  await once(server, 'close')
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
