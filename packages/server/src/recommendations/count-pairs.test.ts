import { type SparseMatrix, seededRandom, sparseFromTriplets } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { inTurns } from '../base/index.ts'
import { type CountedPairs, countPairs } from './count-pairs.ts'

function baskets(orders: readonly (readonly [buyer: number, products: readonly number[]])[]): SparseMatrix {
  const entries = orders.flatMap(([buyer, products], basket) => products.map((product) => ({ basket, product, buyer })))
  const [basket, product, buyer] = (['basket', 'product', 'buyer'] as const).map((name) =>
    entries.map((entry) => entry[name]),
  )
  return sparseFromTriplets(orders.length, 12, basket!, product!, buyer!)
}

const counted = (
  orders: readonly (readonly [buyer: number, products: readonly number[]])[],
  ordersMin: number,
): Promise<CountedPairs> => inTurns(countPairs(baskets(orders), ordersMin))

test('a pair needs enough orders and three buyers', async () => {
  const pair = [0, 2]
  expect(
    await counted(
      [0, 1, 2].map((buyer) => [buyer, pair]),
      3,
    ),
  ).toEqual({
    first: [0],
    second: [2],
    together: [3],
  })
  expect(
    (
      await counted(
        [0, 1, 2].map((buyer) => [buyer, pair]),
        4,
      )
    ).together,
  ).toEqual([])
  expect(
    (
      await counted(
        [0, 1, 0, 1, 1].map((buyer) => [buyer, pair]),
        3,
      )
    ).together,
  ).toEqual([])
  expect((await counted([], 1)).together).toEqual([])
})

test('equal to counting every pair of every order', async () => {
  const random = seededRandom(4)
  const orders = Array.from({ length: 300 }, () => {
    const products = Array.from({ length: 12 }, (_, product) => product).filter(() => random.uniform() < 0.3)
    return [random.integer(6), products] as const
  })
  const expected: number[][] = []
  for (let one = 0; one < 12; one += 1) {
    for (let other = one + 1; other < 12; other += 1) {
      const both = orders.filter(([, products]) => products.includes(one) && products.includes(other))
      const buyers = new Set(both.map(([buyer]) => buyer))
      if (both.length >= 25 && buyers.size >= 3) expected.push([one, other, both.length])
    }
  }
  const { first, second, together } = await counted(orders, 25)
  expect(expected.length).toBeGreaterThan(5)
  expect(together.map((count, at) => [first[at], second[at], count])).toEqual(expected)
})
