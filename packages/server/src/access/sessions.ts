import { randomBytes } from 'node:crypto'
import { role } from '@rapport/protocol'
import { dayMs, newId, now } from '../base/index.ts'
import type { State, StateQueries } from '../state/index.ts'
import { recordAudit } from './audit.ts'
import { digest } from './digest.ts'
import type { Caller } from './roles.ts'

/** How long a browser stays open to its operator at most, ms. */
export const sessionMs = 30 * dayMs
/** How long it stays open without a request, ms. */
const idleMs = 7 * dayMs
const minuteMs = 60 * 1000

/** A browser that an operator has opened rapport in. */
export interface Session {
  readonly sessionId: string
  readonly createdAt: number
  /** The last request, to the minute. */
  readonly seenAt: number
}

/** @returns the secret of a new session, for its cookie */
export async function beginSession(queries: StateQueries, operatorId: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  await queries
    .insertInto('sessions')
    .values({
      ...{ session_id: newId('session'), session_hash: digest(secret), operator_id: operatorId },
      ...{ created_at: now(), seen_at: now(), expires_at: now() + sessionMs },
    })
    .execute()
  return secret
}

/** Whose session this is; undefined when it has ended or never was. */
export async function callerOfSession({ queries }: State, secret: string): Promise<Caller | undefined> {
  const row = await queries
    .selectFrom('sessions')
    .innerJoin('operators', 'operators.operator_id', 'sessions.operator_id')
    .select(['sessions.session_id', 'sessions.seen_at', 'sessions.expires_at'])
    .select(['operators.operator_id', 'operators.role'])
    .where('session_hash', '=', digest(secret))
    .executeTakeFirst()
  if (!row || row.expires_at <= now() || row.seen_at + idleMs <= now()) return undefined
  // Not at every request: a minute more or less of seven days does not count.
  if (row.seen_at + minuteMs < now()) {
    await queries.updateTable('sessions').set({ seen_at: now() }).where('session_id', '=', row.session_id).execute()
  }
  return { kind: 'operator', id: row.operator_id, role: role.parse(row.role) }
}

/** The sessions of an operator that are open, the newest first; those that have ended are forgotten. */
export async function listSessions({ queries }: State, operatorId: string): Promise<Session[]> {
  await queries
    .deleteFrom('sessions')
    .where((is) => is.or([is('expires_at', '<=', now()), is('seen_at', '<=', now() - idleMs)]))
    .execute()
  const rows = await queries
    .selectFrom('sessions')
    .selectAll()
    .where('operator_id', '=', operatorId)
    .orderBy('session_id', 'desc')
    .execute()
  return rows.map((row) => ({ sessionId: row.session_id, createdAt: row.created_at, seenAt: row.seen_at }))
}

/** Ends one of an operator's own sessions. @returns whether they had such a session */
export const revokeSession = ({ transaction }: State, operatorId: string, sessionId: string): Promise<boolean> =>
  transaction(async (queries) => {
    const { numDeletedRows } = await queries
      .deleteFrom('sessions')
      .where('session_id', '=', sessionId)
      .where('operator_id', '=', operatorId)
      .executeTakeFirst()
    if (numDeletedRows === 0n) return false
    await recordAudit(queries, { actor: operatorId, action: 'sessions.revoke', target: sessionId })
    return true
  })

/** Ends the session of a browser: at logout, and when another one takes its place. */
export async function endSession(queries: StateQueries, secret: string): Promise<void> {
  await queries.deleteFrom('sessions').where('session_hash', '=', digest(secret)).execute()
}
