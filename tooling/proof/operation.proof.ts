import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openStateSnapshot } from '../../packages/server/src/state/index.ts'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import { program, rapport } from './command.ts'
import { type LiveServer, startLive } from './live-server.ts'
import { count, prove } from './record.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-operation-proof-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Sends batches one after another until `isOver` or the server is gone; what was acknowledged goes into the ledger. */
async function send(
  { url, writeKey }: LiveServer,
  sender: string,
  ledger: string[],
  isOver: () => boolean,
): Promise<void> {
  for (let batch = 0; !isOver(); batch += 1) {
    const ids = Array.from({ length: 20 }, (_, at) => `${sender}-${batch}-${at}`)
    const events = ids.map((messageId) => ({
      ...{ type: 'track', event: 'Ledger Entry', messageId, userId: messageId, properties: { id: messageId } },
    }))
    const answer = await fetch(`${url}/v1/batch`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ writeKey, batch: events }),
    }).catch(() => undefined)
    if (answer === undefined) return
    if (answer.status === 200) ledger.push(...ids)
  }
}

/** The number and a hash of the rows of every table, whatever their order. */
async function tablesOf(store: string): Promise<Map<string, string>> {
  const tables = new Map<string, string>()
  const warehouse = await openWarehouse(store)
  for (const { name } of await warehouse.rows<{ name: string }>('select table_name as name from duckdb_tables()')) {
    const [row] = await warehouse.rows(`select count(*) as n, bit_xor(hash(t))::varchar as hash from "${name}" as t`)
    tables.set(name, JSON.stringify(row))
  }
  await warehouse.close()
  const state = await openStateSnapshot(store)
  for (const table of state.tables) {
    const rows: string[] = []
    for await (const some of state.rows(table)) rows.push(...some.map((row) => JSON.stringify(row)))
    // What a restore enters into the audit log is said in its own column of the figure.
    if (table !== 'audit') tables.set(`state ${table}`, rows.sort().join('\n'))
  }
  await state.close()
  return tables
}

async function idsIn(store: string): Promise<Set<string>> {
  const warehouse = await openWarehouse(store)
  const held = await warehouse.columns(`select properties->>'$.id' as id from events where name = 'Ledger Entry'`)
  await warehouse.close()
  return new Set(held.keys('id'))
}

function run(...words: readonly string[]): void {
  const { status, stderr } = rapport(words)
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`)
}

prove({
  name: 'operation-backup',
  claim:
    'a backup while events are taken in: every event acknowledged before it began is in it; one of the store at rest, restored: every table equal in the hash of its rows',
  measure: async () => {
    const [store, loaded, restored] = [join(folder, 'store'), join(folder, 'loaded'), join(folder, 'restored')]
    const running = await startLive(store)
    const ledger: string[] = []
    let isOver = false
    const senders = [1, 2, 3].map((sender) => send(running, `s${sender}`, ledger, () => isOver))
    await new Promise((wait) => setTimeout(wait, 1500))
    const before = [...ledger]
    const child = spawn(process.execPath, [program, 'backup', join(folder, 'load.tar'), '--store', store], {
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    const [status] = await once(child, 'close')
    const during = ledger.length - before.length
    isOver = true
    await Promise.all(senders)
    running.child.kill('SIGTERM')
    await once(running.child, 'exit')
    run('backup', '--verify', join(folder, 'load.tar'))
    run('restore', join(folder, 'load.tar'), '--store', loaded)
    const held = await idsIn(loaded)
    const lost = before.filter((id) => !held.has(id)).length

    run('backup', join(folder, 'rest.tar'), '--store', store)
    const original = await tablesOf(store)
    run('restore', join(folder, 'rest.tar'), '--store', restored)
    const again = await tablesOf(restored)
    const differing = [...original].filter(([name, rows]) => again.get(name) !== rows).map(([name]) => name)
    return {
      figure:
        `${count(before.length)} events acknowledged before, ${count(during)} while it ran: ${lost} of those before missing; ` +
        `at rest ${original.size} tables, ${differing.length} of them different after the restore${differing.length > 0 ? ` (${differing.join(', ')})` : ''}`,
      isMet:
        status === 0 && before.length > 100 && during > 0 && lost === 0 && original.size > 30 && differing.length === 0,
    }
  },
})

prove({
  name: 'operation-doctor',
  claim: 'rapport doctor: a sound store ends with 0; one whose file was cut short ends with 1 and says what to do',
  measure: () => {
    const store = join(folder, 'broken')
    run('demo', '--customers', '50', '--store', store)
    const words = ['doctor', '--store', store, '--json']
    const env = { RAPPORT_PORT: '0', RAPPORT_DISK_FLOOR_MEGABYTES: '1' }
    const sound = rapport(words, { env })
    const file = join(store, 'warehouse.duckdb')
    truncateSync(file, Math.floor(statSync(file).size / 2))
    const broken = rapport(words, { env })
    const failures = (JSON.parse(broken.stdout) as { status: string; check: string; advice?: string }[]).filter(
      ({ status }) => status === 'fail',
    )
    const said = failures.map(({ check, advice }) => `${check}: ${advice}`).join('; ')
    return {
      figure: `sound: exit ${sound.status}; cut to half: exit ${broken.status}, “${said}”`,
      isMet: sound.status === 0 && broken.status === 1 && failures.length === 1 && /rapport restore/.test(said),
    }
  },
})

prove({
  name: 'operation-shutdown',
  claim:
    'SIGTERM with requests in flight, ten times: the process ends by itself within 10 s, every request is answered or refused, and what was acknowledged is in the store',
  measure: async () => {
    const store = join(folder, 'stopped')
    const ledger: string[] = []
    const seconds: number[] = []
    const codes = new Set<number | null>()
    for (let stop = 0; stop < 10; stop += 1) {
      const running = await startLive(store)
      const senders = [1, 2, 3, 4, 5].map((sender) => send(running, `${stop}-${sender}`, ledger, () => false))
      await new Promise((wait) => setTimeout(wait, 150 + 40 * stop))
      const began = performance.now()
      running.child.kill('SIGTERM')
      const [code] = await once(running.child, 'exit')
      seconds.push((performance.now() - began) / 1000)
      codes.add(code)
      await Promise.all(senders)
    }
    const held = await idsIn(store)
    const lost = ledger.filter((id) => !held.has(id)).length
    const longest = Math.max(...seconds)
    return {
      figure: `${count(ledger.length)} events acknowledged over 10 stops: ${lost} lost; the slowest end took ${longest.toFixed(1)} s; exit codes ${[...codes].join(', ')}`,
      isMet: ledger.length > 500 && lost === 0 && longest < 10 && [...codes].every((code) => code === 0),
    }
  },
})
