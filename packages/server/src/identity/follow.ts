import type { State } from '../state/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { type Sighting, takeIn } from './graph.ts'
import { keyOf, linkKey } from './identity.ts'
import { writeMoved, writeWholeMap } from './identity-map.ts'
import { linksOf } from './links-of.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

const follower = 'identity'
/** A step holds the thread for some tens of milliseconds at most. */
const eventsAtOnce = 1000
/** Most events show what an event just before showed: so much of it is remembered. */
const mostRemembered = 200_000

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
  const remembered = new Set<string>()
  const catchUp = async (position: number): Promise<void> => {
    let cursor = await cursorOf(state)
    while (cursor < position) {
      const upto = Math.min(cursor + eventsAtOnce, position)
      const all = await sightingsBetween(warehouse, cursor, upto)
      const sightings = all.filter((sighting) => !keysOf(sighting).every((key) => remembered.has(key)))
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
      if (remembered.size > mostRemembered) remembered.clear()
      for (const key of sightings.flatMap(keysOf)) remembered.add(key)
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

/** What an event shows: taken in once, it is in the graph for good. */
const keysOf = ({ identities, links }: Sighting): string[] => [...identities, ...links.map(linkKey)]

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
