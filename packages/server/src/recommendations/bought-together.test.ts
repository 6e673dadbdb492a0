import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { expectedTogether, findPairs, pairsBeyondChance } from './bought-together.ts'
import { plantedEnd, randomBaskets, storeOrders } from './planted-orders.contract.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-pairs-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

test('planted pairs are found among random orders, and nothing else', async () => {
  const orders = randomBaskets(3000, 80, 1).map((order, at) => ({
    ...order,
    // Every fiftieth order gets one of three pairs of products that are otherwise rare.
    products: at % 50 === 0 ? [...order.products, `left-${(at / 50) % 3}`, `right-${(at / 50) % 3}`] : order.products,
  }))
  await storeOrders(warehouse, orders)
  const pairs = await findPairs(warehouse, plantedEnd)
  expect(pairs.map(({ first, second, orders: together }) => [first, second, together])).toEqual([
    ['left-0', 'right-0', 20],
    ['left-1', 'right-1', 20],
    ['left-2', 'right-2', 20],
  ])
  for (const { lift, liftLow } of pairs) expect(lift > liftLow && liftLow > 20).toBe(true)
})

test.each([2, 3, 4])('random orders of very different sizes hold no pairs (seed %i)', async (seed) => {
  await storeOrders(warehouse, randomBaskets(3000, 80, seed))
  expect(await findPairs(warehouse, plantedEnd)).toEqual([])
})

test('one customer’s habit, however often, is no pair', async () => {
  const habit = Array.from({ length: 30 }, (_, at) => ({
    customerId: at % 2 === 0 ? 'ann' : 'bob',
    at: plantedEnd - at * 1000,
    products: ['tea', 'milk'],
  }))
  await storeOrders(warehouse, [...randomBaskets(1000, 60, 5), ...habit])
  expect(await findPairs(warehouse, plantedEnd)).toEqual([])
  await storeOrders(warehouse, [{ customerId: 'cid', at: plantedEnd - 1, products: ['tea', 'milk'] }], 5000)
  expect((await findPairs(warehouse, plantedEnd)).map(({ first, second }) => [first, second])).toEqual([
    ['milk', 'tea'],
  ])
})

test('expected orders add up to the pairs there are', () => {
  // Orders {a, b}, {a, b, c}, {c}: 6 places, 2 + 6 ordered pairs.
  const totals = { places: 6, orderedPairs: 8, products: 3 }
  const count = { first: 'a', second: 'b', firstOrders: 2, secondOrders: 2, together: 2 }
  expect(expectedTogether(count, totals)).toBeCloseTo((2 * 2 * 8) / 36, 12)
})

test('every pair that could have been found counts as a comparison', () => {
  const pair = { first: 'a', second: 'b', firstOrders: 20, secondOrders: 20, together: 9 }
  const totals = { places: 1000, orderedPairs: 5000, products: 0 }
  expect(pairsBeyondChance([pair], { ...totals, products: 4 })).toHaveLength(1)
  expect(pairsBeyondChance([pair], { ...totals, products: 4000 })).toHaveLength(0)
  expect(pairsBeyondChance([], totals)).toEqual([])
})
