/** Products in orders, one entry each, all by number from 0. */
export interface Baskets {
  /** `[m]` rising */
  readonly basket: Int32Array
  /** `[m]` rising within a basket, each product once */
  readonly product: Int32Array
  /** `[m]` */
  readonly buyer: Int32Array
}

/** Pairs of products that are in orders together. */
export interface CountedPairs {
  /** `[pairs]` rising, and then by `second`; `first` is below `second` */
  readonly first: readonly number[]
  readonly second: readonly number[]
  /** Orders that hold both. */
  readonly together: readonly number[]
}

/** Of buyers only so many are told apart: whether there are three is all that is asked. */
const buyersTold = 3

/**
 * Counts the orders that hold two products, for all pairs at once, and keeps those of at least `ordersMin` orders by at
 * least three buyers.
 *
 * One accumulator over the products, never all pairs: a database joins every order with itself and hashes each pair.
 *
 * Cost: half the sum over orders of (products of the order)².
 *
 * @example
 * const two = { basket: Int32Array.of(0, 0), product: Int32Array.of(0, 1), buyer: Int32Array.of(0, 0) }
 * countPairs(two, 1).together // [], as one buyer is no rule for others
 */
export function countPairs({ basket, product, buyer }: Baskets, ordersMin: number): CountedPairs {
  const products = product.reduce((most, one) => Math.max(most, one), -1) + 1
  const ends = basketEnds(basket)
  const { starts, entries } = byProduct(product, products)
  const counts = new Int32Array(products)
  const told = new Uint8Array(products)
  const firstBuyer = new Int32Array(products)
  const secondBuyer = new Int32Array(products)
  const pairs = { first: [] as number[], second: [] as number[], together: [] as number[] }
  for (let one = 0; one < products; one += 1) {
    if (starts[one + 1]! - starts[one]! < ordersMin) continue
    counts.fill(0)
    told.fill(0)
    for (let at = starts[one]!; at < starts[one + 1]!; at += 1) {
      const entry = entries[at]!
      const own = buyer[entry]!
      for (let place = entry + 1; place < ends[entry]!; place += 1) {
        const other = product[place]!
        counts[other]! += 1
        const known = told[other]!
        if (known === buyersTold) continue
        if (known === 0) firstBuyer[other] = own
        else if (own === firstBuyer[other]) continue
        else if (known === 1) secondBuyer[other] = own
        else if (own === secondBuyer[other]) continue
        told[other] = known + 1
      }
    }
    for (let other = one + 1; other < products; other += 1) {
      if (counts[other]! < ordersMin || told[other]! < buyersTold) continue
      pairs.first.push(one)
      pairs.second.push(other)
      pairs.together.push(counts[other]!)
    }
  }
  return pairs
}

/** `[m]` behind the last entry of each entry's basket. */
function basketEnds(basket: Int32Array): Int32Array {
  const ends = new Int32Array(basket.length)
  let end = basket.length
  for (let entry = basket.length - 1; entry >= 0; entry -= 1) {
    if (basket[entry] !== basket[entry + 1]) end = entry + 1
    ends[entry] = end
  }
  return ends
}

/** Entries sorted by product, by counting. */
function byProduct(product: Int32Array, products: number): { starts: Int32Array; entries: Int32Array } {
  const starts = new Int32Array(products + 1)
  for (const one of product) starts[one + 1]! += 1
  for (let one = 0; one < products; one += 1) starts[one + 1]! += starts[one]!
  const next = starts.slice()
  const entries = new Int32Array(product.length)
  product.forEach((one, entry) => {
    entries[next[one]!] = entry
    next[one]! += 1
  })
  return { starts, entries }
}
