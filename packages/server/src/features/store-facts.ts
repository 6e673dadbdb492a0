import type { Instant } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { featureCatalogue } from './catalogue.ts'
import type { Feature } from './definition.ts'
import type { StoreFacts } from './source-sql.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** How many categories' shares of lines bought become features. */
const categoriesMax = 12

/** Time zone (UTC until it is set) and currency of the store, as of a moment. */
export async function storeFacts(warehouse: Warehouse, asOf: Instant): Promise<StoreFacts> {
  const [zone] = await warehouse.rows<{ timezone: string }>(query('timezone'))
  const [money] = await warehouse.rows<{ currency: string | null }>(query('main_currency'), {
    as_of: { instant: asOf },
  })
  // A store that has sold nothing has no amounts to leave out.
  return { timezone: zone?.timezone ?? 'UTC', currency: money?.currency ?? '' }
}

/**
 * The catalogue of this store: its largest categories by name, traits trainable only when all of them have a date.
 *
 * @param asOf what counts as known; for training, the earliest moment that is trained on
 */
export async function storeCatalogue(warehouse: Warehouse, asOf: Instant): Promise<readonly Feature[]> {
  const { currency } = await storeFacts(warehouse, asOf)
  const top = await warehouse.rows<{ category: string }>(query('top_categories'), {
    as_of: { instant: asOf },
    currency,
    limit: categoriesMax,
  })
  const [undated] = await warehouse.rows<{ rows: number }>(query('undated_traits'))
  return featureCatalogue({ categories: top.map(({ category }) => category), areTraitsDated: undated?.rows === 0 })
}
