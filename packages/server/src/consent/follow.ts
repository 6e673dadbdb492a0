import { consentEvent, type Purpose } from '@rapport/protocol'
import { newId, now } from '../base/index.ts'
import type { State, StateQueries } from '../state/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { type ConsentDoor, receivedIdsOf } from './door.ts'
import { preferencesOf } from './preferences-of.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

const follower = 'consent'
const eventsAtOnce = 10_000

/** Follows the event log: every decision that it tells of is in the ledger, once. */
export interface ConsentFollower {
  /** Takes in everything up to `position`; calls wait for one another. */
  catchUp(position: number): Promise<void>
}

interface EventRow {
  readonly position: number
  readonly name: string
  readonly user_id: string | null
  readonly anonymous_id: string | null
  readonly context: string
  readonly occurred_at: number
}

/**
 * A decision is what a consent event tells, and a preference of any other event that differs from what stands: a browser
 * whose signal (GPC) refuses sends no event of its own for that.
 */
export function followConsents(warehouse: Warehouse, state: State, door: ConsentDoor): ConsentFollower {
  let last: Promise<void> = Promise.resolve()
  const catchUp = async (position: number): Promise<void> => {
    let cursor = await cursorOf(state)
    while (cursor < position) {
      const upto = Math.min(cursor + eventsAtOnce, position)
      const rows = await warehouse.rows<EventRow>(query('consents_after'), { after: cursor, upto })
      const decided = await state.transaction(async (queries) => {
        const news = await enter(queries, rows)
        await queries
          .insertInto('cursors')
          .values({ follower, position: upto })
          .onConflict((conflict) => conflict.column('follower').doUpdateSet({ position: upto }))
          .execute()
        return news
      })
      for (const { id, purpose, isGranted } of decided) if (purpose === 'analytics') door.note(id, isGranted)
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

async function cursorOf({ queries }: State): Promise<number> {
  const row = await queries.selectFrom('cursors').select('position').where('follower', '=', follower).executeTakeFirst()
  return row?.position ?? 0
}
