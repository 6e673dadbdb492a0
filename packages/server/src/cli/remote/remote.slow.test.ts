import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  openSession,
  type RunningServer,
  spawnProgram,
  startServer,
  untilEnded,
  untilSaid,
} from '../program.contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-remote-'))
const store = join(folder, 'store')
let server: RunningServer

const spawnHere = (...words: readonly string[]) => spawnProgram(folder, [...words, '--store', store])
const session = openSession(() => folder)
const rapport = (...words: readonly string[]) => session.run(...words, '--store', store)

/** Moments are kept to the second, and of decisions at the same moment a refusal holds. */
const untilAnotherSecond = (): Promise<void> => wait(1000)

async function start(): Promise<void> {
  server = await startServer(folder, ['--store', store, '--customers', '300'])
}

beforeAll(start, 110_000)
afterAll(async () => {
  session.end()
  await server?.stop('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('every command answers the same beside a running server as alone', async () => {
  const lines: (readonly string[])[] = [
    ['import', 'list', '--json'],
    ['quarantine', 'list', '--json'],
    ['schemas', 'list', '--json'],
    ['schemas', 'undeclared', '--json'],
    ['schemas', 'show', 'track', '--name', 'Nothing'],
    ['quality', '--json'],
    ['features', '--json'],
    ['segments', 'list', '--json'],
    ['segments', 'export', 'rfm.champions'],
    ['predict', 'check', 'all', '--json'],
    // Too few customers: asked of the thread that trains beside a server, and of none alone.
    ['predict', 'train', 'lapse', '--json'],
    ['plan', '--json'],
    ['customer', 'c000001', '--json'],
    ['customer', 'nobody'],
    ['consent', 'show', 'c000001', '--json'],
    ['consent', 'defaults', '--json'],
    ['consent', 'grant', 'c000001', 'everything'],
    ['report'],
    ['keys', 'list', '--json'],
    ['webhooks', 'list', '--json'],
    ['webhooks', 'rotate', 'wh_none'],
    ['keys', 'create', 'nonsense'],
    ['identities', 'c000001', '--json'],
    ['erase', 'list', '--json'],
    ['erase', 'nobody', '--yes'],
    ['export-customer', 'nobody'],
  ]
  const beside = []
  for (const words of lines) beside.push(await rapport(...words))
  await server.stop('SIGINT')
  for (const [at, words] of lines.entries()) {
    const { out, code } = await rapport(...words)
    const here = { out: out.replaceAll(store, 'STORE'), code }
    expect([words, { out: beside[at]!.out.replaceAll(store, 'STORE'), code: beside[at]!.code }]).toEqual([words, here])
  }
  await start()
}, 300_000)

test('a decision is recorded beside the server and alone, and holds at once', async () => {
  const holds = async (): Promise<string[]> => {
    const { out } = await rapport('consent', 'show', 'c000002', '--json')
    const { standings } = JSON.parse(out) as { standings: { purpose: string; isGranted: boolean }[] }
    return standings.filter(({ isGranted }) => isGranted).map(({ purpose }) => purpose)
  }
  expect((await rapport('consent', 'withdraw', 'c000002', 'profiling', 'analytics')).code).toBe(0)
  expect(await holds()).not.toContain('profiling')
  const { out } = await rapport('customer', 'c000002', '--json')
  expect(JSON.parse(out)).toMatchObject({ scores: [], segments: [], recommendations: [] })
  const { url, writeKey } = server
  const body = JSON.stringify({ event: 'Product Viewed', userId: 'c000002', writeKey })
  const tracked = await fetch(`${url}/v1/track`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body })
  expect(await tracked.json()).toMatchObject({ refused: 1 })
  await server.stop('SIGINT')
  await untilAnotherSecond()
  expect((await rapport('consent', 'grant', 'c000002', 'profiling')).code).toBe(0)
  await start()
  expect(await holds()).toContain('profiling')
}, 200_000)

test('files are found from where the command was given, and what it says comes back', async () => {
  writeFileSync(join(folder, 'more.csv'), 'order_id,customer_id\n')
  const { err, code } = await rapport('import', 'orders', 'more.csv', '--yes')
  expect([err, code]).toEqual([expect.stringContaining('demo'), 2])
})

test('Ctrl-C of a command stops its work and leaves the server as it was', async () => {
  const child = spawnHere('analyze')
  const ended = untilEnded(child)
  await untilSaid(child, '…')
  child.kill('SIGINT')
  const { err, code } = await ended
  expect(code).toBe(130)
  expect(err).toContain('stopped')
  expect((await rapport('segments', 'list', '--json')).code).toBe(0)
}, 60_000)

test('events that were acknowledged are there after kill -9, each once', async () => {
  const acknowledged: string[] = []
  let sent = 0
  const send = async (): Promise<void> => {
    for (;;) {
      const ids = Array.from({ length: 20 }, () => `ledger-${sent++}`)
      const batch = ids.map((messageId) => ({ type: 'track', event: 'Ledger Entry', userId: 'ledger', messageId }))
      const answer = await server.send(batch).catch(() => undefined)
      if (answer?.status !== 200) return
      acknowledged.push(...ids)
    }
  }
  const senders = [send(), send(), send(), send()]
  await new Promise((wait) => setTimeout(wait, 1500))
  await Promise.all([...senders, server.stop('SIGKILL')])
  const { out, code } = await rapport('customer', 'ledger', '--json')
  expect([code, out !== '']).toEqual([0, true])
  const { openWarehouse } = await import('../../warehouse/index.ts')
  const warehouse = await openWarehouse(store)
  const held = await warehouse.columns(
    `select properties, event_key::varchar as key from events where name = 'Ledger Entry' order by event_key`,
  )
  const keys = await warehouse.columns(
    `select md5_number(concat_ws(chr(31), 'events-id', id))::varchar as key
    from (select unnest(from_json('${JSON.stringify(acknowledged)}', '["varchar"]')) as id)`,
  )
  await warehouse.close()
  const stored = held.keys('key')
  expect(new Set(stored).size).toBe(stored.length)
  expect(acknowledged.length).toBeGreaterThan(100)
  const there = new Set(stored)
  expect(keys.keys('key').filter((key) => !there.has(key))).toEqual([])
}, 60_000)

test('the report is written where the store is', () => {
  expect(readFileSync(join(store, 'report.html'), 'utf8')).toContain('<!doctype html>')
})
