import { benjaminiHochberg } from '@rapport/learn'
import { regularisedGamma } from '@rapport/numerics'
import { type Instant, stopIfAborted, type Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { countPairs } from './count-pairs.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** Two products that are in one order more often than chance puts them there. */
export interface ProductPair {
  readonly first: string
  readonly second: string
  /** Orders that hold both. */
  readonly orders: number
  /** How many times as many orders as chance would give; see `expectedTogether`. */
  readonly lift: number
  /** The lower end of the lift's 95 % interval: what pairs are ordered by, so that few orders cannot lead. */
  readonly liftLow: number
}

/** Counts over the orders that are compared. */
export interface BasketTotals {
  /** Products in orders, each order's product once. */
  readonly places: number
  /** Over all orders, products × (products − 1). */
  readonly orderedPairs: number
  /** Products that are in enough orders to be compared. */
  readonly products: number
}

export interface PairCount {
  readonly first: string
  readonly second: string
  readonly firstOrders: number
  readonly secondOrders: number
  readonly together: number
}

/** Orders of more products are stock orders: half of the pairs would come from a few of them. */
const productsMax = 100
/** A pair must be in so many orders, of three buyers or more: one customer's habit is no rule for others. */
const ordersMin = 5
/** Of the pairs that are shown, at most this share is there by chance. */
const falseShareMax = 0.01

/**
 * Orders that would hold both products if every order kept its size and drew its products by their popularity.
 *
 * The usual n₁ n₂ / orders would take large orders for a bond between all products in them.
 */
export const expectedTogether = (pair: PairCount, totals: BasketTotals): number =>
  (pair.firstOrders * pair.secondOrders * totals.orderedPairs) / totals.places ** 2

/**
 * The pairs that stand out from chance: a Poisson test of each, with the false share bounded over all pairs of products
 * that could have been found, not only over those that were.
 *
 * @param pairs those with a count; all others count as tested too
 * @returns strongest first
 *
 * Source: Benjamini & Hochberg, J. R. Stat. Soc. B 57(1), 1995.
 */
export function pairsBeyondChance(pairs: readonly PairCount[], totals: BasketTotals): ProductPair[] {
  if (pairs.length === 0) return []
  const expected = pairs.map((pair) => expectedTogether(pair, totals))
  const chances = pairs.map(({ together }, at) => regularisedGamma(together, expected[at]!))
  const comparisons = (totals.products * (totals.products - 1)) / 2
  // Those not listed have p-values near 1 and never pass, so only the number of comparisons changes.
  const adjusted = benjaminiHochberg(chances)
  const factor = Math.max(comparisons / pairs.length, 1)
  return pairs
    .map(({ first, second, together }, at) => ({
      first,
      second,
      orders: together,
      lift: together / expected[at]!,
      liftLow: Math.max(together - 1.96 * Math.sqrt(together), 0) / expected[at]!,
      chance: adjusted[at]! * factor,
    }))
    .filter(({ chance, lift }) => chance <= falseShareMax && lift > 1)
    .map(({ chance: _chance, ...pair }) => pair)
    .sort(
      (a, b) => b.liftLow - a.liftLow || (a.first < b.first || (a.first === b.first && a.second < b.second) ? -1 : 1),
    )
}

export async function findPairs(warehouse: Warehouse, asOf: Instant, work?: Work): Promise<ProductPair[]> {
  const mins = { orders_min: ordersMin }
  await warehouse.run(query('make_baskets'), { as_of: { instant: asOf }, products_max: productsMax }, work)
  try {
    const [totals] = await warehouse.rows<{ places: number; ordered_pairs: number; products: number }>(
      query('basket_totals'),
      mins,
    )
    const read = await warehouse.columns(query('basket_entries'), undefined, work)
    const named = await warehouse.columns(query('basket_products'))
    const ids = named.keys('product_id')
    const orders = named.numbers('orders')
    stopIfAborted(work)
    const { first, second, together } = countPairs(
      {
        basket: Int32Array.from(read.numbers('basket')),
        product: Int32Array.from(read.numbers('product')),
        buyer: Int32Array.from(read.numbers('buyer')),
      },
      ordersMin,
    )
    const pairs = together.map((count, at) => ({
      first: ids[first[at]!]!,
      second: ids[second[at]!]!,
      firstOrders: orders[first[at]!]!,
      secondOrders: orders[second[at]!]!,
      together: count,
    }))
    const { places, ordered_pairs: orderedPairs, products } = totals!
    return pairsBeyondChance(pairs, { places, orderedPairs, products })
  } finally {
    await warehouse.run(query('drop_baskets'))
  }
}
