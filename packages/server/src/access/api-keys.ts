import { randomBytes } from 'node:crypto'
import { type Scope, scope } from '@rapport/protocol'
import { newId, now, RapportError } from '../base/index.ts'
import type { ApiKeyTable, State } from '../state/index.ts'
import { recordAudit } from './audit.ts'
import { digest } from './digest.ts'
import type { Caller } from './roles.ts'

const minuteMs = 60 * 1000

/** A key of a program: secret, shown once, of which a digest is kept. */
export interface ApiKey {
  readonly keyId: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly createdAt: number
  readonly expiresAt: number | null
  /** To the minute. */
  readonly usedAt: number | null
  /** Until when the secret before the last rotation holds. */
  readonly previousUntil: number | null
  readonly revokedAt: number | null
}

/** A key with its secret, which cannot be shown again. */
export type NewApiKey = ApiKey & { readonly secret: string }

interface ApiKeyRequest {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: number | null
  readonly actor: string
}

export async function createApiKey(
  { transaction }: State,
  { name, scopes, expiresAt, actor }: ApiKeyRequest,
): Promise<NewApiKey> {
  const secret = newSecret()
  const row: ApiKeyTable = {
    ...{ key_id: newId('key'), name, secret_hash: digest(secret), scopes: JSON.stringify(scopes) },
    ...{ created_at: now(), expires_at: expiresAt, used_at: null, revoked_at: null },
    ...{ previous_hash: null, previous_until: null },
  }
  await transaction(async (queries) => {
    await queries.insertInto('api_keys').values(row).execute()
    await recordAudit(queries, { actor, action: 'keys.create', target: row.key_id, detail: { kind: 'api', scopes } })
  })
  return { ...apiKeyOf(row), secret }
}

/**
 * Gives a key another secret; the one so far holds for `graceMs` more, until every program has the new one. One that was
 * rotated before that, and is still in its grace, ends now.
 *
 * @throws RapportError `access.no-key` when there is no such key that holds
 */
export async function rotateApiKey(
  { transaction }: State,
  { keyId, graceMs, actor }: { readonly keyId: string; readonly graceMs: number; readonly actor: string },
): Promise<NewApiKey> {
  const secret = newSecret()
  return transaction(async (queries) => {
    const row = await queries
      .updateTable('api_keys')
      .set(({ ref }) => ({
        ...{ secret_hash: digest(secret), previous_hash: ref('secret_hash'), previous_until: now() + graceMs },
      }))
      .where('key_id', '=', keyId)
      .where('revoked_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw new RapportError('access.no-key', `the key must be one that holds, got ${keyId}`)
    await recordAudit(queries, { actor, action: 'keys.rotate', target: keyId, detail: { graceMs } })
    return { ...apiKeyOf(row), secret }
  })
}

export async function listApiKeys({ queries }: State): Promise<ApiKey[]> {
  const rows = await queries.selectFrom('api_keys').selectAll().orderBy('key_id').execute()
  return rows.map(apiKeyOf)
}

/** @returns whether there was such a key that held */
export async function revokeApiKey(
  { transaction }: State,
  { keyId, actor }: { readonly keyId: string; readonly actor: string },
): Promise<boolean> {
  return transaction(async (queries) => {
    const { numUpdatedRows } = await queries
      .updateTable('api_keys')
      .set({ revoked_at: now() })
      .where('key_id', '=', keyId)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) await recordAudit(queries, { actor, action: 'keys.revoke', target: keyId })
    return numUpdatedRows > 0n
  })
}

/** Whose secret this is; undefined when it is none of a key that holds. */
export async function callerOfKey({ queries }: State, secret: string): Promise<Caller | undefined> {
  const hash = digest(secret)
  const row = await queries
    .selectFrom('api_keys')
    .selectAll()
    .where((is) => is.or([is('secret_hash', '=', hash), is('previous_hash', '=', hash)]))
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (!row || (row.expires_at !== null && row.expires_at <= now())) return undefined
  if (row.secret_hash !== hash && (row.previous_until === null || row.previous_until <= now())) return undefined
  // Not at every request, so that reading does not become writing.
  if (row.used_at === null || row.used_at + minuteMs < now()) {
    await queries.updateTable('api_keys').set({ used_at: now() }).where('key_id', '=', row.key_id).execute()
  }
  return { kind: 'key', id: row.key_id, scopes: scopesOf(row) }
}

const newSecret = (): string => `rk_${randomBytes(32).toString('base64url')}`

const scopesOf = ({ scopes }: ApiKeyTable): readonly Scope[] => scope.array().parse(JSON.parse(scopes))

const apiKeyOf = (row: ApiKeyTable): ApiKey => ({
  ...{ keyId: row.key_id, name: row.name, scopes: scopesOf(row), createdAt: row.created_at },
  ...{ expiresAt: row.expires_at, usedAt: row.used_at, revokedAt: row.revoked_at },
  previousUntil: row.previous_until !== null && row.previous_until > now() ? row.previous_until : null,
})
