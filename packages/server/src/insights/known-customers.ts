import { readQueries, type Warehouse, withStaged } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

export interface KnownCustomers {
  /** By the ids that they have by now, each once, in the order in which they were named. */
  readonly known: readonly string[]
  /** Ids that nothing in the store names. */
  readonly unknown: readonly string[]
  /** The customer whom each of the ids names now; of an id that names nobody the id itself. */
  readonly customerOf: ReadonlyMap<string, string>
}

/** The customers whom ids name: also ids of before an alias, or `anonymous:` and a browser's. */
export async function knownCustomers(warehouse: Warehouse, ids: readonly string[]): Promise<KnownCustomers> {
  if (ids.length === 0) return { known: [], unknown: [], customerOf: new Map() }
  const staged = { position: Int32Array.from(ids.keys()), id: ids }
  const columns = await withStaged(warehouse, staged, (table) =>
    warehouse.columns(query('customers_of_ids').replaceAll('{table}', table)),
  )
  const [customers, isKnown] = [columns.keys('customer_id'), columns.numbers('is_known')]
  const known = new Set(customers.filter((_, at) => isKnown[at] === 1))
  const customerOf = new Map(ids.map((id, at) => [id, customers[at]!]))
  return { known: [...known], unknown: [...new Set(ids.filter((_, at) => isKnown[at] !== 1))], customerOf }
}
