import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { type Baskets, countPairs } from './count-pairs.ts'

function baskets(orders: readonly (readonly [buyer: number, products: readonly number[]])[]): Baskets {
  const entries = orders.flatMap(([buyer, products], basket) => products.map((product) => ({ basket, product, buyer })))
  const column = (name: 'basket' | 'product' | 'buyer'): Int32Array => Int32Array.from(entries, (entry) => entry[name])
  return { basket: column('basket'), product: column('product'), buyer: column('buyer') }
}

test('a pair needs enough orders and three buyers', () => {
  const pair = [0, 2]
  expect(countPairs(baskets([0, 1, 2].map((buyer) => [buyer, pair])), 3)).toEqual({
    first: [0],
    second: [2],
    together: [3],
  })
  expect(countPairs(baskets([0, 1, 2].map((buyer) => [buyer, pair])), 4).together).toEqual([])
  expect(countPairs(baskets([0, 1, 0, 1, 1].map((buyer) => [buyer, pair])), 3).together).toEqual([])
  expect(countPairs(baskets([]), 1).together).toEqual([])
})

test('equal to counting every pair of every order', () => {
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
  const { first, second, together } = countPairs(baskets(orders), 25)
  expect(expected.length).toBeGreaterThan(5)
  expect(together.map((count, at) => [first[at], second[at], count])).toEqual(expected)
})
