import { role as roles, type Scope, scopes } from '@rapport/protocol'
import { commandLine, createApiKey, createWriteKey, type Role, revokeApiKey, revokeWriteKey } from '../access/index.ts'
import { beginSession } from '../access/sessions.ts'
import type { Operation as Documented } from './openapi/openapi-document.ts'
import type { ServedStore } from './served-store.contract.ts'

/** An operation of the document, and what it needs. */
export interface Operation {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  readonly url: string
  readonly security: Documented['security']
  readonly scope: string | undefined
  readonly role: string | undefined
  readonly takesEvents: boolean
  readonly isSigned: boolean
}

export interface Credential {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
}

const basic = (user: string) => ({ authorization: `Basic ${Buffer.from(`${user}:`).toString('base64')}` })
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })
const cookie = (secret: string) => ({ cookie: `rapport_session=${secret}`, origin: 'http://localhost:80' })

/** A session of an operator of the role. */
export async function beginOwnSession({ state }: ServedStore, role: Role): Promise<string> {
  const operator_id = `operator_of_the_walk_${role}`
  await state.queries
    .insertInto('operators')
    .values({ ...{ operator_id, name: role, email: null, role }, password_hash: null, created_at: 1 })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return beginSession(state.queries, operator_id)
}

/** Credentials that never were, and that have ended. */
export async function wrongCredentials(served: ServedStore): Promise<Credential[]> {
  const { state } = served
  const asked = { name: 'walk', scopes: ['admin'], expiresAt: null, actor: commandLine } as const
  const revoked = await createApiKey(state, asked)
  await revokeApiKey(state, { keyId: revoked.keyId, actor: commandLine })
  const expired = await createApiKey(state, { ...asked, expiresAt: 1 })
  const [past, idle] = [await beginOwnSession(served, 'owner'), await beginOwnSession(served, 'owner')]
  const sessions = await state.queries.selectFrom('sessions').select('session_id').orderBy('session_id').execute()
  const set = (at: number, values: { readonly expires_at?: number; readonly seen_at?: number }) =>
    state.queries.updateTable('sessions').set(values).where('session_id', '=', sessions.at(at)!.session_id).execute()
  await set(-1, { seen_at: 1 })
  await set(-2, { expires_at: 1 })
  const writeKey = await createWriteKey(state, 'revoked', commandLine)
  await revokeWriteKey(state, writeKey, commandLine)
  return [
    { name: 'a wrong key', headers: bearer('rk_wrong') },
    { name: 'a revoked key', headers: bearer(revoked.secret) },
    { name: 'an expired key', headers: bearer(expired.secret) },
    { name: 'a wrong session', headers: cookie('wrong') },
    { name: 'one session that ended', headers: cookie(past) },
    { name: 'another session that ended', headers: cookie(idle) },
    { name: 'a wrong write key', headers: basic('wk_wrong') },
    { name: 'a revoked write key', headers: basic(writeKey) },
    { name: 'a write key as a secret', headers: bearer(served.writeKey) },
  ]
}

/** Credentials that hold and are not enough for an operation, and the weakest that are. */
export async function credentialsFor(
  served: ServedStore,
  { scope, role, takesEvents }: Operation,
): Promise<{ readonly weak: readonly Credential[]; readonly enough: readonly Credential[] }> {
  const key = async (...held: Scope[]): Promise<Credential> => ({
    name: `a key for ${held.length < 4 ? held.join(' ') : 'all but what is needed'}`,
    headers: await served.keyHeaders(...held),
  })
  const session = async (held: Role): Promise<Credential> => ({
    ...{ name: `a session of a ${held}`, headers: cookie(await beginOwnSession(served, held)) },
  })
  if (takesEvents) {
    const secret = (await served.keyHeaders('admin')).authorization.replace('Bearer ', '')
    const asUser = { name: 'an API key as a write key', headers: basic(secret) }
    const weak = [await key('admin'), await session('owner'), asUser]
    return { weak, enough: [{ name: 'a write key', headers: basic(served.writeKey) }] }
  }
  const others = (Object.keys(scopes) as Scope[]).filter((each) => each !== 'admin' && each !== scope)
  const rank = roles.options.indexOf(role as Role)
  const below = roles.options[rank - 1]
  return {
    weak: [await key(...others), ...(scope ? [] : [await key('admin')]), ...(below ? [await session(below)] : [])],
    enough: [await session(role as Role), ...(scope ? [await key(scope as Scope)] : [])],
  }
}
