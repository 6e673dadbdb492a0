import { setImmediate as turn } from 'node:timers/promises'
import type { StateQueries } from '../../state/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { Pseudonyms } from './pseudonyms.ts'

const query = readQueries(new URL('./facts.sql', import.meta.url))

/** Identities at once: working out their pseudonyms takes some milliseconds. */
const atOnce = 1000

/** The keys of everybody whose pseudonym is one of these: whom a backup from before an erasure brought back. */
export async function keysListed(
  warehouse: Warehouse,
  queries: StateQueries,
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
  const keys = new Set(rows.map(({ key }) => key))
  // The graph has kinds of them that no column of the warehouse holds as such, as the earlier browser of an alias.
  const wanted = new Set(ids)
  for (let after = ''; ; ) {
    const identities = await queries
      .selectFrom('identities')
      .select('identity')
      .where('identity', '>', after)
      .orderBy('identity')
      .limit(atOnce)
      .execute()
    if (identities.length === 0) return [...keys]
    for (const { identity } of identities) if (wanted.has(pseudonyms.of(identity))) keys.add(identity)
    after = identities.at(-1)!.identity
    await turn()
  }
}
