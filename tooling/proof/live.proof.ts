import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll } from 'vitest'
import { fuzzedRequest } from '../../packages/server/src/api/fuzzed-request.contract.ts'
import { openState } from '../../packages/server/src/state/index.ts'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import './live-replay.ts'
import './live-speed.ts'
import './live-start.ts'
import { measureBand } from './live-band.ts'
import { endLive, type LiveOptions, type LiveServer, sendBatch, startLive } from './live-server.ts'
import { count, needsData, prove } from './record.ts'
import { cannotMount, fill, onSmallDisk } from './small-disk.ts'
import { acknowledgementsIn } from './synced.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-live-proof-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const idsOf = (sender: string, batch: number, size = 25): string[] =>
  Array.from({ length: size }, (_, at) => `${sender}-${batch}-${at}`)

/** Sends batches one after another until the server is gone; what was acknowledged goes into the ledger. */
async function send(server: LiveServer, sender: string, ledger: string[]): Promise<void> {
  for (let batch = 0; ; batch += 1) {
    const ids = idsOf(sender, batch)
    if ((await sendBatch(server, ids)) !== 200) return
    ledger.push(...ids)
  }
}

/** What a store holds of what was sent, and whether who follows the log is at its end. */
async function heldBy(store: string) {
  const warehouse = await openWarehouse(store)
  const ids = (
    await warehouse.columns(`select coalesce(properties->>'$.id', '') as id from events order by position`)
  ).keys('id')
  const [log] = await warehouse.rows<{ end: number; places: number }>(
    'select (select position from log_cursor) as end, count(distinct position) as places from events',
  )
  await warehouse.close()
  const state = await openState(store)
  const cursors = await state.queries.selectFrom('cursors').selectAll().execute()
  await state.close()
  return {
    ids,
    places: log!.places,
    cursors: cursors.length,
    behind: cursors.filter(({ position }) => position !== log!.end),
  }
}

const hook = fileURLToPath(new URL('kill-at.mjs', import.meta.url))
const at = (moment: string, times: number, afterMs = 0): LiveOptions => ({
  node: ['--import', hook],
  env: { RAPPORT_KILL_AT: moment, RAPPORT_KILL_TIMES: String(times), RAPPORT_KILL_AFTER_MS: String(afterMs) },
})
/** The warehouse taking events in, before and after it has, its commit, its end, and a change of its schema. */
const moments: readonly (LiveOptions & { readonly ends?: true; readonly isOld?: true })[] = [
  at('drain', 2, 1),
  at('drained', 2),
  at('commit', 5, 2),
  { ...at('checkpoint', 1, 1), ends: true },
  { ...at('migrate', 2), isOld: true },
]
const kills = 20

/** Makes a store one of before the log had segments, whose events wait in them. */
async function makeOld(store: string): Promise<void> {
  const warehouse = await openWarehouse(store)
  await warehouse.run(
    'alter table events drop column repeats_ids; drop table log_cursor; delete from schema_migrations where number = 8',
  )
  await warehouse.close()
}

