import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type WebhookPreset, webhookPreset } from '@rapport/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { followConsents, openConsentDoor } from '../consent/index.ts'
import { followIdentities } from '../identity/index.ts'
import { addWebhook } from '../ingestion/index.ts'
import { cases, mutated } from '../ingestion/presets/mutated-payloads.contract.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

const secret = 'a secret of sixteen'
const paths = new Map<WebhookPreset, string>()
let served: ServedStore
let catchUp: () => Promise<unknown>

beforeAll(async () => {
  served = await serveTestStore()
  const { warehouse, state, log, webhooks } = served
  await warehouse.run("insert or replace into store_settings values ('currency', 'EUR')")
  for (const preset of webhookPreset.options) {
    // One signature for all: what is fuzzed here comes after it.
    const draft = { name: preset, preset, secret, signature: 'generic', takesTests: true } as const
    paths.set(preset, (await addWebhook(state.queries, draft)).webhook.path)
  }
  await webhooks.refresh()
  const door = await openConsentDoor(warehouse, state)
  const followers = [await followIdentities(warehouse, state), followConsents(warehouse, state, door)]
  catchUp = async () => {
    await log.settle()
    await Promise.all(followers.map((follower) => follower.catchUp(log.position)))
  }
})
afterAll(() => served.close())

const topics = fc.constantFrom(
  'orders/create',
  'orders/updated',
  'refunds/create',
  'customers/update',
  'x',
  '__proto__',
)
const request = fc.oneof(
  ...cases.map(([preset, topic, payload]) =>
    fc.record({
      preset: fc.constant(preset),
      topic:
        topic === undefined
          ? topics
          : fc.oneof({ weight: 9, arbitrary: fc.constant(topic) }, { weight: 1, arbitrary: topics }),
      body: fc.oneof(
        { weight: 20, arbitrary: mutated(payload).map((value) => Buffer.from(JSON.stringify(value))) },
        { weight: 1, arbitrary: fc.json().map((json) => Buffer.from(json)) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
        // Half a pair, NUL and long whole numbers, as JSON can write them.
        {
          weight: 1,
          arbitrary: fc
            .constantFrom('{"id":"\\ud800"}', '{"id":1,"token":"\\u0000"}', '[99999999999999999999]')
            .map((json) => Buffer.from(json)),
        },
      ),
      isPacked: fc.boolean(),
      encoding: fc.constantFrom('gzip', 'gzip', 'gzip', 'gzip', 'deflate', 'br', '__proto__'),
      isSigned: fc.integer({ min: 0, max: 20 }).map((number) => number > 0),
    }),
  ),
)

test('10,000 payloads: none is our mistake, each is answered for what it is, and the log can be followed', async () => {
  const statuses = new Map<number, number>()
  let accepted = 0
  let known = 0
  for (const [at, { preset, topic, body, isPacked, encoding, isSigned }] of fc
    .sample(request, { numRuns: 10_000, seed: 7 })
    .entries()) {
    const payload = isPacked ? gzipSync(body) : body
    const signature = createHmac('sha256', isSigned ? secret : 'another')
      .update(payload)
      .digest('hex')
    const answer = await served.server.inject({
      ...{ method: 'POST', url: paths.get(preset)!, payload },
      headers: {
        ...{ 'content-type': 'application/json', 'x-shopify-topic': topic, 'x-signature': signature },
        ...(isPacked ? { 'content-encoding': encoding } : {}),
      },
    })
    const { statusCode } = answer
    expect([statusCode < 500, statusCode, preset, String(body)]).toEqual([true, statusCode, preset, String(body)])
    if (!isSigned) expect(statusCode).toBe(401)
    if (statusCode === 200) {
      const taken = answer.json()
      accepted += taken.accepted
      known += taken.duplicates
      const isTold = taken.accepted + taken.duplicates + taken.refused + taken.quarantined.length > 0
      const isEmpty = preset === 'hubspot-contacts'
      expect([isTold || taken.ignored !== undefined || isEmpty, String(body)]).toEqual([true, String(body)])
    }
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
    if (at % 2000 === 1999) await catchUp()
  }
  await catchUp()
  const { warehouse, failures } = served
  await warehouse.rows('select max(columns(*)::varchar) from current_customers')
  const [row] = await warehouse.rows<{ n: number }>('select count(*) as n from known_events')
  expect([failures, row!.n]).toEqual([[], accepted])
  expect([...statuses.keys()].sort()).toEqual([200, 400, 401, 415])
  // Most changes leave a record's id alone, so that it is one that came before.
  expect(accepted).toBeGreaterThan(200)
  expect(known).toBeGreaterThan(2000)
}, 300_000)
