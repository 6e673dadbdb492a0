import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openState } from '../../packages/server/src/state/index.ts'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import { program } from './command.ts'
import { count, prove } from './record.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-live-proof-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const store = join(folder, 'store')

interface Running {
  readonly child: ChildProcess
  readonly url: string
  readonly writeKey: string
}

async function start(): Promise<Running> {
  const child = spawn(process.execPath, [program, 'start', '--empty', '--no-open', '--port', '0', '--store', store], {
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let said = ''
  await new Promise<void>((ready, fail) => {
    child.stderr.on('data', (text) => {
      said += text
      if (said.includes('Ctrl-C ends it')) ready()
    })
    child.once('exit', () => fail(new Error(said)))
  })
  const writeKey = /wk_[\w-]+/.exec(said)![0]
  return { child, writeKey, url: /http:\/\/localhost:\d+/.exec(said)![0] }
}

/** Sends batches one after another until the server is gone; what was acknowledged goes into the ledger. */
async function send({ url, writeKey }: Running, sender: string, ledger: string[]): Promise<void> {
  for (let batch = 0; ; batch += 1) {
    const ids = Array.from({ length: 25 }, (_, at) => `${sender}-${batch}-${at}`)
    const events = ids.map((messageId, at) => ({
      ...{ type: 'track', event: 'Ledger Entry', messageId, userId: `user ${at}`, anonymousId: `${sender} ${at}` },
      properties: { id: messageId },
    }))
    const answer = await fetch(`${url}/v1/batch`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ writeKey, batch: events }),
    }).catch(() => undefined)
    if (answer?.status !== 200) return
    ledger.push(...ids)
  }
}

const kills = 20

prove({
  name: 'live-kills',
  claim: `${kills} times kill -9 with requests in flight, the ledger kept by another process: 0 acknowledged events lost, 0 twice, identities at the end of the log after the next start`,
  measure: async () => {
    const ledger: string[] = []
    for (let kill = 0; kill < kills; kill += 1) {
      const running = await start()
      const senders = [1, 2, 3, 4, 5].map((sender) => send(running, `${kill}-${sender}`, ledger))
      await new Promise((wait) => setTimeout(wait, 37 * kill + 60))
      running.child.kill('SIGKILL')
      await Promise.all([...senders, once(running.child, 'exit')])
    }
    const last = await start()
    last.child.kill('SIGINT')
    await once(last.child, 'exit')
    const warehouse = await openWarehouse(store)
    const held = await warehouse.columns(`select properties->>'$.id' as id from events order by position`)
    const [log] = await warehouse.rows<{ n: number; last: number }>(
      'select count(*) as n, max(position) as last from events',
    )
    await warehouse.close()
    const state = await openState(store)
    const cursors = await state.queries.selectFrom('cursors').selectAll().execute()
    await state.close()
    const ids = held.keys('id')
    const there = new Set(ids)
    const lost = ledger.filter((id) => !there.has(id)).length
    const behind = cursors.filter(({ position }) => position !== log!.last).length
    return {
      figure:
        `${count(ledger.length)} events acknowledged over ${kills} kills, ${count(ids.length)} in the log: ${lost} lost, ` +
        `${ids.length - there.size} twice; positions 1 to ${count(log!.last)} without a gap: ${log!.n === log!.last ? 'yes' : 'no'}; ` +
        `${cursors.length} followers, ${behind} of them not at its end`,
      isMet:
        ledger.length > 1000 &&
        lost === 0 &&
        ids.length === there.size &&
        log!.n === log!.last &&
        cursors.length === 2 &&
        behind === 0,
    }
  },
})
