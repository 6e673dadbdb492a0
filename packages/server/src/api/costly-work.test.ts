import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { declareFeatures } from '../features/index.ts'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let url: string
let headers: { authorization: string; 'content-type': string }

beforeAll(async () => {
  served = await serveTestStore()
  const views = { aggregate: 'count', from: { events: 'Product Viewed' } }
  await declareFeatures(served.state.queries, [{ name: 'views', label: 'views', value: views }])
  headers = { ...(await served.keyHeaders('customers.read')), 'content-type': 'application/json' }
  await served.server.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(served.server.server.address() as AddressInfo).port}/v1`
})
afterAll(async () => {
  served.server.server.closeAllConnections()
  await served.close()
})

const asked = [
  ['/segments/previews', { rule: { event: 'Product Viewed', withinDays: 7 } }],
  ['/features/values', { customers: ['ann'] }],
] as const

test.each(asked)('%s stops with the connection, and is refused beside four', async (path, body) => {
  await served.server.inject({
    ...{ method: 'POST', url: '/v1/track', headers: { authorization: `Basic ${btoa(`${served.writeKey}:`)}` } },
    payload: { event: 'Product Viewed', userId: 'ann' },
  })
  await served.log.settle()
  const stopped: unknown[] = []
  let begun = 0
  const read = served.warehouse.columns.bind(served.warehouse)
  const spy = vi.spyOn(served.warehouse, 'columns').mockImplementation(async (sql, parameters, work) => {
    if (work?.signal === undefined) return read(sql, parameters, work)
    begun += 1
    // It would take for ever.
    return new Promise((_, reject) => {
      work.signal!.addEventListener('abort', () => {
        stopped.push(work.signal!.reason)
        reject(work.signal!.reason)
      })
    })
  })
  const gone = new AbortController()
  const ask = (signal?: AbortSignal) =>
    fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body), ...(signal ? { signal } : {}) })
  const four = [1, 2, 3, 4].map(() => ask(gone.signal).catch(() => 'gone'))
  await vi.waitFor(() => expect(begun).toBe(4), { timeout: 10_000 })
  const fifth = await ask()
  expect([fifth.status, ((await fifth.json()) as { code: string }).code, fifth.headers.get('retry-after')]).toEqual([
    429,
    'api.busy',
    '1',
  ])
  gone.abort()
  expect(await Promise.all(four)).toEqual(['gone', 'gone', 'gone', 'gone'])
  await vi.waitFor(() => expect(stopped).toHaveLength(4), { timeout: 10_000 })
  spy.mockRestore()
  await vi.waitFor(async () => expect((await ask()).status).toBe(200), { timeout: 10_000 })
  expect(served.failures).toEqual([])
})
