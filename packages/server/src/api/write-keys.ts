import { randomBytes } from 'node:crypto'
import { now } from '../base/index.ts'
import type { State } from '../state/index.ts'

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
    const write_key = `wk_${randomBytes(16).toString('base64url')}`
    await queries
      .insertInto('write_keys')
      .values({ write_key, name: 'first', created_at: now(), revoked_at: null })
      .execute()
    return write_key
  })
}

/** The key of a request: Basic authorisation with the key as its user, or in the body. */
export function writeKeyOf(authorization: string | undefined, body: unknown): string | undefined {
  const basic = /^basic\s+([a-z0-9+/=_-]+)$/i.exec(authorization ?? '')?.[1]
  if (basic !== undefined) {
    const user = Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0]
    if (user !== '') return user
  }
  const inBody = (body as { writeKey?: unknown } | null | undefined)?.writeKey
  return typeof inBody === 'string' ? inBody : undefined
}
