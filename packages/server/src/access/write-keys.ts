import { randomBytes } from 'node:crypto'
import { now } from '../base/index.ts'
import type { State, WriteKeyTable } from '../state/index.ts'
import { recordAudit } from './audit.ts'

/** Keys that let a page or an app send events, and nothing else. They are public: they stand in every page. */
export interface WriteKeys {
  /** From memory: at most a few seconds old. */
  isKnown(key: string): boolean
  refresh(): Promise<void>
}

export async function openWriteKeys(state: State): Promise<WriteKeys> {
  let known = new Set<string>()
  const refresh = async (): Promise<void> => {
    const rows = await state.queries
      .selectFrom('write_keys')
      .select('write_key')
      .where('revoked_at', 'is', null)
      .execute()
    known = new Set(rows.map(({ write_key }) => write_key))
  }
  await refresh()
  return { isKnown: (key) => known.has(key), refresh }
}

/** Makes the first key where there is none. @returns the oldest key that holds */
export async function firstWriteKey(state: State): Promise<string> {
  return state.transaction(async (queries) => {
    const held = await queries
      .selectFrom('write_keys')
      .select('write_key')
      .where('revoked_at', 'is', null)
      .orderBy('created_at')
      .executeTakeFirst()
    if (held) return held.write_key
    const write_key = newWriteKey()
    await queries
      .insertInto('write_keys')
      .values({ write_key, name: 'first', created_at: now(), revoked_at: null })
      .execute()
    return write_key
  })
}

/** Makes another key, for another site or app. */
export async function createWriteKey({ transaction }: State, name: string, actor: string): Promise<string> {
  const write_key = newWriteKey()
  await transaction(async (queries) => {
    await queries.insertInto('write_keys').values({ write_key, name, created_at: now(), revoked_at: null }).execute()
    await recordAudit(queries, { actor, action: 'keys.create', target: write_key, detail: { kind: 'write' } })
  })
  return write_key
}

/** Every key, those that do not hold any more included, the oldest first. */
export async function listWriteKeys({ queries }: State): Promise<WriteKeyTable[]> {
  return queries.selectFrom('write_keys').selectAll().orderBy('created_at').orderBy('write_key').execute()
}

/** @returns whether there was such a key that held */
export async function revokeWriteKey({ transaction }: State, key: string, actor: string): Promise<boolean> {
  return transaction(async (queries) => {
    const { numUpdatedRows } = await queries
      .updateTable('write_keys')
      .set({ revoked_at: now() })
      .where('write_key', '=', key)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) await recordAudit(queries, { actor, action: 'keys.revoke', target: key })
    return numUpdatedRows > 0n
  })
}

const newWriteKey = (): string => `wk_${randomBytes(16).toString('base64url')}`
