import { afterAll, beforeAll, expect, test } from 'vitest'
import { declareSegments } from '../segments/index.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let headers: Record<string, string>

beforeAll(async () => {
  served = await serveTestStore({ allowHosts: ['10.0.0.7'] })
  headers = await served.keyHeaders('sources.manage')
  await declareSegments(served.state.queries, [{ id: 'list.vip', name: 'VIP', words: 'by hand', list: true }])
})
afterAll(() => served.close())

const add = async (more: object) => {
  const payload = { name: 'CRM', url: 'https://crm.example/in', ...more }
  const answer = await served.server.inject({ method: 'POST', url: '/v1/receivers', headers, payload })
  return { status: answer.statusCode, ...(answer.json() as { readonly code?: string; readonly detail?: string }) }
}

test.each([
  [{ segments: ['list.vip', 'rule.nonesuch'] }, 'segments.receiver-segments', 'got rule.nonesuch: '],
  [{ segments: ['rfm.champions'] }, 'segments.receiver-segments', 'segments of analyses tell of nobody'],
  [
    { url: 'http://localhost:9911/hook' },
    'segments.receiver-url',
    'that RAPPORT_ALLOW_HOSTS lists (10.0.0.7), got localhost',
  ],
  [{ url: 'http://169.254.169.254/hook' }, 'segments.receiver-url', 'got 169.254.169.254: nothing would be sent there'],
])('%j is refused, and not kept', async (more, code, words) => {
  expect(await add(more)).toMatchObject({ status: 400, code, detail: expect.stringContaining(words) })
  const { receivers } = (await served.server.inject({ url: '/v1/receivers', headers })).json()
  expect(receivers).toEqual([])
})

test('a declared segment and an address that is allowed are taken', async () => {
  const made = await add({ url: 'http://10.0.0.7/in', segments: ['list.vip'] })
  expect(made).toMatchObject({ status: 201, receiver: { url: 'http://10.0.0.7/in', segments: ['list.vip'] } })
})
