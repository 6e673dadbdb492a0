import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
// @ts-expect-error a benchmark's definitions, which have no types
import { fiftyFeatures } from '../../benchmarks/live/definitions.mjs'
import { refreshStandings } from '../../packages/server/src/consent/index.ts'
import { makeDemo } from '../../packages/server/src/demo/index.ts'
import { readDeclared } from '../../packages/server/src/segments/live/declared.ts'
import { openState } from '../../packages/server/src/state/index.ts'
import { openWarehouse } from '../../packages/server/src/warehouse/index.ts'
import { rapport } from './command.ts'
import { endLive, type LiveServer, startLive } from './live-server.ts'
import { count, prove } from './record.ts'
import { eventsBetween, forgetAfter, type LaterEvent } from './replayed-hours.ts'
import { sqlTable } from './sql-table.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-replay-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const hour = 3_600_000
const speed = 50
/** Of the shop's time; 216 seconds of ours. */
const hours = 3
const hook = fileURLToPath(new URL('fast-clock.mjs', import.meta.url))

prove({
  name: 'live-replay',
  claim:
    'the demo shop’s history up to an afternoon, then its next three hours sent to the server over HTTP under a clock that runs 50 times as fast: every declared feature of every customer (50, calendar, session and sequence ones too) and the members of every shipped segment, live, are what one pass of SQL over the same log says as of the same moment',
  measure: async () => {
    const store = join(folder, 'shop')
    const { until } = await makeShop(store)
    const from = until - 9 * hour
    const warehouse = await openWarehouse(store)
    const later = await eventsBetween(warehouse, from, from + hours * hour)
    await forgetAfter(warehouse, from)
    await refreshStandings(warehouse)
    const known = await warehouse.columns(
      `select customer_id from customers union select customer_id from events where customer_id is not null
       union select customer_id from order_lines where customer_id is not null`,
    )
    const ids = known.keys('customer_id')
    await warehouse.close()
    writeFileSync(join(folder, 'features.json'), JSON.stringify(fiftyFeatures()))
    expectDone(rapport(['features', 'declare', join(folder, 'features.json'), '--store', store]))
    expectDone(rapport(['segments', 'declare', '--store', store]))
    const secrets = ['one', 'two', 'three', 'four'].map((name) => secretOf(name, store))
    const [secret] = secrets

    const server = await startLive(store, {
      ...{ node: ['--import', hook], channel: true },
      env: { CLOCK_FROM: String(from), CLOCK_SPEED: String(speed) },
    })
    await untilReady(server, secret!)
    await tell(server, 'go')
    await replay(server, later, from)
    const asOf = await tell(server, 'stand')
    const live = await liveTable(server, secrets, [...new Set([...ids, ...namedIn(later)])])
    await endLive(server)

    const after = await openWarehouse(store)
    const state = await openState(store)
    const { compiled } = await readDeclared(after, state)
    await state.close()
    const table = await sqlTable(after, compiled, asOf)
    await after.close()
    const found = compared(live, table)
    const members = [...table.values()].reduce((sum, { segments }) => sum + segments.length, 0)
    return {
      figure: `${count(later.length)} events of ${hours} hours in ${Math.round((hours * 3600) / speed)} s; ${count(table.size)} customers × ${Object.keys([...table.values()][0]!.features).length} features: ${count(found.values)} values compared, ${found.differing} differing; ${compiled.segments.length} segments, ${count(members)} memberships: ${found.misplaced} customers in others${found.example}`,
      isMet:
        later.length > 200 &&
        found.values > 100_000 &&
        found.differing === 0 &&
        found.misplaced === 0 &&
        members > 1000,
    }
  },
})

async function makeShop(store: string): Promise<{ readonly until: number }> {
  const warehouse = await openWarehouse(store)
  const { until } = await makeDemo(warehouse, { scenario: 'fashion', customers: 8000, seed: 12 })
  await warehouse.close()
  return { until }
}

function secretOf(name: string, store: string): string {
  const key = rapport(['keys', 'create', 'api', name, '--scope', 'customers.read', '--json', '--store', store])
  expectDone(key)
  return (JSON.parse(key.stdout) as { secret: string }).secret
}

function expectDone({ status, stderr }: { readonly status: number | null; readonly stderr: string }): void {
  if (status !== 0) throw new Error(stderr)
}

