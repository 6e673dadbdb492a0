import { randomBytes } from 'node:crypto'
import { newId, now } from '../base/index.ts'
import type { State } from '../state/index.ts'
import { digest } from './digest.ts'
import { type Caller, scope } from './roles.ts'

/** A key of a program that reads customers: secret, shown once, of which a digest is kept. */
export interface ApiKey {
  readonly keyId: string
  readonly name: string
  readonly createdAt: number
  readonly revokedAt: number | null
}

/** @returns the key with its secret, which cannot be shown again */
export async function createApiKey({ queries }: State, name: string): Promise<ApiKey & { readonly secret: string }> {
  const secret = `rk_${randomBytes(32).toString('base64url')}`
  const row = { key_id: newId('key'), name, created_at: now(), revoked_at: null }
  await queries
    .insertInto('api_keys')
    .values({
      ...{ ...row, secret_hash: digest(secret), scopes: '["customers.read"]' },
      ...{ expires_at: null, used_at: null, previous_hash: null, previous_until: null },
    })
    .execute()
  return { keyId: row.key_id, name, createdAt: row.created_at, revokedAt: null, secret }
}

export async function listApiKeys({ queries }: State): Promise<ApiKey[]> {
  const rows = await queries.selectFrom('api_keys').selectAll().orderBy('key_id').execute()
  return rows.map((row) => ({
    ...{ keyId: row.key_id, name: row.name },
    ...{ createdAt: row.created_at, revokedAt: row.revoked_at },
  }))
}

/** @returns whether there was such a key that held */
export async function revokeApiKey({ queries }: State, keyId: string): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('api_keys')
    .set({ revoked_at: now() })
    .where('key_id', '=', keyId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Whose secret this is; undefined when it is none of a key that holds. */
export async function callerOfKey({ queries }: State, secret: string): Promise<Caller | undefined> {
  const row = await queries
    .selectFrom('api_keys')
    .select(['key_id', 'scopes'])
    .where('secret_hash', '=', digest(secret))
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return row && { kind: 'key', id: row.key_id, scopes: scope.array().parse(JSON.parse(row.scopes)) }
}
