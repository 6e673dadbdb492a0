import { now } from '../base/index.ts'
import { reasonOf } from './event-fault.ts'
import type { StateQueries } from './state.ts'

/** An event that somebody who follows the log could not take in; it stays in the log, and is tried again at the next start. */
export interface FailedEvent {
  readonly follower: string
  readonly position: number
  readonly reason: string
  readonly failedAt: number
}

/** Puts an event aside, so that its follower can go on. */
export async function setAside(
  queries: StateQueries,
  follower: string,
  position: number,
  error: unknown,
): Promise<FailedEvent> {
  const failed: FailedEvent = { follower, position, reason: reasonOf(error), failedAt: now() }
  await queries
    .insertInto('failed_events')
    .values({ follower, position, reason: failed.reason, failed_at: failed.failedAt })
    .onConflict((conflict) => conflict.columns(['follower', 'position']).doUpdateSet({ reason: failed.reason }))
    .execute()
  return failed
}

export async function countFailedEvents(queries: StateQueries): Promise<number> {
  const row = await queries
    .selectFrom('failed_events')
    .select((of) => of.fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Events that were put aside, the oldest first. @param most at most this many */
export async function failedEvents(queries: StateQueries, most: number, follower?: string): Promise<FailedEvent[]> {
  let query = queries.selectFrom('failed_events').selectAll().orderBy('position').orderBy('follower').limit(most)
  if (follower !== undefined) query = query.where('follower', '=', follower)
  const rows = await query.execute()
  return rows.map((row) => ({
    ...{ follower: row.follower, position: row.position, reason: row.reason, failedAt: row.failed_at },
  }))
}
