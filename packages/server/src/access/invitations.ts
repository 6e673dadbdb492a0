import { randomBytes } from 'node:crypto'
import { dayMs, now, RapportError } from '../base/index.ts'
import type { State, StateQueries } from '../state/index.ts'
import { recordAudit } from './audit.ts'
import { digest } from './digest.ts'
import { findOperator, type Operator, ownerOf } from './operators.ts'
import { beginSession } from './sessions.ts'

/** `open` begins a session at once, for who sits at the machine; `join` lets an operator choose a password. */
type Purpose = 'open' | 'join'

const holdsMs: Readonly<Record<Purpose, number>> = { open: 60 * 60 * 1000, join: 3 * dayMs }

/**
 * @param actor who asked for it; without one nobody did, as for the link of a start, and the audit log has no entry
 * @returns the token of a link that lets the owner in, to be used once, within an hour
 */
export const inviteOwner = ({ transaction }: State, actor?: string): Promise<string> =>
  transaction(async (queries) => {
    if (actor !== undefined) await recordAudit(queries, { actor, action: 'sessions.link' })
    return invite(queries, await ownerOf(queries), 'open')
  })

/** @returns the token of a link to choose a password by, to be used once, within three days; earlier ones end */
export const inviteToJoin = ({ transaction }: State, { operatorId }: Operator, actor: string): Promise<string> =>
  transaction(async (queries) => {
    await queries
      .deleteFrom('invitations')
      .where('operator_id', '=', operatorId)
      .where('purpose', '=', 'join')
      .execute()
    await recordAudit(queries, { actor, action: 'operators.link', target: operatorId })
    return invite(queries, operatorId, 'join')
  })

/** @returns the secret of a new session; undefined when the token is used, old or wrong */
export const openByInvitation = ({ transaction }: State, token: string): Promise<string | undefined> =>
  transaction(async (queries) => {
    const operatorId = await useInvitation(queries, token, 'open')
    return operatorId === undefined ? undefined : beginSession(queries, operatorId)
  })

/** Whom the token of a link to join is for. @throws RapportError `access.invitation` when it is used, old or wrong */
export async function invitedOperator(queries: StateQueries, token: string): Promise<Operator> {
  const held = await queries
    .selectFrom('invitations')
    .select(['operator_id', 'expires_at'])
    .where('token_hash', '=', digest(token))
    .where('purpose', '=', 'join')
    .executeTakeFirst()
  if (held && held.expires_at > now()) return findOperator(queries, held.operator_id)
  throw staleLink()
}

export const staleLink = (): RapportError =>
  new RapportError('access.invitation', 'the link must be fresh and unused: ask for another one')

/** Uses a token up. @returns the operator's id; undefined when it is used, old or wrong */
export async function useInvitation(
  queries: StateQueries,
  token: string,
  purpose: Purpose,
): Promise<string | undefined> {
  const held = await queries
    .deleteFrom('invitations')
    .where('token_hash', '=', digest(token))
    .where('purpose', '=', purpose)
    .returning(['operator_id', 'expires_at'])
    .executeTakeFirst()
  return held && held.expires_at > now() ? held.operator_id : undefined
}

async function invite(queries: StateQueries, operator_id: string, purpose: Purpose): Promise<string> {
  await queries.deleteFrom('invitations').where('expires_at', '<=', now()).execute()
  const token = randomBytes(24).toString('base64url')
  const expires_at = now() + holdsMs[purpose]
  await queries
    .insertInto('invitations')
    .values({ token_hash: digest(token), operator_id, purpose, expires_at })
    .execute()
  return token
}
