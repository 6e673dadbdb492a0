import type { Instant } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { storeBasis, topCategories } from '../store-facts.ts'
import type { CategoryPrice } from './price-features.ts'

const query = readQueries(new URL('./store-prices.sql', import.meta.url))

/** So many of the largest categories have shipped features and segments of their own. */
export const libraryCategories = 5

/** The largest categories of a store, and the median price of each. */
export async function storePrices(warehouse: Warehouse, asOf: Instant): Promise<readonly CategoryPrice[]> {
  const { currency } = await storeBasis(warehouse, asOf)
  const found: CategoryPrice[] = []
  for (const category of await topCategories(warehouse, asOf, currency, libraryCategories)) {
    const parameters = { as_of: { instant: asOf }, currency, category }
    const [row] = await warehouse.rows<{ price: number | null }>(query('median_price'), parameters)
    if (row?.price != null) found.push({ category, medianPrice: row.price })
  }
  return found
}
