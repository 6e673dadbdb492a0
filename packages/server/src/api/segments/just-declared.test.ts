import { afterAll, beforeAll, expect, test } from 'vitest'
import { declareSegments } from '../../segments/index.ts'
import { type ServedStore, serveTestStore } from '../served-store.contract.ts'

let served: ServedStore

beforeAll(async () => {
  served = await serveTestStore()
  await served.live.build()
  // Nothing looks at what is declared here.
  await declareSegments(served.state.queries, [{ id: 'list.vip', name: 'VIP', words: 'by hand', list: true }])
})
afterAll(() => served.close())

test.each([
  '/v1/customers/ann/now/segments/ID',
  '/v1/segments/ID/members',
  '/v1/segments/ID/members.csv',
  '/v1/segments/ID/trend',
  '/v1/segments/overlaps?segments=ID,ID',
])('%s of what was declared just now is to be asked for again; of nothing it is not found', async (path) => {
  const headers = await served.keyHeaders('customers.read')
  const ask = async (id: string) => {
    const answer = await served.server.inject({ url: path.replaceAll('ID', id), headers })
    return [answer.statusCode, answer.json().code, answer.headers['retry-after'] !== undefined]
  }
  expect(await ask('list.vip')).toEqual([503, 'segments.new', true])
  expect(served.failures).toEqual([])
  expect(await ask('list.none')).toEqual([404, 'segments.unknown', false])
})
