import { type SparseMatrix, sparseFromTriplets } from '@rapport/numerics'
import type { Instant, Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** Who bought what up to a cut, and what they bought after it. Rows are customers, columns products. */
export interface SplitPurchases {
  /** Strength of each purchase up to the cut: 1 + ln(orders). */
  readonly history: SparseMatrix
  /** Orders of each pair up to the cut, and days from the last of them to the cut, laid out as `history`. */
  readonly orders: Float64Array
  readonly daysAgo: Float64Array
  /** After the cut: products that the customer had not bought before it, and products that they had. */
  readonly later: { readonly new: SparseMatrix; readonly repeated: SparseMatrix }
}

/**
 * Purchases known as of `asOf`, split at `cut`; `cut` equal to `asOf` puts all of them into the history.
 *
 * @param customers, products how many there are as of `asOf`
 */
export async function readPurchases(
  warehouse: Warehouse,
  { asOf, cut, customers, products }: { asOf: Instant; cut: Instant; customers: number; products: number },
  work?: Work,
): Promise<SplitPurchases> {
  const read = await warehouse.columns(query('purchases'), { as_of: { instant: asOf }, cut: { instant: cut } }, work)
  const [customer, product, before, later, daysAgo] = ['customer', 'product', 'before', 'later', 'days_ago'].map(
    (name) => read.numbers(name),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  const rowsWhere = (keep: (row: number) => boolean): Int32Array =>
    Int32Array.from({ length: read.rows }, (_, row) => row).filter(keep)
  const matrixOf = (rows: Int32Array, value: (row: number) => number): SparseMatrix =>
    sparseFromTriplets(
      customers,
      products,
      Int32Array.from(rows, (row) => customer[row]!),
      Int32Array.from(rows, (row) => product[row]!),
      Float64Array.from(rows, value),
    )
  // The query orders by customer and product, so the entries of the matrix are these rows in this order.
  const known = rowsWhere((row) => before[row]! > 0)
  return {
    history: matrixOf(known, (row) => 1 + Math.log(before[row]!)),
    orders: Float64Array.from(known, (row) => before[row]!),
    daysAgo: Float64Array.from(known, (row) => daysAgo[row]!),
    later: {
      new: matrixOf(
        rowsWhere((row) => later[row]! > 0 && before[row] === 0),
        () => 1,
      ),
      repeated: matrixOf(
        rowsWhere((row) => later[row]! > 0 && before[row]! > 0),
        () => 1,
      ),
    },
  }
}

/** Products sold by then, and which of them must not be recommended. */
export interface Assortment {
  /** `[products]` ascending. */
  readonly ids: readonly string[]
  readonly names: readonly string[]
  /** `[products]` 1 where it must not be recommended. */
  readonly denied: Uint8Array
  readonly unavailable: number
  readonly mostlyReturned: number
  readonly notProducts: number
}

/** A product whose availability nobody states counts as gone when it was not sold for so long. */
const unsoldDays = 180

export async function readAssortment(warehouse: Warehouse, asOf: Instant, work?: Work): Promise<Assortment> {
  const read = await warehouse.columns(query('products'), { as_of: { instant: asOf }, unsold_days: unsoldDays }, work)
  const unavailable = read.numbers('is_unavailable')
  const returned = read.numbers('is_mostly_returned')
  const [codes] = await warehouse.rows<{ n: number }>(query('left_out_codes'), { as_of: { instant: asOf } })
  const count = (flags: Float64Array): number => flags.reduce((sum, flag) => sum + (flag === 1 ? 1 : 0), 0)
  return {
    ids: read.keys('product_id'),
    names: read.keys('name'),
    denied: Uint8Array.from(unavailable, (flag, product) => (flag === 1 || returned[product] === 1 ? 1 : 0)),
    unavailable: count(unavailable),
    mostlyReturned: count(returned),
    notProducts: codes!.n,
  }
}
