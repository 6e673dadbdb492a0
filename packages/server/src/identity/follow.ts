import type { State } from '../state/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { type Moved, type Sighting, takeIn } from './graph.ts'
import { identityOf, keyOf, receivedIdOf } from './identity.ts'
import { linksOf } from './links-of.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

const follower = 'identity'
const eventsAtOnce = 10_000

/** Follows the event log: who did what comes from the events alone, in their order, from where it stopped. */
export interface IdentityFollower {
  /** Takes in everything up to `position`, all or nothing a step; calls wait for one another. */
  catchUp(position: number): Promise<void>
}

/**
 * Brings the warehouse's map of identities to what the graph says, then follows. After a crash it goes on at the cursor
 * that was stored together with the graph.
 */
export async function followIdentities(warehouse: Warehouse, state: State): Promise<IdentityFollower> {
  await writeWholeMap(warehouse, state)
  let last: Promise<void> = Promise.resolve()
  const catchUp = async (position: number): Promise<void> => {
    let cursor = await cursorOf(state)
    while (cursor < position) {
      const upto = Math.min(cursor + eventsAtOnce, position)
      const sightings = await sightingsBetween(warehouse, cursor, upto)
      const moved = await state.transaction(async (queries) => {
        const found = await takeIn(queries, sightings)
        await queries
          .insertInto('cursors')
          .values({ follower, position: upto })
          .onConflict((conflict) => conflict.column('follower').doUpdateSet({ position: upto }))
          .execute()
        return found
      })
      await writeMoved(warehouse, moved, sightings.at(-1)?.seenAt ?? 0)
      cursor = upto
    }
  }
  return {
    catchUp: (position) => {
      const turn = last.then(() => catchUp(position))
      last = turn.catch(() => undefined)
      return turn
    },
  }
}

async function cursorOf({ queries }: State): Promise<number> {
  const row = await queries.selectFrom('cursors').select('position').where('follower', '=', follower).executeTakeFirst()
  return row?.position ?? 0
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

async function sightingsBetween(warehouse: Warehouse, after: number, upto: number): Promise<Sighting[]> {
  const rows = await warehouse.rows<EventRow>(query('events_after'), { after, upto })
  return rows.map((row) => {
    const { identities, links } = linksOf({
      ...{ call: row.call, userId: row.user_id, anonymousId: row.anonymous_id, previousId: row.previous_id },
      ...{ traits: row.traits, deviceId: row.device_id },
    })
    return { identities: identities.map(keyOf), links, position: row.position, seenAt: row.received_at }
  })
}

/** The map holds what the events' own ids do not say: a user that is called by their own id needs no row. */
async function writeMoved(warehouse: Warehouse, moved: readonly Moved[], knownAt: number): Promise<void> {
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

async function writeWholeMap(warehouse: Warehouse, { queries }: State): Promise<void> {
  const rows = await queries.selectFrom('identities').selectAll().orderBy('identity').execute()
  const all = rows.map(({ identity, customer_id }) => ({ identity, from: undefined, to: customer_id }))
  const latest = rows.reduce((most, { first_seen_at }) => Math.max(most, first_seen_at), 0)
  await warehouse.run(query('clear_map'))
  await writeMoved(warehouse, all, latest)
}
