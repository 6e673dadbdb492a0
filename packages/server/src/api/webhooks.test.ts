import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let headers: Record<string, string>

beforeAll(async () => {
  served = await serveTestStore()
  headers = await served.keyHeaders('sources.manage')
})
afterAll(() => served.close())
beforeEach(async () => {
  await served.log.settle()
  await served.warehouse.run('delete from events; delete from quarantine; delete from order_lines')
  await served.state.queries.deleteFrom('webhooks').execute()
})

const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
  served.server.inject({
    ...{ method, url: `/v1${url}`, headers },
    ...(payload ? { payload } : {}),
  })
const add = async (draft: object) => (await ask('POST', '/webhooks', draft)).json()
const secret = 'shpss_0123456789abcdef'
const sign = (body: string | Buffer) => createHmac('sha256', secret).update(body).digest('base64')
const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  served.server.inject({
    ...{ method: 'POST', url: path, payload: body },
    headers: {
      ...{ 'content-type': 'application/json', 'x-shopify-topic': 'orders/create' },
      ...{ 'x-shopify-hmac-sha256': sign(body), ...headers },
    },
  })
const stored = async () => {
  await served.log.settle()
  return served.warehouse.rows<{ name: string; customer_id: string | null; properties: string }>(
    'select name, customer_id, properties from events order by position',
  )
}
const shop = async () => (await add({ name: 'shop', preset: 'shopify', secret })).webhook.path as string
const order =
  '{"id":820982911946154508,"email":"jon@example.com","currency":"EUR","line_items":[{"sku":"a","quantity":2,"price":"10.005"}]}'

test('an order that a shop signed is in the log when it is answered, once, with its id to the last digit', async () => {
  const path = await shop()
  const answer = await post(path, order)
  expect([answer.statusCode, answer.json()]).toEqual([
    200,
    { success: true, accepted: 1, duplicates: 0, refused: 0, quarantined: [] },
  ])
  expect((await post(path, order)).json()).toMatchObject({ accepted: 0, duplicates: 1 })
  const [event] = await stored()
  expect(event).toMatchObject({ name: 'Order Completed', customer_id: 'jon@example.com' })
  expect(await served.warehouse.rows('select order_id, amount_micros::double as amount from order_lines')).toEqual([
    { order_id: '820982911946154508', amount: 20_010_000 },
  ])
})

test('of a request with a wrong signature nothing is kept but the count', async () => {
  const path = await shop()
  for (const headers of [{ 'x-shopify-hmac-sha256': sign('another body') }, { 'x-shopify-hmac-sha256': '' }]) {
    const answer = await post(path, order, headers)
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'ingestion.signature'])
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  }
  // Not even whether it is JSON is looked at before.
  expect((await post(path, 'no JSON', { 'x-shopify-hmac-sha256': 'x' })).statusCode).toBe(401)
  await served.webhooks.refresh()
  const [shown] = (await ask('GET', '/webhooks')).json().webhooks
  expect(shown).toMatchObject({ name: 'shop', refused: 3, accepted: 0, lastAt: null })
  expect(await stored()).toEqual([])
  expect(await served.warehouse.rows('select * from quarantine')).toEqual([])
})

test('a signed payload that is none of the sender’s is in quarantine, and not sent again', async () => {
  const path = await shop()
  const answer = await post(path, '{"id":null}')
  expect([answer.statusCode, answer.json()]).toEqual([
    200,
    expect.objectContaining({
      accepted: 0,
      quarantined: [{ code: 'ingestion.payload', pointer: '/id', reason: '/id must be the id of the order' }],
    }),
  ])
  await served.log.settle()
  expect(await served.warehouse.rows('select code, raw from quarantine')).toEqual([
    { code: 'ingestion.payload', raw: '{"id":null}' },
  ])
  expect((await post(path, order, { 'x-shopify-topic': 'products/update' })).json()).toMatchObject({
    ignored: 'of the topic products/update nothing is taken',
  })
})

test('a payload of which the plan keeps a part out counts as taken and as kept out, and again is there once', async () => {
  const plan = '/tracking-plan/schemas/track/Order%20Completed'
  const events = await served.keyHeaders('events.manage')
  const schema = { properties: { total: { type: 'number' }, coupon: { const: 'never' } } }
  const declare = (method: 'PUT' | 'DELETE', payload?: object) =>
    served.server.inject({ method, url: `/v1${plan}`, headers: events, ...(payload ? { payload } : {}) })
  await declare('PUT', { schema, onViolation: 'quarantine' })
  const path = await shop()
  const body = JSON.stringify({
    ...JSON.parse(order.replace('820982911946154508', '7')),
    ...{ total_price: '41.00', customer: { id: 5, email: 'jon@example.com' }, discount_codes: [{ code: 'X' }] },
  })
  const first = (await post(path, body)).json()
  expect(first).toMatchObject({ accepted: 1, quarantined: [{ pointer: '/properties/coupon' }] })
  await served.log.settle()
  expect((await post(path, body)).json()).toMatchObject({ accepted: 0, duplicates: 1, quarantined: [{}] })
  for (let time = 0; time < 2; time += 1) await post(path, '{"id":null}')
  await served.log.settle()
  expect(await served.warehouse.rows('select code, count(*) as n from quarantine group by code order by code')).toEqual(
    [
      { code: 'ingestion.payload', n: 1 },
      { code: 'plan.violation', n: 1 },
    ],
  )
  await served.webhooks.refresh()
  expect((await ask('GET', '/webhooks')).json().webhooks).toMatchObject([{ accepted: 2, quarantined: 4 }])
  await declare('DELETE')
})

