import { nextTurn, type SparseMatrix } from '@rapport/numerics'
import { dayMs, type Instant, type Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** Every purchase of a real product by a known customer, by number. */
export interface PurchaseLog {
  /** Ascending by code point. */
  readonly customerIds: readonly string[]
  readonly products: ProductFacts
  /** `[m]` number of the customer, rising; of the product, rising within a customer; and the moment. */
  readonly customer: Int32Array
  readonly product: Int32Array
  readonly at: Float64Array
  readonly first: Instant
}

/** What is known of each product, `[products]` ascending by id. */
export interface ProductFacts {
  readonly ids: readonly string[]
  readonly names: readonly string[]
  readonly lastSoldAt: Float64Array
  /** Pieces. */
  readonly sold: Float64Array
  readonly returned: Float64Array
  /** 0 where the catalogue says that it is not available. */
  readonly available: Float64Array
}

export async function readPurchaseLog(
  warehouse: Warehouse,
  asOf: Instant,
  work?: Work,
): Promise<PurchaseLog | undefined> {
  const moment = { as_of: { instant: asOf } }
  // Numbers are places in lists that are read after them: who is erased in between would move everybody behind them.
  const { read, customers, products } = await warehouse.transaction(async () => ({
    read: await warehouse.columns(query('purchases'), moment, work),
    customers: await warehouse.columns(query('purchasing_customers'), moment, work),
    products: await warehouse.columns(query('purchased_products'), moment, work),
  }))
  if (read.rows === 0) return undefined
  const ids = { customers: customers.keys('customer_id'), products: products.keys('product_id') }
  const customer = read.numbers('customer')
  const product = read.numbers('product')
  const moments = read.numbers('bought_at')
  const sizes = [ids.customers.length, ids.products.length] as const
  const order = await byCustomerProductMoment(customer, product, moments, sizes, work)
  const at = new Float64Array(order.length)
  gather(moments, order, at)
  await nextTurn(work)
  const numbers = { customer: new Int32Array(order.length), product: new Int32Array(order.length) }
  gather(customer, order, numbers.customer)
  gather(product, order, numbers.product)
  await nextTurn(work)
  return {
    customerIds: ids.customers,
    products: {
      ids: ids.products,
      names: products.keys('name'),
      lastSoldAt: products.numbers('last_sold_at'),
      sold: products.numbers('sold'),
      returned: products.numbers('returned'),
      available: products.numbers('available'),
    },
    ...numbers,
    at,
    first: at.reduce((least, moment) => Math.min(least, moment), Number.POSITIVE_INFINITY),
  }
}

/** Rows in the order of the log: two counting sorts, and then the moments of each customer's product. */
async function byCustomerProductMoment(
  customer: Float64Array,
  product: Float64Array,
  at: Float64Array,
  [customers, products]: readonly [number, number],
  work?: Work,
): Promise<Int32Array> {
  await nextTurn(work)
  const given = new Int32Array(at.length)
  for (let row = 0; row < given.length; row += 1) given[row] = row
  const byProduct = countingSort(given, product, products)
  await nextTurn(work)
  const order = countingSort(byProduct, customer, customers)
  await nextTurn(work)
  for (let row = 1; row < order.length; row += 1) {
    const moved = order[row]!
    let place = row
    for (; place > 0; place -= 1) {
      const before = order[place - 1]!
      const isSame = customer[before] === customer[moved] && product[before] === product[moved]
      if (!isSame || at[before]! <= at[moved]!) break
      order[place] = before
    }
    order[place] = moved
  }
  return order
}

/** The values of the rows, in the rows' order. */
function gather(values: Float64Array, rows: Int32Array, into: Float64Array | Int32Array): void {
  for (let at = 0; at < rows.length; at += 1) into[at] = values[rows[at]!]!
}

/** The rows by rising key, in the given order where equal. */
function countingSort(rows: Int32Array, key: Float64Array, keys: number): Int32Array {
  const next = new Int32Array(keys + 1)
  for (let row = 0; row < key.length; row += 1) next[key[row]! + 1]! += 1
  for (let one = 0; one < keys; one += 1) next[one + 1]! += next[one]!
  const sorted = new Int32Array(rows.length)
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!
    sorted[next[key[row]!]!] = row
    next[key[row]!]! += 1
  }
  return sorted
}

