import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createApiKey, firstWriteKey, openWriteKeys } from '../access/index.ts'
import { openConsentDoor } from '../consent/index.ts'
import { type EventLog, openEventLog, openTrackingPlan, openWebhooks } from '../ingestion/index.ts'
import { openHealth } from '../operation/index.ts'
import { openPrivacy } from '../privacy.ts'
import { openState, type State } from '../state/index.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { buildServer } from './index.ts'
import { isFromThisMachine } from './metrics-routes.ts'
import { noSources, openTestInsight, openTestLive } from './served-store.contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-health-'))
const servers: FastifyInstance[] = []
let warehouse: Warehouse
let state: State
let log: EventLog
let writeKey: string

beforeAll(async () => {
  warehouse = await openWarehouse(folder)
  state = await openState(folder)
  log = await openEventLog(warehouse)
  writeKey = await firstWriteKey(state)
})
afterAll(async () => {
  for (const server of servers) await server.close()
  await log.close()
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

async function serve({ diskFloorBytes = 0, mostBehind = 1000, metricsOnLoopback = false, over = state } = {}) {
  const health = openHealth({ warehouse, state: over, log }, { mostBehind, diskFloorBytes })
  const parts = {
    warehouse,
    state,
    log,
    keys: await openWriteKeys(state),
    door: await openConsentDoor(warehouse, state),
    plan: await openTrackingPlan(state),
  }
  const live = await openTestLive(warehouse, state)
  const privacy = await openPrivacy(warehouse, state, { eraseWithinDays: 7 })
  const analyze = { kind: 'analyze', input: z.object(), mostAttempts: 1, run: async () => null }
  const server = buildServer(
    {
      ...parts,
      ...{
        webhooks: await openWebhooks(state),
        privacy,
        sources: noSources,
        ...{ live: () => live, insight: await openTestInsight(warehouse, live) },
        declared: async () => undefined,
        health,
        report: '',
        analyze,
        predict: analyze,
        refit: { ...analyze, input: z.object({ name: z.string(), isAccepted: z.boolean() }) },
        retain: analyze,
        record: async () => undefined,
        onFailure: () => undefined,
      },
    },
    { metricsOnLoopback },
  )
  servers.push(server)
  return { server, health }
}

const codesOf = async (server: FastifyInstance) => {
  const answer = await server.inject('/ready')
  return { status: answer.statusCode, codes: (answer.json().reasons ?? []).map(({ code }: { code: string }) => code) }
}

test('up and ready', async () => {
  const { server } = await serve()
  expect((await server.inject('/health')).json()).toEqual({ status: 'up', live: 'building' })
  const ready = await server.inject('/ready')
  expect([ready.statusCode, ready.json(), ready.headers['cache-control']]).toEqual([
    ...[200, { status: 'ready' }, 'no-store'],
  ])
})

test('not ready while it drains, without room on the disk, and while followers are far behind', async () => {
  const { server, health } = await serve({ diskFloorBytes: 2 ** 60, mostBehind: 2 })
  const cursor = (position: number) =>
    state.queries
      .insertInto('cursors')
      .values({ follower: 'lazy', position })
      .onConflict((conflict) => conflict.column('follower').doUpdateSet({ position }))
      .execute()
  await cursor(log.position - 2)
  expect(await codesOf(server)).toEqual({ status: 503, codes: ['disk'] })
  await cursor(log.position - 3)
  health.startDraining()
  expect(await codesOf(server)).toEqual({ status: 503, codes: ['draining', 'behind', 'disk'] })
  await state.queries.deleteFrom('cursors').where('follower', '=', 'lazy').execute()
})

test('not ready when the state store is gone, and up all the same', async () => {
  const gone = await openState(folder)
  await gone.close()
  const { server, health } = await serve({ over: gone })
  expect(await codesOf(server)).toEqual({ status: 503, codes: ['state'] })
  expect((await server.inject('/health')).statusCode).toBe(200)
  const shown = await health.exposition()
  expect(shown).toContain('rapport_state_up 0\n')
  expect(shown).toContain('rapport_ready 0\n')
  expect(shown).not.toMatch(/^rapport_jobs\{/m)
})

test('a query that runs does not keep it from saying that it is ready', async () => {
  const { server } = await serve()
  let end = (): void => undefined
  const running = warehouse.transaction(() => new Promise<void>((done) => (end = done)))
  expect((await codesOf(server)).status).toBe(200)
  expect((await codesOf(server)).status).toBe(200)
  end()
  await running
})

test('counts what became of events and requests, by pattern and without a path', async () => {
  const { server, health } = await serve()
  const track = { type: 'track', userId: 'ann', event: 'A', messageId: 'health-1' }
  const batch = [track, track, { type: 'nonsense' }]
  const refusing = {
    ...track,
    messageId: 'health-2',
    context: { consent: { categoryPreferences: { analytics: false } } },
  }
  await server.inject({ method: 'POST', url: '/v1/batch', payload: { writeKey, batch } })
  await server.inject({ method: 'POST', url: '/v1/track', payload: { writeKey, ...refusing } })
  await server.inject('/v1/customers/ann')
  await server.inject('/no/such/place')
  const shown = await health.exposition()
  for (const line of [
    'rapport_events_total{outcome="accepted"} 1',
    'rapport_events_total{outcome="duplicate"} 1',
    'rapport_events_total{outcome="quarantined"} 1',
    'rapport_events_total{outcome="refused"} 1',
    'rapport_acknowledgement_seconds_count 1',
    'rapport_http_requests_total{method="POST",route="/v1/batch",status="200"} 1',
    'rapport_http_requests_total{method="GET",route="/v1/customers/:id",status="401"} 1',
    'rapport_http_requests_total{method="GET",route="none",status="404"} 1',
    'rapport_ready 1',
    'rapport_events_waiting_characters 0',
  ]) {
    expect(shown.split('\n')).toContain(line)
  }
  expect(shown).toMatch(/^rapport_store_bytes\{part="warehouse"\} [1-9]\d+$/m)
  expect(shown).toMatch(/^rapport_disk_free_bytes [1-9]/m)
  expect(shown).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)
  expect(shown).not.toContain('ann')
})

test('metrics are for keys with their scope; on loopback only where that is configured', async () => {
  const { server: closed } = await serve()
  const { server: open } = await serve({ metricsOnLoopback: true })
  const { keyId, secret } = await createApiKey(state, {
    ...{ name: 'prometheus', scopes: ['metrics.read'], expiresAt: null, actor: 'command line' },
  })
  const scoped = (scopes: readonly string[]) =>
    state.queries
      .updateTable('api_keys')
      .set({ scopes: JSON.stringify(scopes) })
      .where('key_id', '=', keyId)
      .execute()
  const status = async (server: FastifyInstance, headers: Record<string, string>) =>
    (await server.inject({ url: '/metrics', headers })).statusCode
  const authorization = `Bearer ${secret}`
  await scoped(['customers.read'])
  expect(await status(closed, { authorization })).toBe(403)
  await scoped(['metrics.read'])
  expect(await status(closed, { authorization })).toBe(200)
  expect(await status(closed, { host: 'localhost:8787' })).toBe(401)
  expect(await status(open, { host: 'localhost:8787' })).toBe(200)
  expect(await status(open, { host: 'localhost:8787', 'x-forwarded-for': '203.0.113.9' })).toBe(401)
  expect(await status(open, { host: 'rebound.example' })).toBe(401)
  expect(await status(open, { host: 'rebound.example', authorization })).toBe(200)
})

test.each([
  ['127.0.0.1', true],
  ['::ffff:127.0.0.1', true],
  ['::1', true],
  ['10.0.0.1', false],
  ['::ffff:10.0.0.1', false],
])('a request from %s is from this machine: %s', (remoteAddress, isOurs) => {
  expect(isFromThisMachine({ socket: { remoteAddress }, headers: { host: '[::1]:8787' } } as never)).toBe(isOurs)
})
