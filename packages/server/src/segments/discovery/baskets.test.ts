import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { type Baskets, dealtAnew, takeBaskets } from './baskets.ts'

// Two kinds of customers who share no product, so that dealing has something to mix.
const rows = 60
const pairs = Array.from({ length: rows }, (_, customer) =>
  Array.from({ length: 3 + (customer % 4) }, (_, at) => ({ customer, product: 8 * (customer % 2) + at })),
).flat()
const baskets: Baskets = {
  productIds: Array.from({ length: 16 }, (_, product) => `p${product}`),
  customers: Int32Array.from(pairs, ({ customer }) => customer),
  products: Int32Array.from(pairs, ({ product }) => product),
  orders: Float64Array.from(pairs, (_, entry) => 1 + (entry % 3)),
}

const times = (values: Int32Array, of: number): number[] =>
  Array.from({ length: of }, (_, number) => values.filter((value) => value === number).length)
const repeats = ({ products, orders }: Baskets): string[] =>
  Array.from(products, (product, entry) => `${product} ${orders[entry]}`).sort()

test('dealt baskets keep how much each customer and each product has, and mix who has what', () => {
  const dealt = dealtAnew(baskets, rows, seededRandom(1))
  expect(times(dealt.customers, rows)).toEqual(times(baskets.customers, rows))
  expect(repeats(dealt)).toEqual(repeats(baskets))
  const kept = Array.from(dealt.customers, (customer, entry) => `${customer} ${dealt.products[entry]}`)
  expect(new Set(kept).size).toBe(kept.length)
  // By chance half of what a customer has is of the other kind.
  const crossed = dealt.products.filter((product, entry) => product >= 8 !== (dealt.customers[entry]! % 2 === 1))
  expect(Math.abs(crossed.length / kept.length - 0.5)).toBeLessThan(0.1)
  expect(dealtAnew(baskets, rows, seededRandom(1))).toEqual(dealt)
})

test('some baskets are numbered by their place', () => {
  const { customers, products } = takeBaskets(baskets, Int32Array.of(5, 2))
  expect(times(customers, 2)).toEqual([4, 5])
  expect([...products.filter((_, entry) => customers[entry] === 1)]).toEqual([0, 1, 2, 3, 4])
})