export interface HistoryOptions {
  /** A purchase this many days before the cut counts half. Default: all count alike. */
  readonly halfLifeDays?: number
  /** Only purchases of so many days before the cut. Default all. */
  readonly days?: number
}

/** `[customers × products]` how often each customer bought each product up to the cut. */
export function historyUpTo(log: PurchaseLog, cut: Instant, options: HistoryOptions = {}): SparseMatrix {
  const from = options.days === undefined ? Number.NEGATIVE_INFINITY : cut - options.days * dayMs
  const weigh = (at: Instant): number =>
    options.halfLifeDays === undefined ? 1 : 0.5 ** ((cut - at) / dayMs / options.halfLifeDays)
  return between(log, from, cut, weigh)
}

/** Histories up to one cut, each counted once, as several methods look at the same. */
export function historiesUpTo(log: PurchaseLog, cut: Instant): (options?: HistoryOptions) => SparseMatrix {
  const counted = new Map<string, SparseMatrix>()
  return (options = {}) => {
    const name = `${options.halfLifeDays} ${options.days}`
    const history = counted.get(name) ?? historyUpTo(log, cut, options)
    counted.set(name, history)
    return history
  }
}

/** `[customers × products]` what was bought in (cut, until]. */
export const boughtAfter = (log: PurchaseLog, cut: Instant, until: Instant): SparseMatrix =>
  between(log, cut, until, () => 1)

function between(log: PurchaseLog, from: Instant, until: Instant, weigh: (at: Instant) => number): SparseMatrix {
  const { customer, product, at: moments } = log
  const rowStarts = new Int32Array(log.customerIds.length + 1)
  const columnIndices = new Int32Array(moments.length)
  const values = new Float64Array(moments.length)
  let kept = 0
  let [lastCustomer, lastProduct] = [-1, -1]
  // The log is in the order of the matrix, so that nothing is left to sort.
  for (let place = 0; place < moments.length; place += 1) {
    const at = moments[place]!
    if (at <= from || at > until) continue
    const isNew = customer[place] !== lastCustomer || product[place] !== lastProduct
    if (isNew) {
      lastCustomer = customer[place]!
      lastProduct = product[place]!
      columnIndices[kept] = lastProduct
      rowStarts[lastCustomer + 1]! += 1
      kept += 1
    }
    values[kept - 1]! += weigh(at)
  }
  return cutRows(log.customerIds.length, log.products.ids.length, rowStarts, columnIndices, values, kept)
}

/** @param rowStarts number of entries of each row, one place further on */
function cutRows(
  rows: number,
  columns: number,
  rowStarts: Int32Array,
  columnIndices: Int32Array,
  values: Float64Array,
  kept: number,
): SparseMatrix {
  for (let row = 0; row < rows; row += 1) rowStarts[row + 1]! += rowStarts[row]!
  return { rows, columns, rowStarts, columnIndices: columnIndices.slice(0, kept), values: values.slice(0, kept) }
}

/** The entries of `data` whose place holds something in `other` (or, with `is` false, nothing), each as 1. */
export function whereIn(data: SparseMatrix, other: SparseMatrix, is: boolean): SparseMatrix {
  const rowStarts = new Int32Array(data.rows + 1)
  const columnIndices = new Int32Array(data.columnIndices.length)
  const marked = new Uint8Array(data.columns)
  let kept = 0
  for (let row = 0; row < data.rows; row += 1) {
    const own = other.columnIndices.subarray(other.rowStarts[row]!, other.rowStarts[row + 1]!)
    for (let at = 0; at < own.length; at += 1) marked[own[at]!] = 1
    for (let at = data.rowStarts[row]!; at < data.rowStarts[row + 1]!; at += 1) {
      const column = data.columnIndices[at]!
      if ((marked[column] === 1) !== is) continue
      columnIndices[kept] = column
      rowStarts[row + 1]! += 1
      kept += 1
    }
    for (let at = 0; at < own.length; at += 1) marked[own[at]!] = 0
  }
  return cutRows(data.rows, data.columns, rowStarts, columnIndices, new Float64Array(kept).fill(1), kept)
}
