import { randomBytes } from 'node:crypto'
import { dayMs, newId, now } from '../base/index.ts'
import type { State, StateQueries } from '../state/index.ts'
import { digest } from './digest.ts'
import { ownerOf } from './operators.ts'
import { type Caller, role } from './roles.ts'

/** How long a browser stays open to its operator at most, ms. */
export const sessionMs = 30 * dayMs
/** How long it stays open without a request, ms. */
const idleMs = 7 * dayMs
const invitationMs = 60 * 60 * 1000
const minuteMs = 60 * 1000

/** Browsers that an operator has opened rapport in. */
export interface Sessions {
  /** @returns the token of a link that lets the owner in, to be used once, within an hour */
  invite(): Promise<string>
  /** @returns the secret of a new session; undefined when the token is used, old or wrong */
  accept(token: string): Promise<string | undefined>
  /** Whose session this is; undefined when it has ended or never was. */
  callerOf(secret: string): Promise<Caller | undefined>
}

export function openSessions({ queries, transaction }: State): Sessions {
  return {
    invite: () =>
      transaction(async (within) => {
        const token = randomBytes(24).toString('base64url')
        const [operator_id, expires_at] = [await ownerOf(within), now() + invitationMs]
        await within
          .insertInto('invitations')
          .values({ token_hash: digest(token), operator_id, purpose: 'open', expires_at })
          .execute()
        return token
      }),
    accept: (token) =>
      transaction(async (within) => {
        const held = await within
          .deleteFrom('invitations')
          .where('token_hash', '=', digest(token))
          .where('purpose', '=', 'open')
          .returning(['operator_id', 'expires_at'])
          .executeTakeFirst()
        if (!held || held.expires_at < now()) return undefined
        return beginSession(within, held.operator_id)
      }),
    callerOf: async (secret) => {
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
    },
  }
}

async function beginSession(queries: StateQueries, operator_id: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  await queries
    .insertInto('sessions')
    .values({
      ...{ session_id: newId('session'), session_hash: digest(secret), operator_id },
      ...{ created_at: now(), seen_at: now(), expires_at: now() + sessionMs },
    })
    .execute()
  return secret
}
