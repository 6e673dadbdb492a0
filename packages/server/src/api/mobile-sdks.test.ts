import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

interface Recorded {
  readonly sdk: string
  /** Which files of the SDK say that its requests look like this. */
  readonly source: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly isPacked: boolean
  readonly body: { readonly batch: readonly object[] }
  /** The events that are in the log then; `age` is how long before receipt they happened, ms. */
  readonly arrives: readonly object[]
}

const recorded = JSON.parse(
  readFileSync(new URL('./fixtures/mobile-sdks.json', import.meta.url), 'utf8'),
) as readonly Recorded[]

let served: ServedStore
beforeAll(async () => {
  served = await serveTestStore()
})
afterAll(async () => {
  expect(served.failures).toEqual([])
  await served.close()
})
beforeEach(() => served.warehouse.run('delete from events; delete from quarantine'))

const settings = (key: string, headers: Record<string, string> = {}) =>
  served.server.inject({ url: `/v1/projects/${key}/settings`, headers: { origin: 'https://shop.example', ...headers } })

describe.each(recorded)('$sdk', ({ path, headers, isPacked, body, arrives }) => {
  // Whether this SDK or a proxy in front calls it /b or /batch.
  test.each([path, '/v1/batch'])('what it sends to %s is in the log, each event as what it is', async (url) => {
    const distinct = JSON.stringify({ ...body, writeKey: served.writeKey }).replaceAll(
      /"messageId":"/g,
      `"messageId":"${url} `,
    )
    const payload = isPacked ? gzipSync(distinct) : distinct
    const answer = await served.server.inject({ method: 'POST', url, headers, payload })
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { success: true, accepted: arrives.length, duplicates: 0, refused: 0, quarantined: [] },
    ])
    await served.log.settle()
    expect(
      await served.warehouse.rows(
        'select call, name, customer_id, epoch_ms(received_at) - epoch_ms(occurred_at) as age from events order by position',
      ),
    ).toEqual(arrives)
  })
})

test('the settings that SDKs ask for name this server, and let them measure and load nothing else', async () => {
  const answer = await settings(served.writeKey, { host: 'localhost:8787' })
  expect(answer.json()).toEqual({
    integrations: { 'Segment.io': { apiKey: served.writeKey, apiHost: 'localhost:8787/v1', protocol: 'http' } },
    ...{ plan: {}, edgeFunction: {}, middlewareSettings: {}, metrics: { sampleRate: 0 } },
  })
  expect(answer.headers['access-control-allow-origin']).toBe('*')
  expect((await settings('wk_nobody')).json()).toMatchObject({ status: 404, code: 'api.not-found' })
})

test('behind a proxy they name where the server is reached from outside', async () => {
  const behind = await serveTestStore({ publicUrl: 'https://events.shop.example/rapport/' })
  const answer = await behind.server.inject({
    url: `/v1/projects/${behind.writeKey}/settings`,
    headers: { host: 'events.shop.example' },
  })
  expect(answer.json().integrations['Segment.io']).toMatchObject({
    apiHost: 'events.shop.example/rapport/v1',
    protocol: 'https',
  })
  await behind.close()
})

test('a page may send the headers that SDKs send, also when they try again', async () => {
  const answer = await served.server.inject({ method: 'OPTIONS', url: '/v1/t' })
  const allowed = String(answer.headers['access-control-allow-headers']).split(', ')
  expect(allowed).toEqual(expect.arrayContaining(['authorization', 'content-type', 'x-retry-count']))
})
