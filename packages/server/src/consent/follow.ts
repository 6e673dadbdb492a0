import { consentEvent, type Purpose } from '@rapport/protocol'
import { newId, now } from '../base/index.ts'
import { followLog, type LogFollower, rowsAtOnce, type State, type StateQueries } from '../state/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { type ConsentDoor, receivedIdsOf } from './door.ts'
import { preferencesOf } from './preferences-of.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

interface EventRow {
  readonly position: number
  readonly name: string
  readonly user_id: string | null
  readonly anonymous_id: string | null
  readonly context: string
  readonly occurred_at: number
}

/**
 * Follows the event log: every decision that it tells of is in the ledger, once.
 *
 * A decision is what a consent event tells, and a preference of any other event that differs from what stands: a browser
 * whose signal (GPC) refuses sends no event of its own for that.
 */
export const followConsents = (warehouse: Warehouse, state: State, door: ConsentDoor): LogFollower =>
  followLog(state, {
    follower: 'consent',
    read: (after, upto) => warehouse.rows<EventRow>(query('consents_after'), { after, upto, limit: rowsAtOnce }),
    enter,
    publish: async (decided) => {
      for (const { id, purpose, isGranted } of decided) if (purpose === 'analytics') door.note(id, isGranted)
    },
  })

interface Decided {
  readonly id: string
  readonly purpose: Purpose
  readonly isGranted: boolean
}

/** Enters what these events decide into the ledger. @returns the new entries */
async function enter(queries: StateQueries, rows: readonly EventRow[]): Promise<Decided[]> {
  const news: Decided[] = []
  for (const row of rows) {
    const isEvent = row.name === consentEvent
    for (const id of receivedIdsOf({ userId: row.user_id, anonymousId: row.anonymous_id })) {
      for (const [purpose, isGranted] of preferencesOf(row.context)) {
        const standing = await standingOf(queries, id, purpose)
        if (standing !== undefined && (standing === 'granted') === isGranted && !isEvent) continue
        await queries
          .insertInto('consents')
          .values({
            ...{ consent_id: newId('consent'), customer_id: id, purpose, basis: 'consent' },
            decision: isGranted ? 'granted' : standing === 'granted' ? 'withdrawn' : 'denied',
            ...{ source: isEvent ? 'consent event' : 'signal', text_version: null },
            ...{ proof: JSON.stringify({ position: row.position }), decided_at: row.occurred_at, recorded_at: now() },
          })
          .execute()
        news.push({ id, purpose, isGranted })
      }
    }
  }
  return news
}

async function standingOf(queries: StateQueries, id: string, purpose: Purpose): Promise<string | undefined> {
  const row = await queries
    .selectFrom('consents')
    .select('decision')
    .where('customer_id', '=', id)
    .where('purpose', '=', purpose)
    .orderBy('decided_at', 'desc')
    .orderBy('consent_id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.decision
}
