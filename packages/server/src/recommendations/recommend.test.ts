import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayMs } from '../base/index.ts'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { compareRecommenders, cutBefore } from './compare.ts'
import { boughtTogether, customerRecommendations, recommend, similarProducts } from './index.ts'
import { customerOf, plantedEnd, productOf, shopOfTastes, storeOrders } from './planted-orders.contract.ts'
import { readPurchaseLog } from './purchase-log.ts'

let folder: string
let warehouse: Warehouse
const options = { asOf: plantedEnd, seed: 1 }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-recommend-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

async function found() {
  const result = await recommend(warehouse, options)
  if (!result.found) throw new Error(result.because)
  return result
}

const stored = () =>
  warehouse.rows<{ product_id: string }>('select * from recommendations order by customer_id, position')

/** Even products for even customers: what nobody could tell from popularity. */
const isOwnTaste = (customer: number, product: string): boolean => Number(product.slice(1)) % 2 === customer % 2

test('planted tastes are found, and told apart from popularity', async () => {
  await storeOrders(warehouse, shopOfTastes(300, 60, 1))
  const result = await found()
  expect(result.chosen).not.toBe('popularity')
  const [popularity, ...others] = result.newProducts
  for (const other of others) {
    expect(other.ndcg - other.ndcgMargin).toBeGreaterThan(popularity!.ndcg + popularity!.ndcgMargin)
  }
  for (const customer of [0, 1, 2, 3]) {
    const list = await customerRecommendations(warehouse, customerOf(customer))
    expect(list).toHaveLength(10)
    const chosen = list.filter(({ method }) => method !== 'popularity')
    const own = chosen.filter(({ productId }) => isOwnTaste(customer, productId))
    expect(own.length).toBeGreaterThanOrEqual(Math.min(8, chosen.length))
    const [bought] = await warehouse.rows<{ ids: string }>(
      "select string_agg(distinct product_id, ' ') as ids from order_lines where customer_id = $id",
      { id: customerOf(customer) },
    )
    for (const { productId, becauseProductId } of list) {
      expect(bought!.ids).not.toContain(productId)
      if (becauseProductId !== null) expect(bought!.ids).toContain(becauseProductId)
    }
  }
  const similar = await similarProducts(warehouse, productOf(4))
  expect(similar.every(({ productId }) => isOwnTaste(0, productId))).toBe(true)
  expect(similar[0]!.name).toMatch(/^Product p/)
})

test('repeat purchases are judged beside what the customer bought most and last', async () => {
  await storeOrders(warehouse, shopOfTastes(300, 40, 2))
  const { repeatPurchases } = await found()
  expect(repeatPurchases.map(({ name }) => name)).toEqual([
    'own frequency',
    'own recency',
    'popularity',
    'item-item',
    'ALS',
  ])
  for (const { hitRate } of repeatPurchases) expect(hitRate).toBeGreaterThan(0.5)
})

test('non-products, unavailable, long unsold and mostly returned products are shown to nobody', async () => {
  const orders = shopOfTastes(300, 60, 3)
  // Everybody buys postage; the most popular products of each taste must all go for a reason.
  const withPostage = orders.map((order) => ({ ...order, products: [...order.products, 'POST'] }))
  const unsold = orders
    .filter(({ at }) => at < plantedEnd - 185 * dayMs)
    .map((order) => ({ ...order, products: ['old-1'] }))
  await storeOrders(warehouse, withPostage)
  await storeOrders(warehouse, unsold, 10_000)
  const returned = Array.from({ length: 400 }, () => ({
    customerId: customerOf(1),
    at: plantedEnd - 1000,
    products: [productOf(1)],
    kind: 'cancellation' as const,
  }))
  await storeOrders(warehouse, returned, 20_000)
  await warehouse.run("insert into non_products values ('POST', 'test')")
  await warehouse.run(
    `insert into products (product_id, batch_id, known_at, is_available) values ('${productOf(0)}', 1, now(), false)`,
  )
  const result = await found()
  expect(result.leftOut).toEqual({ notProducts: 1, unavailable: 2, mostlyReturned: 1 })
  const banned = new Set(['POST', 'old-1', productOf(0), productOf(1)])
  const shown = [
    ...(await stored()).map(({ product_id }) => product_id),
    ...(await warehouse.rows<{ id: string }>('select other_product_id as id from related_products')).map(
      ({ id }) => id,
    ),
    ...result.mostRecommended.map(({ productId }) => productId),
    ...result.boughtTogether.flatMap(({ first, second }) => [first.productId, second.productId]),
  ]
  expect(shown.length).toBeGreaterThan(3000)
  expect(shown.filter((product) => banned.has(product))).toEqual([])
})

