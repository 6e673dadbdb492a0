import type { State } from '../state/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import type { Moved } from './graph.ts'
import { identityOf, receivedIdOf } from './identity.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** The map holds what the events' own ids do not say: a user that is called by their own id needs no row. */
export async function writeMoved(warehouse: Warehouse, moved: readonly Moved[], knownAt: number): Promise<void> {
  const mapped = moved.flatMap(({ identity, to }) => {
    const { kind } = identityOf(identity)
    return kind === 'user' || kind === 'anonymous' ? [{ receivedId: receivedIdOf(identity), to }] : []
  })
  if (mapped.length === 0) return
  await warehouse.transaction(async () => {
    await warehouse.stage('staged_identities', {
      received_id: mapped.map(({ receivedId }) => receivedId),
      customer_id: mapped.map(({ to }) => to),
      known_at: Float64Array.from(mapped, () => knownAt),
    })
    await warehouse.run(query('replace_map'))
  })
}

/** Brings the map to what the graph says. */
export async function writeWholeMap(warehouse: Warehouse, { queries }: State): Promise<void> {
  const rows = await queries.selectFrom('identities').selectAll().orderBy('identity').execute()
  const all = rows.map(({ identity, customer_id }) => ({ identity, from: undefined, to: customer_id }))
  const latest = rows.reduce((most, { first_seen_at }) => Math.max(most, first_seen_at), 0)
  await warehouse.run(query('clear_map'))
  await writeMoved(warehouse, all, latest)
}

/** Takes ids out of the map. */
export const eraseFromMap = (warehouse: Warehouse, receivedIds: readonly string[]): Promise<void> =>
  warehouse.run(query('erase_from_map'), { ids: JSON.stringify(receivedIds) })
