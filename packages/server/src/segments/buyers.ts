import type { Instant, Work } from '../base/index.ts'
import { storeFacts } from '../features/index.ts'
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
  /** `[n]` what the goods cost; NaN where a unit cost is not known. */
  readonly costMicros: Float64Array
}

export async function readBuyers(warehouse: Warehouse, asOf: Instant, work?: Work): Promise<Buyers> {
  const { timezone, currency } = await storeFacts(warehouse, asOf)
  const columns = await warehouse.columns(query('buyers'), { as_of: { instant: asOf }, timezone, currency }, work)
  return {
    currency: currency === '' ? null : currency,
    customerIds: columns.keys('customer_id'),
    recencyDays: columns.numbers('recency_days'),
    orders: columns.numbers('orders'),
    spentMicros: columns.numbers('spent_micros'),
    costMicros: columns.numbers('cost_micros'),
  }
}
