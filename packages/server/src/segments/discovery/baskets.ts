import type { Random } from '@rapport/numerics'

/** What each customer bought, by number. */
export interface Baskets {
  /** `[products]` */
  readonly productIds: readonly string[]
  /** `[entries]` rows of customers, positions of products, and in how many orders; each pair stands once. */
  readonly customers: Int32Array
  readonly products: Int32Array
  readonly orders: Float64Array
}

/** The baskets of some customers, who are numbered by their place among `rows`. */
export function takeBaskets({ productIds, ...all }: Baskets, rows: Int32Array): Baskets {
  const placeOf = new Map(Array.from(rows, (row, place) => [row, place]))
  const entries = Int32Array.from(all.customers.keys()).filter((entry) => placeOf.has(all.customers[entry]!))
  return {
    productIds,
    customers: entries.map((entry) => placeOf.get(all.customers[entry]!)!),
    products: entries.map((entry) => all.products[entry]!),
    orders: Float64Array.from(entries, (entry) => all.orders[entry]!),
  }
}

/** Pairs of customers who trade, for each customer: Strona et al. find baskets mixed after about as many. */
const tradesEach = 5

/**
 * The same baskets dealt anew: each customer has as many products, each product as many customers and repeats, and who
 * bought what together is chance.
 *
 * Two customers at random put what only one of them has on a heap, and each takes back as much as was given.
 *
 * @param rows customers
 *
 * Cost: O(trades × products of a customer).
 * Source: Strona, Nappo, Boccacci, Fattorini & San-Miguel-Ayanz, "A fast and unbiased procedure to randomize ecological
 * binary matrices with fixed row and column totals", Nature Communications 5, 2014 (curveball).
 */
export function dealtAnew(baskets: Baskets, rows: number, random: Random): Baskets {
  // Product → orders, by customer.
  const hands = Array.from({ length: rows }, () => new Map<number, number>())
  baskets.customers.forEach((customer, entry) => {
    hands[customer]!.set(baskets.products[entry]!, baskets.orders[entry]!)
  })
  for (let trade = 0; trade < tradesEach * rows; trade += 1) {
    const [one, other] = [hands[random.integer(rows)]!, hands[random.integer(rows)]!]
    if (one !== other) tradeHands(one, other, random)
  }
  const entries = hands.flatMap((hand, customer) =>
    Array.from(hand, ([product, orders]) => ({ customer, product, orders })).sort((a, b) => a.product - b.product),
  )
  return {
    productIds: baskets.productIds,
    customers: Int32Array.from(entries, ({ customer }) => customer),
    products: Int32Array.from(entries, ({ product }) => product),
    orders: Float64Array.from(entries, ({ orders }) => orders),
  }
}

function tradeHands(one: Map<number, number>, other: Map<number, number>, random: Random): void {
  const given = [...one].filter(([product]) => !other.has(product))
  const heap = [...given, ...[...other].filter(([product]) => !one.has(product))]
  for (const [product] of heap) {
    one.delete(product)
    other.delete(product)
  }
  const places = Int32Array.from(heap.keys())
  random.shuffle(places)
  places.forEach((at, place) => {
    const [product, orders] = heap[at]!
    const hand = place < given.length ? one : other
    hand.set(product, orders)
  })
}
