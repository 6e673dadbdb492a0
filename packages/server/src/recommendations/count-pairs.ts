import { type SparseMatrix, transposeSparse } from '@rapport/numerics'
import { stopIfAborted, type Work } from '../base/index.ts'

/** Pairs of products that are in orders together. */
export interface CountedPairs {
  /** `[pairs]` rising, and then by `second`; `first` is below `second` */
  readonly first: readonly number[]
  readonly second: readonly number[]
  /** Orders that hold both. */
  readonly together: readonly number[]
}

/** Products between two pauses. */
const productsPerStep = 64
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
 * @param baskets `[orders × products]`, each value the number of the buyer
 * @returns in steps, for `inTurns`
 *
 * @example
 * const two = sparseFromTriplets(1, 2, [0, 0], [0, 1], [7, 7])
 * (await inTurns(countPairs(two, 1))).together // [], as one buyer is no rule for others
 */
export function* countPairs(baskets: SparseMatrix, ordersMin: number, work?: Work): Generator<void, CountedPairs> {
  const { columns: products, rowStarts, columnIndices } = baskets
  const byProduct = transposeSparse(baskets)
  // Products are taken in rising order, so what is behind one in a basket begins one place further on each time.
  const next = rowStarts.slice(0, baskets.rows)
  const counts = new Int32Array(products)
  const told = new Uint8Array(products)
  const firstBuyer = new Float64Array(products)
  const secondBuyer = new Float64Array(products)
  const pairs = { first: [] as number[], second: [] as number[], together: [] as number[] }
  for (let one = 0; one < products; one += 1) {
    if (one % productsPerStep === 0) {
      yield
      stopIfAborted(work)
    }
    const from = byProduct.rowStarts[one]!
    const to = byProduct.rowStarts[one + 1]!
    const isFrequent = to - from >= ordersMin
    counts.fill(0)
    told.fill(0)
    for (let at = from; at < to; at += 1) {
      const basket = byProduct.columnIndices[at]!
      const own = byProduct.values[at]!
      next[basket]! += 1
      if (!isFrequent) continue
      const end = rowStarts[basket + 1]!
      for (let place = next[basket]!; place < end; place += 1) {
        const other = columnIndices[place]!
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
    if (!isFrequent) continue
    for (let other = one + 1; other < products; other += 1) {
      if (counts[other]! < ordersMin || told[other]! < buyersTold) continue
      pairs.first.push(one)
      pairs.second.push(other)
      pairs.together.push(counts[other]!)
    }
  }
  return pairs
}
