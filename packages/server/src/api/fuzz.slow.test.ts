import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { followConsents } from '../consent/index.ts'
import { followIdentities } from '../identity/index.ts'
import { fuzzedRequest } from './fuzzed-request.contract.ts'
import { serveTestStore } from './served-store.contract.ts'

const served = await serveTestStore()
const { warehouse, state, log, server, writeKey: key, failures } = served
let catchUp: () => Promise<unknown>

beforeAll(async () => {
  await warehouse.run("insert or replace into store_settings values ('currency', 'EUR')").catch(() => undefined)
  const followers = [await followIdentities(warehouse, state), followConsents(warehouse, state, served.door)]
  catchUp = () => Promise.all(followers.map((follower) => follower.catchUp(log.position)))
})
afterAll(() => served.close())

async function post(path: string, payload: string | Buffer, headers: Record<string, string> = {}): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`
  const { statusCode } = await server.inject({
    ...{ method: 'POST', url: `/v1${path}`, payload },
    headers: { authorization, 'content-type': 'application/json', ...headers },
  })
  return statusCode
}

/** A good event is still taken, and everybody who follows or reads the log gets to its end. */
async function expectHealthy(): Promise<void> {
  expect(failures).toEqual([])
  expect(await post('/track', '{"event":"Good","userId":"good"}')).toBe(200)
  await catchUp()
  await warehouse.rows('select max(columns(*)::varchar) from current_customers')
  await warehouse.rows('select count(*) as n from known_events')
}

const person = '"userId":"ann","anonymousId":"x"'
const product = (fields: string) =>
  `{"event":"Order Completed",${person},"properties":{"order_id":"o","currency":"EUR",${fields}}}`
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

test.each([
  ['half a surrogate pair in the context', '/track', `{"event":"A",${person},"context":{"device":{"id":"\\ud800"}}}`],
  ['half a pair in a key of traits', '/identify', `{${person},"traits":{"\\udc00":1,"email":"a@b.example"}}`],
  ['half a pair in an id', '/track', '{"event":"A","userId":"\\ud83d"}'],
  ['NUL', '/identify', '{"userId":"a\\u0000b","traits":{"email":"\\u0000@b","emailVerified":true}}'],
  [
    'consent beside half a pair',
    '/page',
    `{${person},"context":{"x":"\\ud800","consent":{"categoryPreferences":{"analytics":true}}}}`,
  ],
  [
    'purposes that are none',
    '/page',
    `{${person},"context":{"consent":{"categoryPreferences":{"toString":true,"":false}}}}`,
  ],
  ['consent of another kind', '/page', `{${person},"context":{"consent":"\\"categoryPreferences\\""}}`],
  ['a quantity beyond numbers', '/track', product('"products":[{"product_id":"p","price":1e9,"quantity":1e308}]')],
  ['an amount beyond 64 bits', '/track', product('"products":[{"product_id":"p","price":9e9,"quantity":1e9}]')],
  [
    'a discount that prices make huge',
    '/track',
    product('"discount":9e9,"products":[{"price":9e9},{"price":-8999999999.999999}]'),
  ],
  [
    'traits of odd kinds',
    '/identify',
    `{${person},"traits":{"birthday":"infinity","createdAt":"infinity","income":"nan","address":[],"email":{}}}`,
  ],
  ['a moment beyond time', '/track', `{"event":"A",${person},"timestamp":1e300}`],
  ['4000 deep', '/track', `{"event":"A",${person},"properties":${deep(4000)}}`],
  ['2000 deep in a batch, bad', '/batch', `{"batch":[${deep(2000)},${deep(8000)},${deep(20000)}]}`],
  [
    'a long address',
    '/identify',
    `{${person},"traits":{"emailVerified":true,"email":"${'a'.repeat(9000)}@b.example"}}`,
  ],
  [
    'a prototype',
    '/track',
    `{"__proto__":{"x":1},"event":"A",${person},"properties":{"__proto__":[],"constructor":{"prototype":1}}}`,
  ],
  ['an event named as every object has a field', '/track', `{"event":"__proto__",${person}}`],
  [
    'an order of an event named as a method',
    '/track',
    `{"event":"toString",${person},"properties":{"order_id":"o","currency":"EUR","total":5}}`,
  ],
  ['null alone', '/batch', 'null'],
])('%s harms nobody after it', async (_, path, body) => {
  expect(await post(path, body)).toBeLessThan(500)
  await expectHealthy()
})

test('10,000 bodies: none is our mistake, and the log can be followed to its end', async () => {
  for (let round = 0; round < 10; round += 1) {
    for (const { path, body, headers } of fc.sample(fuzzedRequest, { numRuns: 1000, seed: round })) {
      const status = await post(path, body, headers)
      expect([status < 500, status, String(body)]).toEqual([true, status, String(body)])
    }
    await expectHealthy()
  }
  expect(log.position).toBeGreaterThan(1000)
}, 300_000)
