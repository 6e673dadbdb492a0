import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let key: { readonly authorization: string }
beforeAll(async () => {
  served = await serveTestStore()
  key = await served.keyHeaders('consents.write', 'customers.read')
})
afterAll(() => served.close())

const ask = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, secret = key) =>
  served.server.inject({
    ...{ method, url, headers: secret },
    ...(payload ? { payload } : {}),
  })
const holds = (body: { standings: { purpose: string; isGranted: boolean }[] }): string[] =>
  body.standings.filter(({ isGranted }) => isGranted).map(({ purpose }) => purpose)

test('a decision holds when it is answered, with its history, and the next event is judged by it', async () => {
  const grant = { customerId: 'ann', decision: 'grant', purposes: ['profiling'], textVersion: 'v2', proof: { form: 7 } }
  const granted = await ask('POST', '/v1/consents', grant)
  expect(granted.statusCode).toBe(201)
  expect(holds(granted.json())).toEqual(['analytics', 'profiling'])
  await ask('POST', '/v1/consents', { customerId: 'ann', decision: 'withdraw', purposes: ['analytics', 'profiling'] })
  const { history, ...rest } = (await ask('GET', '/v1/customers/ann/consents')).json()
  expect(holds(rest)).toEqual([])
  expect(history).toHaveLength(3)
  expect(history[2]).toMatchObject({ decision: 'granted', source: 'api', textVersion: 'v2', proof: { form: 7 } })
  const authorization = `Basic ${Buffer.from(`${served.writeKey}:`).toString('base64')}`
  const event = { event: 'Product Viewed', userId: 'ann' }
  const tracked = await served.server.inject({
    ...{ method: 'POST', url: '/v1/track', headers: { authorization }, payload: event },
  })
  expect(tracked.json()).toMatchObject({ refused: 1 })
})

test.each([
  [{ customerId: 'ann', decision: 'grant', purposes: ['everything'] }, '/purposes/0'],
  [{ customerId: '', decision: 'grant', purposes: ['profiling'] }, '/customerId'],
  [{ customerId: 'ann', decision: 'perhaps', purposes: ['profiling'] }, '/decision'],
])('%j is refused with its place', async (payload, place) => {
  const answer = await ask('POST', '/v1/consents', payload)
  expect([answer.statusCode, answer.json().code]).toEqual([400, 'api.body'])
  expect(answer.json().detail).toContain(place)
})

test('what is no character of a database is replaced, as in events', async () => {
  const payload = String.raw`{"customerId":"u\ud800","decision":"grant","purposes":["profiling"],"proof":{"a":"\u0000"}}`
  const headers = { ...key, 'content-type': 'application/json' }
  const answer = await served.server.inject({ method: 'POST', url: '/v1/consents', headers, payload })
  expect([answer.statusCode, served.failures]).toEqual([201, []])
  const { history } = (await ask('GET', `/v1/customers/${encodeURIComponent('u\ufffd')}/consents`)).json()
  expect(history).toMatchObject([{ decision: 'granted', proof: { a: '\ufffd' } }])
})

test('the defaults are read by who reads customers, and changed by an owner only', async () => {
  expect((await ask('GET', '/v1/consent-defaults')).json()).toEqual({ rule: 'analytics-only', declared: null })
  const wanted = { rule: 'by-region', declared: { basis: 'legitimate-interest', purposes: ['profiling'] } }
  expect((await ask('PUT', '/v1/consent-defaults', wanted)).statusCode).toBe(403)
  const changed = await ask('PUT', '/v1/consent-defaults', wanted, await served.keyHeaders('admin'))
  expect(changed.json()).toMatchObject(wanted)
  expect(holds((await ask('GET', '/v1/customers/bob/consents')).json())).toEqual(['analytics', 'profiling'])
  expect(holds((await ask('GET', '/v1/customers/ann/consents')).json())).toEqual([])
})