test.each([
  ['no JSON', 'no JSON', 400, 'api.json'],
  ['nothing', '', 400, 'api.json'],
  ['deeper than anybody means', `${'['.repeat(200)}${']'.repeat(200)}`, 400, 'api.json'],
  ['too large', JSON.stringify({ pad: 'x'.repeat(600_000) }), 413, 'api.size'],
])('signed, but %s', async (_, body, status, code) => {
  const answer = await post(await shop(), body)
  expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  expect(served.failures).toEqual([])
})

test('a bomb is signed as it comes, and not unpacked beyond the limit', async () => {
  const path = await shop()
  const bomb = gzipSync(Buffer.alloc(50_000_000, 32))
  expect((await post(path, bomb, { 'content-encoding': 'gzip' })).statusCode).toBe(413)
  const packed = gzipSync(order.replace('820982911946154508', '7'))
  expect((await post(path, packed, { 'content-encoding': 'gzip' })).json()).toMatchObject({ accepted: 1 })
})

test('a secret is shown once at most, and the one of before goes on to count', async () => {
  const made = await add({ name: 'generic', mapping: { call: 'track', event: 'A', userId: '{/who}', fields: {} } })
  expect(made.secret).toMatch(/^whs_/)
  const send = (from: string) => {
    const body = '{"who":"ann"}'
    const signature = createHmac('sha256', from).update(body).digest('hex')
    return post(made.webhook.path, body, { 'x-signature': signature }).then(({ statusCode }) => statusCode)
  }
  expect(await send(made.secret)).toBe(200)
  const rotated = (await ask('POST', `/webhooks/${made.webhook.webhookId}/rotate`)).json()
  expect(rotated.secret).toMatch(/^whs_/)
  expect([await send(made.secret), await send(rotated.secret), await send('other')]).toEqual([200, 200, 401])
  const listed = (await ask('GET', '/webhooks')).body
  expect(listed).not.toContain(made.secret)
  expect(listed).not.toContain(rotated.secret)
  expect((await ask('DELETE', `/webhooks/${made.webhook.webhookId}`)).statusCode).toBe(204)
  expect(await send(rotated.secret)).toBe(404)
})

test('a webhook whose sender makes the secret refuses everything until it has it', async () => {
  const { webhook, secret: made } = await add({ name: 'shop', preset: 'shopify' })
  expect([webhook.hasSecret, made]).toEqual([false, undefined])
  expect((await post(webhook.path, order)).statusCode).toBe(401)
  await ask('POST', `/webhooks/${webhook.webhookId}/rotate`, { secret })
  expect((await post(webhook.path, order)).statusCode).toBe(200)
})

test('without a signature only who knows the address gets in, where that was asked for', async () => {
  const { webhook } = await add({ name: 'desk', preset: 'tickets', signature: 'path' })
  const body = '{"ticket_id":7,"subject":"Hi","description":"It broke","email":"Ann@a.example"}'
  expect((await post(webhook.path, body, { 'x-shopify-hmac-sha256': '' })).json()).toMatchObject({ accepted: 1 })
  expect((await post(`${webhook.path}x`, body)).statusCode).toBe(404)
  const rotated = await ask('POST', `/webhooks/${webhook.webhookId}/rotate`)
  expect([rotated.statusCode, rotated.json().code]).toEqual([400, 'ingestion.webhook-secret'])
})

test.each([
  ['neither preset nor mapping', { name: 'x' }, 'api.body'],
  ['a preset that is none', { name: 'x', preset: 'shop' }, 'api.body'],
  ['a mapping of nobody', { name: 'x', mapping: { call: 'track', event: 'A', fields: {} } }, 'api.body'],
  ['a short secret', { name: 'x', preset: 'shopify', secret: 'x' }, 'api.body'],
])('a webhook with %s is not made', async (_, draft, code) => {
  const answer = await ask('POST', '/webhooks', draft)
  expect([answer.statusCode, answer.json().code]).toEqual([400, code])
})

test('a name is given once; what is not there is said not to be', async () => {
  await shop()
  expect((await ask('POST', '/webhooks', { name: 'shop', preset: 'stripe' })).json().code).toBe(
    'ingestion.webhook-name',
  )
  expect((await ask('DELETE', '/webhooks/wh_x')).statusCode).toBe(404)
  expect((await ask('POST', '/webhooks/wh_x/rotate')).statusCode).toBe(404)
})
