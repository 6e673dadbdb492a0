import { type Instant, stopIfAborted, type Work } from '../base/index.ts'
import { storeBasis } from '../features/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** Everybody with a purchase by a moment, ordered by customer. Money is whole micros, exact up to 9·10⁹ units. */
export interface Buyers {
  /** Null when nothing was sold. */
  readonly currency: string | null
  /** `[n]` */
  readonly customerIds: readonly string[]
  /** `[n]` calendar days in the store's time zone, ≥ 0. */
  readonly recencyDays: Float64Array
  /** `[n]` ≥ 1 */
  readonly orders: Float64Array
  /** `[n]` sold, before returns. */
  readonly spentMicros: Float64Array
}

export async function readBuyers(warehouse: Warehouse, asOf: Instant, work?: Work): Promise<Buyers> {
  const { timezone, currency, lines } = await storeBasis(warehouse, asOf)
  const sql = query('buyers').replace('{lines}', lines)
  const columns = await warehouse.columns(sql, { as_of: { instant: asOf }, timezone, currency }, work)
  return {
    currency: currency === '' ? null : currency,
    customerIds: columns.keys('customer_id'),
    recencyDays: columns.numbers('recency_days'),
    orders: columns.numbers('orders'),
    spentMicros: columns.numbers('spent_micros'),
  }
}

/** What the goods cost that buyers were sold, in their order, as far as unit costs are known. */
export interface BuyerCosts {
  /** `[n]` micros, over lines whose unit cost is known. */
  readonly costMicros: Float64Array
  /** `[n]` what these lines were sold for. */
  readonly costedMicros: Float64Array
}

export async function readBuyerCosts(
  warehouse: Warehouse,
  { currency, customerIds }: Buyers,
  asOf: Instant,
  work?: Work,
): Promise<BuyerCosts> {
  const n = customerIds.length
  const [costs] = await warehouse.rows<{ found: boolean }>(query('has_costs'))
  if (!costs!.found) return { costMicros: new Float64Array(n), costedMicros: new Float64Array(n) }
  const parameters = { as_of: { instant: asOf }, currency: currency ?? '' }
  const columns = await warehouse.columns(query('buyer_costs'), parameters, work)
  const [cost, costed] = [columns.numbers('cost_micros'), columns.numbers('costed_micros')]
  // By id: somebody may have been erased since the buyers were read.
  const rows = new Map(columns.keys('customer_id').map((id, row) => [id, row]))
  const inTheirOrder = (values: Float64Array): Float64Array =>
    Float64Array.from(customerIds, (id) => values[rows.get(id) ?? -1] ?? 0)
  return { costMicros: inTheirOrder(cost), costedMicros: inTheirOrder(costed) }
}

/**
 * Reads what tells buyers by their places in the list, until it and the list are of the same people: somebody may be erased
 * in between, and everybody behind them would move.
 */
export async function withBuyers<Read>(
  warehouse: Warehouse,
  asOf: Instant,
  read: (buyers: Buyers) => Promise<Read>,
  work?: Work,
): Promise<{ readonly buyers: Buyers; readonly read: Read }> {
  for (let buyers = await readBuyers(warehouse, asOf, work); ; ) {
    const got = await read(buyers)
    const after = await readBuyers(warehouse, asOf, work)
    const isSame = after.customerIds.length === buyers.customerIds.length
    if (isSame && after.customerIds.every((id, at) => id === buyers.customerIds[at])) return { buyers, read: got }
    stopIfAborted(work)
    buyers = after
  }
}
