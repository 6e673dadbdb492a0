import { benjaminiHochberg } from '@rapport/learn'
import { nextTurn, regularisedGamma, type SparseMatrix, sparseFromTriplets } from '@rapport/numerics'
import { type Instant, inTurns, type Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { type CountedPairs, countPairs } from './count-pairs.ts'

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
export function pairsBeyondChance(pairs: Iterable<PairCount>, totals: BasketTotals): ProductPair[] {
  const candidates: (ProductPair & { readonly chance: number })[] = []
  for (const pair of pairs) {
    const { first, second, together } = pair
    const expected = expectedTogether(pair, totals)
    // Those below never pass, nor change whether others do; most are told without their chance.
    if (together <= expected) continue
    const chance = regularisedGamma(together, expected)
    if (chance > falseShareMax) continue
    const low = Math.max(together - 1.96 * Math.sqrt(together), 0)
    candidates.push({ first, second, orders: together, lift: together / expected, liftLow: low / expected, chance })
  }
  if (candidates.length === 0) return []
  const comparisons = (totals.products * (totals.products - 1)) / 2
  // Those left out have larger p-values than these, so only the number of comparisons changes.
  const adjusted = benjaminiHochberg(candidates.map(({ chance }) => chance))
  const factor = Math.max(comparisons / candidates.length, 1)
  return candidates
    .filter((_, at) => adjusted[at]! * factor <= falseShareMax)
    .map(({ chance: _chance, ...pair }) => pair)
    .sort(
      (a, b) => b.liftLow - a.liftLow || (a.first < b.first || (a.first === b.first && a.second < b.second) ? -1 : 1),
    )
}

export async function findPairs(warehouse: Warehouse, asOf: Instant, work?: Work): Promise<ProductPair[]> {
  const moment = { as_of: { instant: asOf } }
  // One moment of the store, as the entries tell products by their places in the list.
  const { read, ids } = await warehouse.transaction(async () => ({
    read: await warehouse.columns(query('basket_entries'), moment, work),
    ids: (await warehouse.columns(query('basket_products'), moment, work)).keys('product_id'),
  }))
  await nextTurn(work)
  const [basket, product, buyer] = [read.numbers('basket'), read.numbers('product'), read.numbers('buyer')]
  let orders = 0
  for (let at = 0; at < basket.length; at += 1) if (basket[at]! >= orders) orders = basket[at]! + 1
  // Row after row, products rising; an order has a product once, so that no two buyers are added up.
  const baskets = withoutStockOrders(sparseFromTriplets(orders, ids.length, basket, product, buyer))
  await nextTurn(work)
  const counts = new Int32Array(ids.length)
  for (let at = 0; at < baskets.columnIndices.length; at += 1) counts[baskets.columnIndices[at]!]! += 1
  const counted = await inTurns(countPairs(baskets, ordersMin, work))
  return pairsBeyondChance(namedPairs(counted, ids, counts), totalsOf(baskets, counts))
}

function withoutStockOrders(orders: SparseMatrix): SparseMatrix {
  const rowStarts = new Int32Array(orders.rows + 1)
  const columnIndices = new Int32Array(orders.columnIndices.length)
  const values = new Float64Array(orders.values.length)
  let kept = 0
  for (let row = 0; row < orders.rows; row += 1) {
    const [from, to] = [orders.rowStarts[row]!, orders.rowStarts[row + 1]!]
    if (to - from <= productsMax) {
      columnIndices.set(orders.columnIndices.subarray(from, to), kept)
      values.set(orders.values.subarray(from, to), kept)
      kept += to - from
    }
    rowStarts[row + 1] = kept
  }
  return { ...orders, rowStarts, columnIndices: columnIndices.slice(0, kept), values: values.slice(0, kept) }
}

function totalsOf({ rows, rowStarts, columnIndices }: SparseMatrix, counts: Int32Array): BasketTotals {
  let orderedPairs = 0
  for (let row = 0; row < rows; row += 1) {
    const size = rowStarts[row + 1]! - rowStarts[row]!
    orderedPairs += size * (size - 1)
  }
  return { places: columnIndices.length, orderedPairs, products: counts.filter((count) => count >= ordersMin).length }
}

function* namedPairs({ first, second, together }: CountedPairs, ids: readonly string[], orders: Int32Array) {
  for (let at = 0; at < together.length; at += 1) {
    const [one, other] = [first[at]!, second[at]!]
    yield {
      first: ids[one]!,
      second: ids[other]!,
      firstOrders: orders[one]!,
      secondOrders: orders[other]!,
      together: together[at]!,
    }
  }
}
