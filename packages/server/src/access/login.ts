import { RapportError } from '../base/index.ts'
import type { State, StateQueries } from '../state/index.ts'
import type { LoginAttempts } from './attempts.ts'
import { recordAudit } from './audit.ts'
import { invitedOperator, staleLink, useInvitation } from './invitations.ts'
import { networkOf } from './network-of.ts'
import { emailFrom } from './operators.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { beginSession, endSession } from './sessions.ts'

/** Failures without a wait, of an account and from an address: many people may sit behind one. */
const free = { account: 5, address: 20 }

/**
 * @param before the session that the browser has; it ends, so that nobody can slip somebody theirs
 * @returns the secret of a new session
 * @throws RapportError `access.login` when address and password do not belong together, whichever is wrong
 * @throws TooSoonError `access.too-many-attempts`
 */
export async function logIn(
  state: State,
  attempts: LoginAttempts,
  given: { readonly email: string; readonly password: string; readonly address: string; readonly before?: string },
): Promise<string> {
  const email = given.email.trim().toLowerCase()
  const [account, address] = [`account ${email.slice(0, 254)}`, `address ${networkOf(given.address)}`]
  attempts.begin(address, free.address)
  attempts.begin(account, free.account)
  const row = await state.queries.selectFrom('operators').selectAll().where('email', '=', email).executeTakeFirst()
  if (!(await isPassword(given.password, row?.password_hash ?? null)) || !row) {
    throw new RapportError('access.login', 'address and password must belong together, they do not')
  }
  attempts.succeeded(account)
  attempts.succeeded(address)
  return state.transaction(async (queries) => {
    if (given.before !== undefined) await endSession(queries, given.before)
    await recordAudit(queries, { actor: row.operator_id, action: 'sessions.login' })
    return beginSession(queries, row.operator_id)
  })
}

/** What an operator says of themselves. */
export interface Credentials {
  readonly name: string
  readonly email: string
  readonly password: string
}

/**
 * Sets an operator's name, address and password, and ends every session that they have.
 *
 * @param current the password so far, where there is one
 * @returns the secret of a new session
 * @throws RapportError `access.password`, `access.email`, `access.login` when `current` is wrong
 */
export async function setCredentials(
  state: State,
  attempts: LoginAttempts,
  operatorId: string,
  { current, ...credentials }: Credentials & { readonly current: string },
): Promise<string> {
  const { password_hash } = await state.queries
    .selectFrom('operators')
    .select('password_hash')
    .where('operator_id', '=', operatorId)
    .executeTakeFirstOrThrow()
  if (password_hash !== null) {
    const guess = `password ${operatorId}`
    attempts.begin(guess, free.account)
    if (!(await isPassword(current, password_hash))) {
      throw new RapportError('access.login', 'the password so far must be right, it is not')
    }
    attempts.succeeded(guess)
  }
  const hash = await hashPassword(credentials.password)
  return state.transaction((queries) => keep(queries, operatorId, credentials, hash))
}

/** The same by a link to join. @throws RapportError `access.invitation` when the token is used, old or wrong */
export async function join(state: State, token: string, credentials: Credentials): Promise<string> {
  // A password costs much to digest: not for who has no link.
  await invitedOperator(state.queries, token)
  const hash = await hashPassword(credentials.password)
  return state.transaction(async (queries) => {
    const operatorId = await useInvitation(queries, token, 'join')
    if (operatorId !== undefined) return keep(queries, operatorId, credentials, hash)
    throw staleLink()
  })
}

async function keep(
  queries: StateQueries,
  operatorId: string,
  { name, email }: Credentials,
  password_hash: string,
): Promise<string> {
  const address = emailFrom(email)
  const other = await queries
    .selectFrom('operators')
    .select('operator_id')
    .where('email', '=', address)
    .where('operator_id', '!=', operatorId)
    .executeTakeFirst()
  if (other) throw new RapportError('access.email', 'the address must be nobody else’s, another operator has it')
  await queries
    .updateTable('operators')
    .set({ name: name.trim() || address.split('@', 1)[0]!, email: address, password_hash })
    .where('operator_id', '=', operatorId)
    .execute()
  await queries.deleteFrom('sessions').where('operator_id', '=', operatorId).execute()
  await recordAudit(queries, { actor: operatorId, action: 'operators.credentials', target: operatorId })
  return beginSession(queries, operatorId)
}