prove({
  name: 'live-kills',
  claim: `${kills} times kill -9 with requests in flight, ${moments.length} of them while the warehouse takes events in, commits, checkpoints or changes its schema, the ledger kept by another process: 0 acknowledged events lost, 0 twice, whoever follows the log at its end after the next start`,
  measure: async () => {
    const store = join(folder, 'killed')
    const ledger: string[] = []
    let atMoments = 0
    for (let kill = 0; kill < kills; kill += 1) {
      const moment = moments[Math.floor(kill / 4)]
      const isAtMoment = kill % 4 === 3 && moment !== undefined
      if (isAtMoment && moment.isOld) await makeOld(store)
      const running = await startLive(store, isAtMoment ? moment : {}).catch(() => undefined)
      // A change of the schema ends it before it serves.
      atMoments += Number(isAtMoment)
      if (!running) continue
      const gone = once(running.child, 'exit')
      const senders = [1, 2, 3, 4, 5].map((sender) => send(running, `${kill}-${sender}`, ledger))
      await Promise.race([gone, new Promise((wait) => setTimeout(wait, isAtMoment ? 2000 : 37 * kill + 60))])
      if (isAtMoment && moment.ends) running.child.kill('SIGINT')
      else if (!isAtMoment) running.child.kill('SIGKILL')
      const [, signal] = (await Promise.race([
        gone,
        new Promise((late) => setTimeout(() => late([0, 'late']), 20_000)),
      ])) as [number, string]
      if (signal !== 'SIGKILL') throw new Error(`kill ${kill + 1} did not come: ${signal}`)
      await Promise.all(senders)
    }
    await endLive(await startLive(store))
    const { ids, places, cursors, behind } = await heldBy(store)
    const there = new Set(ids)
    const lost = ledger.filter((id) => !there.has(id)).length
    return {
      figure:
        `${count(ledger.length)} events acknowledged over ${kills} kills, ${atMoments} of them at such moments, ${count(ids.length)} in the log: ` +
        `${lost} lost, ${ids.length - there.size} twice; each at a place of its own: ${places === ids.length ? 'yes' : 'no'}; ` +
        `${cursors} followers, ${behind.length} of them not at its end`,
      isMet:
        ledger.length > 1000 &&
        atMoments === moments.length &&
        lost === 0 &&
        ids.length === there.size &&
        places === ids.length &&
        cursors > 1 &&
        behind.length === 0,
    }
  },
})

const megabyte = 2 ** 20

prove({
  name: 'live-full-disk',
  claim:
    'a file system of 64 MB that fills up while the server runs: 503, nothing acknowledged lost, and it goes on once there is room',
  cannot: cannotMount,
  measure: async () => {
    const disk = join(folder, 'disk')
    return onSmallDisk(disk, async () => {
      const store = join(disk, 'store')
      const server = await startLive(store)
      const filler = fill(disk, 8 * megabyte)
      const ledger: string[] = []
      const statuses: Record<number, number> = {}
      const put = async (sender: string, batch: number): Promise<number> => {
        const ids = idsOf(sender, batch)
        const status = await sendBatch(server, ids, 'x'.repeat(4000))
        statuses[status] = (statuses[status] ?? 0) + 1
        if (status === 200) ledger.push(...ids)
        return status
      }
      let refused = 0
      for (let batch = 0; batch < 2000 && refused < 20; batch += 1)
        refused += Number((await put('filling', batch)) !== 200)
      rmSync(filler)
      let waited = 0
      while ((await put('after', waited)) !== 200 && waited < 200) {
        waited += 1
        await new Promise((wait) => setTimeout(wait, 50))
      }
      for (let batch = 1000; batch < 1020; batch += 1) await put('room', batch)
      await endLive(server)
      const { ids, behind } = await heldBy(store)
      const there = new Set(ids)
      const lost = ledger.filter((id) => !there.has(id)).length
      return {
        figure:
          `answers ${JSON.stringify(statuses)}; ${count(ledger.length)} events acknowledged, ${lost} lost, ${ids.length - there.size} twice; ` +
          `after there was room it took events again within ${waited * 50} ms; ${behind.length} followers not at the end`,
        isMet:
          (statuses[503] ?? 0) >= 20 &&
          Object.keys(statuses).every((status) => status === '200' || status === '503') &&
          lost === 0 &&
          ids.length === there.size &&
          behind.length === 0 &&
          waited < 200,
      }
    })
  },
})

