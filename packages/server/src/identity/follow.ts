import { followLog, type LogFollower, type State } from '../state/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { type Sighting, takeIn } from './graph.ts'
import { keyOf, receivedIdOf } from './identity.ts'
import { writeMoved, writeWholeMap } from './identity-map.ts'
import { linksOf } from './links-of.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/**
 * Brings the warehouse's map of identities to what the graph says, then follows. After a crash it goes on at the cursor
 * that was stored together with the graph.
 *
 * @param onMoved told of the ids, and customers, of whom another customer now is
 */
export async function followIdentities(
  warehouse: Warehouse,
  state: State,
  onMoved?: (receivedIds: readonly string[]) => Promise<void>,
): Promise<LogFollower> {
  await writeWholeMap(warehouse, state)
  return followLog(state, {
    follower: 'identity',
    read: (after, upto, limit) => sightingsBetween(warehouse, after, upto, limit),
    enter: takeIn,
    publish: async (taken) => {
      const moved = taken.flatMap(({ found, rows }) => {
        const knownAt = rows.at(-1)?.seenAt ?? 0
        return found.map((one) => ({ ...one, knownAt }))
      })
      await writeMoved(warehouse, moved)
      // Who is seen for the first time and alone has moved nowhere.
      const joined = moved.filter(({ identity, from, to }) => from !== undefined || receivedIdOf(identity) !== to)
      if (joined.length === 0) return
      await onMoved?.(joined.flatMap(({ identity, from, to }) => [receivedIdOf(identity), to, ...(from ? [from] : [])]))
    },
  })
}

interface EventRow {
  readonly position: number
  readonly call: string
  readonly user_id: string | null
  readonly anonymous_id: string | null
  readonly previous_id: string | null
  readonly traits: string | null
  readonly device_id: string | null
  readonly received_at: number
}

async function sightingsBetween(warehouse: Warehouse, after: number, upto: number, limit: number): Promise<Sighting[]> {
  const rows = await warehouse.rows<EventRow>(query('events_after'), { after, upto, limit })
  return rows.map((row) => {
    const { identities, links } = linksOf({
      ...{ call: row.call, userId: row.user_id, anonymousId: row.anonymous_id, previousId: row.previous_id },
      ...{ traits: row.traits, deviceId: row.device_id },
    })
    return { identities: identities.map(keyOf), links, position: row.position, seenAt: row.received_at }
  })
}
