import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServedStore, serveTestStore } from '../served-store.contract.ts'

let served: ServedStore
let headers: Readonly<Record<string, string>>

beforeAll(async () => {
  served = await serveTestStore()
  await served.live.build()
  const scopes = await served.keyHeaders('customers.read', 'definitions.write')
  headers = { ...scopes, 'content-type': 'application/json' }
})
afterAll(() => served.close())

/** A feature, whose condition has one key more. */
const feature = (more: string): string =>
  `{"name":"red","label":"Red","value":{"aggregate":"count","from":{"events":"Product Viewed","where":[{"field":"category","op":"=","value":"Red"${more}}]}}}`
/** A rule about events with properties, one of them more. */
const rule = (more: string): string => `{"event":"Product Viewed","where":{"source":"spring"${more}}}`
const segment = (more: string): string => `{"id":"rule.red","name":"Red","words":"saw red","rule":${rule(more)}}`

const [inFeature, inSegment] = ['/value/from/where/0/__proto__', '/rule/where/__proto__']

test('without the key these documents do', async () => {
  for (const [url, payload] of [
    ['/v1/features/checks', feature('')],
    ['/v1/segments/checks', segment('')],
  ] as const) {
    const answer = await served.server.inject({ method: 'POST', url, payload, headers })
    expect(answer.json()).toEqual({ isValid: true, problems: [] })
  }
})

test.each([
  ['/v1/features', `[${feature(',KEY:1')}]`, `/0${inFeature}`],
  ['/v1/features', feature(',KEY:{"value":"Blue"}'), inFeature],
  ['/v1/features/checks', feature(',KEY:1'), inFeature],
  ['/v1/features/values', '{"customers":["a"],KEY:1}', '/__proto__'],
  ['/v1/segments', `[${segment(',KEY:"x"')}]`, `/0${inSegment}`],
  ['/v1/segments/checks', segment(',KEY:"x"'), inSegment],
  ['/v1/segments/previews', `{"rule":${rule(',KEY:"x"')},"sample":1}`, inSegment],
])('POST %s refuses a key of prototypes with its place', async (url, body, pointer) => {
  for (const key of ['"__proto__"', String.raw`"\u005f_proto_\u005f"`])
    for (const isPacked of [false, true]) {
      const payload = Buffer.from(body.replaceAll('KEY', key))
      const answer = await served.server.inject({
        ...{ method: 'POST', url, payload: isPacked ? gzipSync(payload) : payload },
        headers: isPacked ? { ...headers, 'content-encoding': 'gzip' } : headers,
      })
      expect([answer.statusCode, answer.json()]).toEqual([400, expect.objectContaining({ code: 'api.json', pointer })])
    }
  expect((await served.server.inject({ url: '/v1/features', headers })).json().features).toEqual([])
  expect(served.failures).toEqual([])
})