const hasStrace = (() => {
  try {
    execFileSync('strace', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

prove({
  name: 'live-synced',
  claim:
    'a trace of the server’s system calls: each acknowledgement is written to its connection after the fdatasync of the file that its event was written to before',
  cannot: hasStrace ? undefined : 'strace is not installed',
  measure: async () => {
    const trace = join(folder, 'trace')
    const calls = 'trace=read,recvfrom,write,writev,pwrite64,pwritev,sendto,sendmsg,fdatasync,fsync'
    const server = await startLive(join(folder, 'traced'), {
      under: ['strace', '-f', '-y', '-s', '200000', '-e', calls, '-o', trace],
      env: { UV_USE_IO_URING: '0' },
    })
    const senders = Array.from({ length: 8 }, async (_, sender) => {
      for (let batch = 0; batch < 40; batch += 1)
        await sendBatch(server, idsOf(`trace-${sender}`, batch, 1 + (batch % 3)))
    })
    await Promise.all(senders)
    execFileSync('pkill', ['-INT', '-P', String(server.child.pid)])
    await once(server.child, 'exit')
    const { acknowledged, synced, early } = await acknowledgementsIn(trace)
    return {
      figure: `${count(acknowledged)} acknowledgements in the trace, ${count(synced)} of them after the fdatasync of their events, ${early} before`,
      isMet: acknowledged === 320 && synced === 320 && early === 0,
    }
  },
})

/** Bodies within the limit that unpack or nest to far more. */
const bombs = (): readonly {
  readonly path: string
  readonly body: string | Buffer
  readonly headers: Record<string, string>
}[] => {
  const zeros = gzipSync(Buffer.alloc(400 * megabyte))
  const nested = (open: string, depth: number): string => open.repeat(depth)
  const packed = (body: Buffer, kind: string) => ({ path: '/batch', body, headers: { 'content-encoding': kind } })
  return [
    packed(zeros, 'gzip'),
    packed(gzipSync(zeros), 'gzip'),
    packed(deflateSync(Buffer.alloc(400 * megabyte, '[')), 'deflate'),
    packed(gzipSync(`{"batch":[${'{"type":"page","anonymousId":"x"},'.repeat(20_000)}1]}`), 'gzip'),
    ...['[', '{"a":', '[{"a":['].map((open) => ({ path: '/track', body: nested(open, 60_000), headers: {} })),
    {
      path: '/track',
      body: `{"event":"A","userId":"u","properties":{${Array.from({ length: 3000 }, (_, at) => `"k${at}":1`)}}}`,
      headers: {},
    },
    { path: '/batch', body: `{"batch":[${Array.from({ length: 240_000 }, () => '1')}]}`, headers: {} },
    { path: '/track', body: `{"event":"A","userId":"u","properties":{"x":1${'0'.repeat(400_000)}}}`, headers: {} },
  ]
}

const bodies = 10_000

prove({
  name: 'live-fuzz',
  claim: `${count(bodies)} fuzzed bodies, structured and random, and zip and JSON bombs again and again: never a 5xx, no crash, memory under 1 GB, and everybody who follows the log gets to its end`,
  measure: async () => {
    const store = join(folder, 'fuzzed')
    const server = await startLive(store)
    const requests = [
      ...fc.sample(fuzzedRequest, { numRuns: bodies, seed: 7 }),
      ...Array.from({ length: 10 }, bombs).flat(),
    ]
    const statuses: Record<string, number> = {}
    const authorization = `Basic ${Buffer.from(`${server.writeKey}:`).toString('base64')}`
    const one = async (at: number): Promise<void> => {
      const { path, body, headers } = requests[at]!
      const answer = await fetch(`${server.url}/v1${path}`, {
        ...{ method: 'POST', body, headers: { authorization, 'content-type': 'application/json', ...headers } },
      }).catch(() => undefined)
      await answer?.arrayBuffer().catch(() => undefined)
      const status = answer?.status ?? 'none'
      statuses[status] = (statuses[status] ?? 0) + 1
    }
    let next = 0
    const senders = Array.from({ length: 8 }, async () => {
      while (next < requests.length) {
        next += 1
        await one(next - 1)
      }
    })
    await Promise.all(senders)
    const isUp = (await sendBatch(server, ['after'])) === 200
    const most = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))
    const megabytes = Math.round(Number(most?.[1]) / 1024)
    await endLive(server)
    const { ids, behind } = await heldBy(store)
    return {
      figure: `answers ${JSON.stringify(statuses)} to ${count(requests.length)} requests; ${megabytes} MB at most; ${count(ids.length)} events in the log, ${behind.length} followers not at its end`,
      isMet:
        isUp &&
        Object.keys(statuses).every((status) => Number(status) >= 200 && Number(status) < 500) &&
        megabytes < 1000 &&
        behind.length === 0,
    }
  },
})

prove({
  name: 'live-band',
  claim:
    'online_retail_ii_2009, its last 240 days, each by what was known the day before: bands of 90 % hold 85 to 95 % of the steps at which anything is expected, so far and by the hour, and at most 0.1 anomalies a day are told, of orders and revenue together',
  cannot: needsData,
  measure: measureBand,
})
