import { gzipSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { serveTestStore } from './served-store.contract.ts'

const served = await serveTestStore()
const { warehouse, log, server, writeKey: key, failures } = served
afterAll(() => served.close())
beforeEach(async () => {
  failures.length = 0
  await log.settle()
  await warehouse.run('delete from events; delete from quarantine')
})

const basic = () => `Basic ${Buffer.from(`${key}:`).toString('base64')}`
/** An answer, once what it acknowledges can be read. */
const post = async (path: string, payload: unknown, headers: Record<string, string> = {}) => {
  const answer = await server.inject({
    ...{ method: 'POST', url: `/v1${path}` },
    headers: { authorization: basic(), 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
  })
  await log.settle()
  return answer
}
const stored = () =>
  warehouse.rows<Record<string, unknown>>(
    'select call, name, customer_id, anonymous_id, other_id, product_id, price_micros, source, body from events order by position',
  )

test('each of the six calls is in the log when it is answered', async () => {
  const page = { name: 'Home', context: { campaign: { source: 'google', medium: 'cpc' } } }
  for (const [path, body] of [
    ['/track', { event: 'Product Viewed', userId: 'ann', properties: { product_id: 'p1', price: '12.50' } }],
    ['/identify', { userId: 'ann', traits: { email: 'ann@a.example' } }],
    ['/page', { anonymousId: 'x', ...page }],
    ['/screen', { anonymousId: 'x' }],
    ['/group', { userId: 'ann', groupId: 'acme' }],
    ['/alias', { userId: 'ann', previousId: 'x' }],
  ] as const) {
    const answer = await post(path, body)
    expect([answer.statusCode, answer.json()]).toEqual([200, { success: true }])
  }
  const none = { other_id: null, product_id: null, price_micros: null, source: null, body: null }
  const ann = { ...none, customer_id: 'ann', anonymous_id: null }
  const unknown = { ...none, customer_id: null, anonymous_id: 'x' }
  expect(await stored()).toEqual([
    { ...ann, call: 'track', name: 'Product Viewed', product_id: 'p1', price_micros: 12_500_000 },
    { ...ann, call: 'identify', name: 'identify' },
    { ...unknown, call: 'page', name: 'Home', source: 'google' },
    { ...unknown, call: 'screen', name: 'screen' },
    { ...ann, call: 'group', name: 'group', other_id: 'acme' },
    { ...ann, call: 'alias', name: 'alias', other_id: 'x' },
  ])
})

test('traits that are no dates or numbers are left out of what is known of a customer', async () => {
  const traits = { birthday: 'infinity', createdAt: '-infinity', income: 'nan', firstName: 'Ann' }
  await post('/identify', { userId: 'odd', traits })
  expect(
    await warehouse.rows(
      "select first_name, birth_date, created_at, income from current_customers where customer_id = 'odd'",
    ),
  ).toEqual([{ first_name: 'Ann', birth_date: null, created_at: null, income: null }])
})

test('what a customer wrote is text of the event', async () => {
  await post('/track', { event: 'Ticket Created', userId: 'ann', properties: { subject: 'Hi', body: 'It broke' } })
  await post('/track', { event: 'Product Reviewed', userId: 'ann', properties: { review_body: 'Lovely' } })
  expect((await stored()).map(({ body }) => body)).toEqual(['It broke', 'Lovely'])
})

test('of a batch the good are kept and the bad are listed and in quarantine', async () => {
  const good = { type: 'track', event: 'A', userId: 'ann', messageId: 'm1' }
  const answer = await post('/batch', {
    batch: [good, { type: 'track', userId: 'ann' }, good, 7, { ...good, messageId: 'm2' }],
  })
  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toMatchObject({
    ...{ success: true, accepted: 2, duplicates: 1 },
    quarantined: [
      { index: 1, code: 'ingestion.schema', pointer: '/event' },
      { index: 3, code: 'ingestion.call', pointer: '/type' },
    ],
  })
  expect(await warehouse.rows('select row_number, code, raw from quarantine order by row_number')).toEqual([
    { row_number: 2, code: 'ingestion.schema', raw: '{"type":"track","userId":"ann"}' },
    { row_number: 4, code: 'ingestion.call', raw: '7' },
  ])
})

test.each(['"__proto__"', '"__\\u0070roto__"', '"\\u005F\\u005fproto__"'])(
  'a key that would reach a prototype, %s, is left out',
  async (key) => {
    const answer = await post('/track', `{"event":"A","userId":"a","properties":{${key}:{"price":9},"quantity":2}}`)
    expect(answer.statusCode).toBe(200)
    expect(await warehouse.rows('select properties from events')).toEqual([{ properties: '{"quantity":2}' }])
  },
)

test('what somebody refuses is acknowledged and not kept', async () => {
  const refuses = { context: { consent: { categoryPreferences: { analytics: false } } } }
  const batch = [
    { type: 'page', anonymousId: 'x', ...refuses },
    { type: 'page', anonymousId: 'y' },
  ]
  expect((await post('/batch', { batch })).json()).toMatchObject({ accepted: 1, refused: 1 })
  expect((await stored()).map(({ anonymous_id }) => anonymous_id)).toEqual(['y'])
})

test('what a batch says of all its calls, as that they are refused, holds for each that says nothing else', async () => {
  const allows = { context: { consent: { categoryPreferences: { analytics: true } } } }
  const batch = [
    { type: 'page', anonymousId: 'x1' },
    { type: 'page', anonymousId: 'y1', ...allows },
  ]
  const context = { consent: { categoryPreferences: { analytics: false } } }
  expect((await post('/batch', { batch, context })).json()).toMatchObject({ accepted: 1, refused: 1 })
  expect((await stored()).map(({ anonymous_id }) => anonymous_id)).toEqual(['y1'])
})

test('a batch packed with gzip, and one that a page sends as text with the key in it', async () => {
  const batch = [{ type: 'page', anonymousId: 'x' }]
  const packed = await post('/batch', gzipSync(JSON.stringify({ batch })), { 'content-encoding': 'gzip' })
  expect(packed.json()).toMatchObject({ accepted: 1 })
  const text = await server.inject({
    ...{ method: 'POST', url: '/v1/batch', headers: { 'content-type': 'text/plain' } },
    payload: JSON.stringify({ batch, writeKey: key }),
  })
  expect(text.json()).toMatchObject({ accepted: 1 })
  expect(text.headers['access-control-allow-origin']).toBe('*')
})

test('the age of an event counts, not the clock of its sender', async () => {
  const ahead = Date.now() + 86_400_000
  const sentAt = new Date(ahead).toISOString()
  const timestamp = new Date(ahead - 60_000).toISOString()
  await post('/batch', { sentAt, batch: [{ type: 'track', event: 'A', userId: 'a', timestamp }] })
  const [row] = await warehouse.rows<{ age: number }>(
    'select epoch_ms(received_at) - epoch_ms(occurred_at) as age from events',
  )
  expect(row!.age).toBe(60_000)
})

describe('refusals are problem documents that say what must hold', () => {
  test.each([
    ['no key', '/track', { event: 'A', userId: 'a' }, { authorization: '' }, 401, 'api.key'],
    ['a wrong key', '/track', { event: 'A', userId: 'a' }, { authorization: 'Basic eDo=' }, 401, 'api.key'],
    ['a bad call', '/track', { event: 'A' }, {}, 400, 'ingestion.schema'],
    ['no JSON', '/track', '{"event":', {}, 400, 'api.json'],
    ['nothing', '/track', '', {}, 400, 'api.json'],
    ['another type', '/track', '<a/>', { 'content-type': 'application/xml' }, 415, 'api.media-type'],
    ['no batch', '/batch', { batch: 'x' }, {}, 400, 'ingestion.schema'],
    ['too large', '/batch', JSON.stringify({ batch: [], pad: 'x'.repeat(600_000) }), {}, 413, 'api.size'],
    ['nowhere', '/nothing', {}, {}, 404, 'api.not-found'],
    ['broken gzip', '/batch', 'no gzip', { 'content-encoding': 'gzip' }, 400, 'api.encoding'],
    ['brotli', '/batch', 'x', { 'content-encoding': 'br' }, 415, 'api.media-type'],
  ] as const)('%s', async (_, path, body, headers, status, code) => {
    const answer = await post(path, body, headers as Record<string, string>)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(await stored()).toEqual([])
    expect(failures).toEqual([])
  })

  test('a bomb: little that unpacks to much', async () => {
    const answer = await post('/batch', gzipSync(Buffer.alloc(50_000_000, 32)), { 'content-encoding': 'gzip' })
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'api.size'])
  })

  test('JSON nested deeper than anybody means, not brackets in a text', async () => {
    const nested = (depth: number) =>
      `{"event":"A","userId":"a","properties":${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}}`
    expect((await post('/track', nested(40))).statusCode).toBe(200)
    for (const depth of [60, 60_000]) {
      const answer = await post('/track', nested(depth))
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'api.json'])
    }
    const text = { event: 'A', userId: 'a', properties: { text: `${'[{'.repeat(500)} "quoted" \\` } }
    expect((await post('/track', text)).statusCode).toBe(200)
    await warehouse.run('delete from events')
  })
})
