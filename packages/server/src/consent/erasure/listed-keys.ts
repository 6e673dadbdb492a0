import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { Pseudonyms } from './pseudonyms.ts'

const query = readQueries(new URL('./facts.sql', import.meta.url))

/** The keys of everybody in the warehouse whose pseudonym is one of these: whom a backup from before an erasure brought back. */
export async function keysListed(
  warehouse: Warehouse,
  pseudonyms: Pseudonyms,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await warehouse.rows<{ key: string }>(
    `with known as (${query('every_key').replace(/;\s*$/, '')})
    select key from known
    where ${pseudonyms.sql('key')} in (select unnest(from_json($ids, '["varchar"]')))
    order by key`,
    { ids: JSON.stringify(ids) },
  )
  return rows.map(({ key }) => key)
}
