import type { Instant } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { featureCatalogue, type PublishedScore } from './catalogue.ts'
import { declaredCatalogue } from './declared/declared-catalogue.ts'
import { sharedDefinitions } from './declared/definitions-in-warehouse.ts'
import type { Feature } from './definition.ts'
import type { OptionalFact, StoreBasis, StoreFacts } from './source-sql.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** How many categories' shares of lines bought become features. */
const categoriesMax = 12

/** Time zone (UTC until it is set) and currency of the store as of a moment, and where its lines are read. */
export async function storeBasis(warehouse: Warehouse, asOf: Instant): Promise<StoreBasis> {
  const [found] = await warehouse.rows<{ timezone: string | null; currency: string | null; leaves_out: boolean }>(
    query('store_basis'),
    { as_of: { instant: asOf } },
  )
  const { timezone, currency, leaves_out } = found!
  return {
    timezone: timezone ?? 'UTC',
    // A store that has sold nothing has no amounts to leave out.
    currency: currency ?? '',
    lines: leaves_out ? 'profiled_lines' : 'order_lines',
  }
}

const optionalFacts: readonly OptionalFact[] = ['events', 'sessions', 'categories', 'returns', 'discounts', 'refunds']

/** The same, and what the store has nothing of. */
export async function storeFacts(warehouse: Warehouse, asOf: Instant): Promise<StoreFacts> {
  const basis = await storeBasis(warehouse, asOf)
  const [present] = await warehouse.rows<Record<OptionalFact, boolean>>(query('present_facts'))
  return { ...basis, absent: new Set(optionalFacts.filter((fact) => !present![fact])) }
}

/** The categories that most was spent on: whole paths in a store that has no more of them, else the first step of each. */
export async function topCategories(
  warehouse: Warehouse,
  asOf: Instant,
  currency: string,
  limit: number,
): Promise<readonly string[]> {
  const parameters = { as_of: { instant: asOf }, currency, limit }
  const rows = await warehouse.rows<{ category: string }>(query('top_categories'), parameters)
  return rows.map(({ category }) => category)
}

/**
 * The catalogue of this store: its largest categories by name, traits trainable only when all of them have a date; then what
 * was declared.
 *
 * @param asOf what counts as known; for training, the earliest moment that is trained on
 */
export async function storeCatalogue(
  warehouse: Warehouse,
  asOf: Instant,
  facts?: StoreFacts,
): Promise<readonly Feature[]> {
  const { currency, absent } = facts ?? (await storeFacts(warehouse, asOf))
  const categories = absent.has('categories') ? [] : await topCategories(warehouse, asOf, currency, categoriesMax)
  const [undated] = await warehouse.rows<{ rows: number }>(query('undated_traits'))
  const own = featureCatalogue({
    categories,
    areTraitsDated: undated?.rows === 0,
    scores: await warehouse.rows<PublishedScore>(query('published_scores')),
  })
  const declared = await sharedDefinitions(warehouse)
  return [...own, ...declaredCatalogue(declared, new Set(own.map(({ name }) => name)))]
}
