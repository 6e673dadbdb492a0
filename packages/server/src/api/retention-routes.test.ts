import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAudit } from '../access/index.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let headers: { readonly authorization: string }
beforeAll(async () => {
  served = await serveTestStore()
  headers = await served.keyHeaders('customers.erase')
})
afterAll(() => served.close())

const put = (payload: object) => served.server.inject({ method: 'PUT', url: '/v1/retention', headers, payload })
const post = (payload: object) => served.server.inject({ method: 'POST', url: '/v1/retention/runs', headers, payload })

test('periods are read and changed as a whole, and who did is known', async () => {
  const read = await served.server.inject({ url: '/v1/retention', headers })
  expect(read.json()).toEqual({ periods: {}, rewritesFiles: true })
  const wanted = { periods: { 'events/page': '6m', orders: '10y' }, rewritesFiles: false }
  expect((await put(wanted)).json()).toEqual(wanted)
  expect((await served.server.inject({ url: '/v1/retention', headers })).json()).toEqual(wanted)
  const [entry] = await readAudit(served.state.queries, { limit: 1 })
  expect(entry).toMatchObject({ action: 'retention.set', detail: wanted, actor: expect.stringMatching(/^key/) })
})

test.each([
  { periods: { customers: '6m' } },
  { periods: { events: '6 months' } },
  { periods: { events: null } },
  { periods: [] },
  {},
])('refuses %j', async (payload) => {
  const answer = await put(payload)
  expect(answer.statusCode).toBe(400)
  expect(answer.json()).toMatchObject({ code: 'api.body' })
})

test('a dry run counts, a run is a job of which one waits', async () => {
  const dry = await post({ dryRun: true })
  expect(dry.json()).toMatchObject({
    plan: [
      { kind: 'events/page', rows: 0 },
      { kind: 'orders', oldestKept: null },
    ],
  })
  const [first, second] = [await post({}), await post({})]
  expect(first.statusCode).toBe(202)
  expect(first.json()).toMatchObject({ kind: 'retention', status: 'queued' })
  expect(second.json().jobId).toBe(first.json().jobId)
})