/** @returns the server's moment */
async function tell({ child }: LiveServer, what: 'go' | 'stand'): Promise<number> {
  child.send(what)
  const [{ now }] = (await once(child, 'message')) as [{ now: number }]
  return now
}

async function get<Body>({ url }: LiveServer, secret: string, path: string): Promise<{ status: number; body: Body }> {
  const answer = await fetch(`${url}/v1${path}`, { headers: { authorization: `Bearer ${secret}` } }).catch((error) => {
    throw new Error(`${path}: ${error.cause}`)
  })
  return { status: answer.status, body: (await answer.json()) as Body }
}

async function untilReady(server: LiveServer, secret: string): Promise<void> {
  for (;;) {
    const { body } = await get<{ isReady: boolean }>(server, secret, '/segments')
    if (body.isReady) return
    await new Promise((wait) => setTimeout(wait, 200))
  }
}

/** Sends each event when its moment comes by the fast clock, and lets the rest of the time pass. */
async function replay({ url, writeKey }: LiveServer, later: readonly LaterEvent[], from: number): Promise<void> {
  const began = performance.now()
  const until = (at: number) =>
    new Promise((wait) => setTimeout(wait, Math.max(0, began + (at - from) / speed - performance.now())))
  for (let next = 0; next < later.length; ) {
    await until(later[next]!.at)
    const passed = from + (performance.now() - began) * speed
    const due = later.slice(next, next + 100).filter(({ at }) => at <= passed)
    if (due.length === 0) continue
    next += due.length
    const answer = await fetch(`${url}/v1/batch`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({
        writeKey,
        batch: due.map(({ call }, at) => ({ ...call, messageId: `replay-${next}-${at}` })),
      }),
    })
    if (answer.status !== 200) throw new Error(`events were answered ${answer.status}: ${await answer.text()}`)
    await answer.arrayBuffer()
  }
  await until(from + hours * hour)
  // What is to be rebuilt or asked for gets its turn.
  await new Promise((wait) => setTimeout(wait, 3000))
}

const namedIn = (later: readonly LaterEvent[]): readonly string[] =>
  later.flatMap(({ call }) => ('userId' in call ? (call.userId as string) : []))

interface LiveCustomer {
  readonly customerId: string
  readonly features: readonly { readonly name: string; readonly value: string | number | null }[]
  readonly segments: readonly string[]
}

async function liveTable(
  server: LiveServer,
  secrets: readonly string[],
  ids: readonly string[],
): Promise<Map<string, LiveCustomer>> {
  const found = new Map<string, LiveCustomer>()
  let next = 0
  // A key may ask so often.
  const loop = async (secret: string): Promise<void> => {
    while (next < ids.length) {
      const id = ids[next]!
      next += 1
      for (;;) {
        const { status, body } = await get<LiveCustomer>(server, secret, `/customers/${encodeURIComponent(id)}/now`)
        if (status === 200) found.set(body.customerId, body)
        else if (status !== 429 && status !== 404) throw new Error(`${id} was answered ${status}`)
        if (status !== 429) break
        await new Promise((wait) => setTimeout(wait, 1000))
      }
    }
  }
  await Promise.all(secrets.map(loop))
  return found
}

const isSame = (left: unknown, right: unknown): boolean =>
  left === right ||
  (typeof left === 'number' &&
    typeof right === 'number' &&
    Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left)))

function compared(live: ReadonlyMap<string, LiveCustomer>, table: Awaited<ReturnType<typeof sqlTable>>) {
  let [values, differing, misplaced, example] = [0, 0, 0, '']
  for (const [id, { features, segments }] of table) {
    const own = live.get(id)
    for (const [name, value] of Object.entries(features)) {
      values += 1
      const said = own?.features.find((feature) => feature.name === name)?.value
      if (isSame(said, value)) continue
      differing += 1
      example ||= `; ${id} ${name}: live ${said}, SQL ${value}`
    }
    if (JSON.stringify([...(own?.segments ?? [])].sort()) === JSON.stringify(segments)) continue
    misplaced += 1
    example ||= `; ${id}: live ${own?.segments}, SQL ${segments}`
  }
  for (const [id, { segments }] of live) if (!table.has(id) && segments.length > 0) misplaced += 1
  return { values, differing, misplaced, example }
}
