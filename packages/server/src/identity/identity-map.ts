import type { Instant } from '../base/index.ts'
import type { State } from '../state/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import type { Moved } from './graph.ts'
import { identityOf, keyOf, receivedIdOf } from './identity.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** Where identities belong, with when that became known. */
export type KnownMove = Pick<Moved, 'identity' | 'to'> & { readonly knownAt: Instant }

/**
 * The map holds what the events' own ids do not say: a user that is called by their own id needs no row.
 *
 * @param moved in the order in which it happened: of an identity the last holds
 */
export async function writeMoved(warehouse: Warehouse, moved: readonly KnownMove[]): Promise<void> {
  const last = new Map<string, KnownMove>()
  for (const one of moved) {
    const { kind } = identityOf(one.identity)
    if (kind === 'user' || kind === 'anonymous') last.set(receivedIdOf(one.identity), one)
  }
  if (last.size === 0) return
  const mapped = [...last.values()]
  await warehouse.transaction(async () => {
    await warehouse.stage('staged_identities', {
      received_id: [...last.keys()],
      customer_id: mapped.map(({ to }) => to),
      known_at: Float64Array.from(mapped, ({ knownAt }) => knownAt),
    })
    await warehouse.run(query('replace_map'))
  })
}

/** Brings the map to what the graph says. */
export async function writeWholeMap(warehouse: Warehouse, { queries }: State): Promise<void> {
  // Most are customers of their own ids, of whom the map says nothing: of hundreds of thousands they are not read.
  const rows = await queries
    .selectFrom('identities')
    .select(['identity', 'customer_id'])
    .where(({ and, eb, ref, val }) =>
      and([
        eb('identity', '<>', ref('customer_id')),
        eb('identity', '<>', eb(val(keyOf({ kind: 'user', value: '' })), '||', ref('customer_id'))),
      ]),
    )
    .execute()
  const latest = await queries
    .selectFrom('identities')
    .select(({ fn }) => fn.max('first_seen_at').as('at'))
    .executeTakeFirst()
  const knownAt = Number(latest?.at ?? 0)
  await warehouse.run(query('clear_map'))
  await writeMoved(
    warehouse,
    rows.map(({ identity, customer_id }) => ({ identity, to: customer_id, knownAt })),
  )
}

/** Takes ids out of the map. */
export const eraseFromMap = (warehouse: Warehouse, receivedIds: readonly string[]): Promise<void> =>
  warehouse.run(query('erase_from_map'), { ids: JSON.stringify(receivedIds) })
