import { regularisedGamma } from '@rapport/numerics'
import type { Instant, Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** Two products that one order holds more often than chance would have it. */
export interface ProductPair {
  readonly first: string
  readonly second: string
  /** Orders that hold both. */
  readonly together: number
  /** Orders that hold each. */
  readonly firstOrders: number
  readonly secondOrders: number
  /** Times as often together as if they were bought independently. */
  readonly lift: number
}

const supportMin = 5
const productsPerOrderMax = 100
const liftMin = 1.2
/** Chance that any pair at all is shown that is together only by chance. */
const falsePairChance = 0.05

/**
 * Products bought together, most often first.
 *
 * With independent products the number of common orders is nearly Poisson with mean n₁n₂/n; a pair is kept when so many or
 * more would be less likely than 0.05 divided by the number of all pairs (Bonferroni), so a shop of random baskets shows
 * none.
 */
export async function findPairs(
  warehouse: Warehouse,
  asOf: Instant,
  products: number,
  work?: Work,
): Promise<ProductPair[]> {
  const read = await warehouse.columns(
    query('pairs_in_orders'),
    { as_of: { instant: asOf }, support_min: supportMin, products_max: productsPerOrderMax },
    work,
  )
  const [together, firstOrders, secondOrders, orders] = ['together', 'first_orders', 'second_orders', 'orders'].map(
    (name) => read.numbers(name),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array]
  const first = read.keys('first')
  const second = read.keys('second')
  const chanceMax = falsePairChance / Math.max((products * (products - 1)) / 2, 1)
  const pairs: ProductPair[] = []
  for (let row = 0; row < read.rows; row += 1) {
    const expected = (firstOrders[row]! * secondOrders[row]!) / orders[row]!
    const lift = together[row]! / expected
    if (lift < liftMin || regularisedGamma(together[row]!, expected) > chanceMax) continue
    pairs.push({
      first: first[row]!,
      second: second[row]!,
      together: together[row]!,
      firstOrders: firstOrders[row]!,
      secondOrders: secondOrders[row]!,
      lift,
    })
  }
  return pairs.sort((a, b) => b.together - a.together || (a.first < b.first ? -1 : 1))
}