test('a customer without purchases gets what is popular, and the list says so', async () => {
  await storeOrders(warehouse, shopOfTastes(300, 60, 4))
  await warehouse.run("insert into customers (customer_id, batch_id) values ('newcomer', 1)")
  const result = await found()
  expect(result.customersServed).toBe(301)
  expect(result.customersByPopularity).toBeGreaterThanOrEqual(1)
  const list = await customerRecommendations(warehouse, 'newcomer')
  expect(list.map(({ method }) => method)).toEqual(new Array(10).fill('popularity'))
  expect(list.every(({ becauseProductId, because }) => becauseProductId === null && because === null)).toBe(true)
  const [top] = await warehouse.rows<{ id: string }>(
    'select product_id as id from order_lines group by 1 order by count(distinct customer_id) desc, 1 limit 1',
  )
  expect(list[0]!.productId).toBe(top!.id)
  expect(await customerRecommendations(warehouse, 'nobody')).toEqual([])
})

test('purchases after the moment, or received after it, change nothing', async () => {
  await storeOrders(warehouse, shopOfTastes(300, 60, 5))
  const first = await found()
  const before = await stored()
  const later = shopOfTastes(50, 60, 6).map((order) => ({ ...order, at: order.at + 301 * dayMs }))
  await storeOrders(warehouse, later, 10_000)
  const again = await found()
  expect({ ...again, modelId: '' }).toEqual({ ...first, modelId: '' })
  expect((await stored()).map((row) => ({ ...row, model_id: '' }))).toEqual(
    before.map((row) => ({ ...row, model_id: '' })),
  )
  expect(again.modelId).toBe(first.modelId.replace(/1$/, '2'))
})

test('settings and method are chosen without a look behind the cut', async () => {
  const orders = shopOfTastes(300, 60, 7)
  await storeOrders(warehouse, orders)
  const first = Math.min(...orders.map(({ at }) => at))
  const before = await compareRecommenders((await readPurchaseLog(warehouse, plantedEnd))!, options)
  if (!before.found) throw new Error(before.because)
  // After the cut everybody suddenly buys the other taste: judged so, chosen as before.
  const swapped = orders.map((order) =>
    order.at <= cutBefore(first, plantedEnd)!
      ? order
      : { ...order, products: order.products.map((id) => productOf(Number(id.slice(1)) ^ 1)) },
  )
  await warehouse.run('delete from order_lines')
  await storeOrders(warehouse, swapped)
  const after = await compareRecommenders((await readPurchaseLog(warehouse, plantedEnd))!, options)
  if (!after.found) throw new Error(after.because)
  expect(after.chosen).toEqual(before.chosen)
  expect(after.chosenBecause).toBe(before.chosenBecause)
  expect(after.newProducts).not.toEqual(before.newProducts)
})

test('an aborted run leaves the earlier lists', async () => {
  await storeOrders(warehouse, shopOfTastes(300, 60, 8))
  await found()
  const before = await stored()
  const stop = new AbortController()
  const work = {
    signal: stop.signal,
    onProgress: ({ stage }: { stage: string }) => {
      if (stage === 'recommending') stop.abort()
    },
  }
  await expect(recommend(warehouse, options, work)).rejects.toMatchObject({ code: 'work.aborted' })
  expect(await stored()).toEqual(before)
})

test('too little data is a reason, and takes earlier lists back', async () => {
  expect(await recommend(warehouse, options)).toEqual({
    found: false,
    because: 'no customer who may be profiled has bought a product',
  })
  await warehouse.run("insert into recommendations values ('a', 1, 'p', 1, null, 'old')")
  await storeOrders(warehouse, shopOfTastes(30, 60, 9))
  expect(await recommend(warehouse, options)).toMatchObject({
    found: false,
    because: expect.stringMatching(/^at least 50 customers must have bought something before the last fifth/),
  })
  expect(await stored()).toEqual([])
  await warehouse.run('delete from order_lines')
  await storeOrders(warehouse, [{ customerId: 'a', at: plantedEnd - 5, products: ['p1', 'p2'] }], 10_000)
  expect(await recommend(warehouse, options)).toEqual({
    found: false,
    because: 'customers must have bought at least 10 different products, got 2',
  })
})

test('pairs are read for one product and for the whole shop', async () => {
  const orders = shopOfTastes(300, 60, 10).map((order, at) =>
    at % 40 === 0 ? { ...order, products: ['tea', 'milk'] } : order,
  )
  await storeOrders(warehouse, orders)
  await found()
  const [pair] = await boughtTogether(warehouse)
  expect(pair).toMatchObject({ withProductId: 'milk', productId: 'tea', name: 'Product tea', together: 45 })
  expect(await boughtTogether(warehouse, 'tea')).toMatchObject([{ productId: 'milk', together: 45 }])
  expect(await boughtTogether(warehouse, 'nothing')).toEqual([])
})
