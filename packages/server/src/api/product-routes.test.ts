import { productDocument, productPage } from '@rapport/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServedStore, serveTestStore } from './served-store.contract.ts'

let served: ServedStore
let headers: Record<string, string>

beforeAll(async () => {
  served = await serveTestStore()
  headers = await served.keyHeaders('products.write')
})

afterAll(() => served.close())

const put = (payload: object) => served.server.inject({ method: 'PUT', url: '/v1/products', payload, headers })
const get = async (path: string) => (await served.server.inject({ url: `/v1/products${path}`, headers })).json()

test('one product or many are put, found, and have a history', async () => {
  const mug = { product_id: 'a/mug', name: 'Mug', price: 7.5, currency: 'EUR', known_at: '2026-01-01T00:00:00Z' }
  expect((await put(mug)).json()).toEqual({ changed: 1, unchanged: 0 })
  const cup = { product_id: 'cup', name: 'Cup', stock: 0, known_at: '2026-01-01T00:00:00Z' }
  const later = { known_at: '2026-02-01T00:00:00Z' }
  expect((await put({ products: [{ ...mug, ...later, price: 6 }, cup] })).json()).toEqual({ changed: 2, unchanged: 0 })
  await put({ ...cup, ...later, stock: 2 })

  expect((await get('?search=cu')).products).toMatchObject([{ productId: 'cup', isAvailable: true }])
  const first = await get('?limit=1')
  expect([first.next, (await get(`?limit=1&after=${encodeURIComponent(first.next)}`)).next]).toEqual(['a/mug', null])
  const since = encodeURIComponent('2026-01-15T00:00:00+01:00')
  expect((await get(`?cheaper_since=${since}`)).products).toMatchObject([
    { productId: 'a/mug', beforeMicros: 7_500_000 },
  ])
  expect((await get(`?back_since=${since}`)).products).toMatchObject([{ productId: 'cup' }])
  const view = await get(`/${encodeURIComponent('a/mug')}?at=${since}`)
  expect([productDocument.safeParse(view).error, productPage.safeParse(first).error]).toEqual([undefined, undefined])
  expect([view.priceMicros, view.priceAt.priceMicros, view.prices.length]).toEqual([6_000_000, 7_500_000, 2])
})

test.each([
  [{ product_id: 'x', prise: 1 }, '', 'prise'],
  [{ products: [{ product_id: 'x' }, { product_id: 'y', price: 'free' }] }, '/products/1/price', 'price'],
  [{ products: [] }, '/products', 'products'],
])('what does not fit is refused with its place', async (body, pointer, words) => {
  const answer = await put(body)
  expect([answer.statusCode, answer.json()]).toMatchObject([400, { code: 'catalogue.product', pointer }])
  expect(answer.json().detail).toContain(words)
})

test('a product that is not there, two questions at once, and no moment', async () => {
  expect(await get('/none')).toMatchObject({ status: 404, code: 'catalogue.not-found' })
  const since = encodeURIComponent('2026-01-15T00:00:00Z')
  expect(await get(`?search=x&back_since=${since}`)).toMatchObject({ status: 400, code: 'api.query' })
  expect(await get('?back_since=yesterday')).toMatchObject({ status: 400, code: 'api.query' })
})
