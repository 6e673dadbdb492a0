import { gunzipSync } from 'node:zlib'
import { customerPage, customerProfile, timelinePage } from '@rapport/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inviteOwner, openByInvitation } from '../../access/index.ts'
import { followIdentities } from '../../identity/index.ts'
import type { LogFollower } from '../../state/index.ts'
import { type ServedStore, serveTestStore } from '../served-store.contract.ts'
import { howToSend } from './snippet.ts'

let served: ServedStore
let cookie: string
let identities: LogFollower
beforeAll(async () => {
  served = await serveTestStore()
  cookie = `rapport_session=${await openByInvitation(served.state, await inviteOwner(served.state))}`
  identities = await followIdentities(served.warehouse, served.state)
})
afterAll(() => served.close())

const get = (url: string, headers: Record<string, string> = {}) =>
  served.server.inject({ url, headers: { cookie, ...headers } })
const send = async (path: string, payload: object): Promise<void> => {
  const authorization = `Basic ${Buffer.from(`${served.writeKey}:`).toString('base64')}`
  const answer = await served.server.inject({ method: 'POST', url: `/v1${path}`, payload, headers: { authorization } })
  expect(answer.statusCode).toBe(200)
  await served.log.settle()
  await identities.catchUp(served.log.position)
}

describe('an empty store', () => {
  test('says on every page what to do next', async () => {
    const overview = (await get('/')).body
    expect(overview).toContain('Nothing has been analysed yet')
    for (const page of [overview, (await get('/customers')).body]) {
      expect(page).toContain(`analytics.load(&#39;${served.writeKey}&#39;`)
      expect(page).toMatch(/src=&quot;http:\/\/[^&]+\/sdk\.js&quot;/)
      expect(page).toContain('curl http://')
    }
    expect((await get('/segments')).body).toContain('There is no segment yet')
    expect((await get('/jobs')).body).toMatch(/Nothing waits or runs.*rapport start/)
    expect((await get('/customers?search=nobody')).body).toContain('Nobody is found')
  })

  test('says how to make a write key where none holds', () => {
    expect(String(howToSend({ url: 'http://a.example', writeKey: null }))).toContain('rapport keys create write NAME')
  })

  test('a host that is none is not written into what people copy', async () => {
    const page = (await get('/', { host: `evil.example/'"><b>` })).body
    expect(page).not.toContain('evil')
  })
})

test('without a session a page says how to get one, and nothing of the store', async () => {
  const answer = await get('/customers/ann', { cookie: '' })
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([401, 'text/html; charset=utf-8'])
  expect(answer.body).toContain('npx rapport open')
  expect(answer.body).not.toContain('/segments')
})

test('what happens shows, by page and by API, with who did it', async () => {
  await send('/identify', { userId: 'ann', anonymousId: 'b1', traits: { firstName: 'Ann', email: 'ann@s.example' } })
  await send('/track', {
    ...{ event: 'Order Completed', userId: 'ann' },
    properties: { order_id: 'o1', currency: 'EUR', products: [{ product_id: 'p1', name: 'Red shoe', price: 25 }] },
  })
  await send('/track', {
    event: 'Ticket Created',
    anonymousId: 'b1',
    properties: { subject: 'S', body: '<b>Help</b>' },
  })
  const page = (await get('/customers/ann')).body
  expect(page).toContain('<h1>Ann</h1>')
  expect(page).toMatch(/Ordered <b>€25\.00<\/b>/)
  expect(page).toContain('&lt;b&gt;Help&lt;/b&gt;')
  expect(page).toContain('seen with customer ann only')
  expect(page).not.toContain('<b>Help')
  expect(page).toContain('by the strictest default: where they live is not known; they decided nothing')
  expect(page).toMatch(/Times are of the time zone \w+/)
  expect((await get('/')).body).toContain('the last one <time')
  const list = (await get('/customers?search=ANN')).body
  expect(list).toMatch(/href="\/customers\/ann"/)
  expect(list).toContain('€25.00')
  expect((await get('/customers/ann/timeline')).body).not.toContain('<html')
  expect(customerPage.parse((await get('/v1/customers')).json()).customers[0]).toMatchObject({
    ...{ customerId: 'ann', orders: 1, spent: 25, segment: null },
  })
  const profile = customerProfile.parse((await get('/v1/customers/ann')).json())
  expect(profile.identities.map(({ identity }) => identity)).toEqual(['anonymous:b1', 'user:ann'])
  expect(profile.analysis).toBe(null)
})

test('a decision about consent says in the timeline which purposes it granted and refused', async () => {
  const context = { consent: { categoryPreferences: { analytics: true, 'marketing.email': true, profiling: false } } }
  await send('/track', { event: 'Segment Consent Preference Updated', userId: 'cara', context })
  const { occurrences } = timelinePage.parse((await get('/v1/customers/cara/timeline')).json())
  expect(occurrences.map(({ decided }) => decided)).toEqual([context.consent.categoryPreferences])
  const page = (await get('/customers/cara')).body
  expect(page).toContain('yes to analytics, marketing.email; no to profiling')
})

test('a timeline is paged without losing or repeating what happened at one moment', async () => {
  const timestamp = '2026-02-01T00:00:00Z'
  const batch = Array.from({ length: 25 }, (_, at) => ({
    ...{ type: 'track', event: `Step ${at}`, userId: 'bob', timestamp, messageId: `bob ${at}` },
  }))
  await send('/batch', { batch })
  for (const order of ['o 1', 'o 2', 'o\n3'])
    await served.warehouse.run(
      `insert into order_lines (line_key, batch_id, order_id, customer_id, quantity, unit_price_micros, amount_micros, currency,
         kind, ordinal, occurred_at, received_at)
       values (md5_number('${order}'), 1, '${order}', 'bob', 1, 5000000, 5000000, 'EUR', 'sale', 0, '${timestamp}', '${timestamp}')`,
    )
  const seen: string[] = []
  for (let before = '', pages = 0; pages < 20; pages += 1) {
    const answer = await get(`/v1/customers/bob/timeline?limit=2&before=${encodeURIComponent(before)}`)
    const { occurrences, next } = timelinePage.parse(answer.json())
    seen.push(...occurrences.map(({ name, orderId }) => orderId ?? name))
    if (next === null) break
    before = next
  }
  expect(seen.slice(0, 3)).toEqual(['o 2', 'o 1', 'o\n3'])
  expect(seen).toHaveLength(28)
  expect(new Set(seen).size).toBe(28)
  for (const at of ['.5e3', '.-1', `.${'9'.repeat(40)}`, '.order '])
    expect((await get(`/v1/customers/bob/timeline?before=1${at}`)).json().code).toBe('insights.timeline')
  expect((await get('/v1/customers/bob/timeline?before=x')).json().code).toBe('insights.timeline')
  expect((await get('/customers/bob?before=x')).statusCode).toBe(400)
})

test('a store of a demo says so on every page, and one of a shop does not', async () => {
  const paths = ['/', '/customers', '/customers/ann', '/customers/nobody', '/segments', '/segments/none', '/jobs']
  for (const path of paths) expect((await get(path)).body).not.toContain('demo')
  await served.warehouse.run("insert into store_settings values ('demo', 'fashion')")
  for (const path of paths)
    expect([path, (await get(path)).body]).toEqual([path, expect.stringContaining('This is a demo.')])
  await served.warehouse.run("delete from store_settings where name = 'demo'")
})

test('who may not run work is shown no button for it, and nobody without a session starts any', async () => {
  expect((await get('/jobs')).body).toContain('action="/jobs/analyses"')
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const start = (given: string) =>
    served.server.inject({
      method: 'POST',
      url: '/jobs/analyses',
      payload: '',
      headers: { ...headers, cookie: given, host: 'localhost:80', origin: 'http://localhost:80' },
    })
  expect((await start('')).statusCode).toBe(401)
  expect(await start(cookie)).toMatchObject({ statusCode: 303, headers: { location: '/jobs' } })
  expect((await get('/jobs')).body).toMatch(/<b>.*Analysis.*queued.*due <time /s)
})

test('a policy forbids everything inline, and pages are not kept', async () => {
  const { headers } = await get('/')
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
  expect(headers['cache-control']).toBe('no-store')
})

test('what pages load may be kept for good, by names that change with it', async () => {
  const page = (await get('/')).body
  const paths = [...page.matchAll(/\/assets\/[\w.-]+/g)].map(([path]) => path)
  expect(paths).toHaveLength(3)
  for (const path of paths) {
    const answer = await get(path, { cookie: '' })
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await get(path, { 'if-none-match': `W/${answer.headers['etag']}` })).statusCode).toBe(304)
    const packed = await get(path, { 'accept-encoding': 'br, gzip' })
    expect(gunzipSync(packed.rawPayload).equals(answer.rawPayload)).toBe(true)
  }
  expect((await get('/assets/pages.AAAAAAAAAAAAAAAA.css')).statusCode).toBe(404)
})

test('the SDK is served to any page', async () => {
  const answer = await get('/sdk.js', { cookie: '', origin: 'https://shop.example' })
  expect(answer.body).toContain('Order Completed')
  expect(answer.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': expect.stringMatching(/max-age=\d+/),
  })
  expect((await get('/sdk.js', { 'if-none-match': String(answer.headers['etag']) })).statusCode).toBe(304)
})

test('the server never failed', () => expect(served.failures).toEqual([]))
