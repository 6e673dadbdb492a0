import { createHmac, randomBytes } from 'node:crypto'
import { newId, now } from '../base/index.ts'
import type { AuditTable, StateQueries } from '../state/index.ts'

/** Who acts in a command: whoever has the store. */
export const commandLine = 'command line'

/** A thing by its id, or a person, who is entered by a pseudonym only. */
export type AuditTarget = string | { readonly person: string }

export interface AuditEntry {
  /** An operator's id, a key's id, or `commandLine`. */
  readonly actor: string
  /** `room.what`: `operators.invite`, `customers.erase` */
  readonly action: string
  readonly target?: AuditTarget
  /** Numbers, kinds, states: nothing about a person. */
  readonly detail?: Readonly<Record<string, unknown>>
}

/**
 * Enters what somebody did into the audit log, which is only ever appended to. In the transaction of the deed, so that
 * neither is there without the other; beside it where the deed is not of the state alone, as one of the warehouse.
 */
export async function recordAudit(queries: StateQueries, { actor, action, target, detail }: AuditEntry): Promise<void> {
  await queries
    .insertInto('audit')
    .values({
      ...{ audit_id: newId('audit'), recorded_at: now(), actor, action },
      target: target === undefined ? null : await targetId(queries, target),
      detail: detail === undefined ? null : JSON.stringify(detail),
    })
    .execute()
}

/** Which entries. */
export interface AuditSearch {
  /** At most this many, the newest first. */
  readonly limit: number
  /** Only older ones than this entry. */
  readonly before?: string | undefined
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly target?: AuditTarget | undefined
}

export interface AuditRecord extends Omit<AuditTable, 'audit_id' | 'recorded_at' | 'detail'> {
  readonly auditId: string
  readonly at: number
  readonly detail: unknown
}

export async function readAudit(queries: StateQueries, search: AuditSearch): Promise<AuditRecord[]> {
  const { limit, before, actor, action, target } = search
  let query = queries.selectFrom('audit').selectAll().orderBy('audit_id', 'desc').limit(limit)
  if (before !== undefined) query = query.where('audit_id', '<', before)
  if (actor !== undefined) query = query.where('actor', '=', actor)
  if (action !== undefined) query = query.where('action', '=', action)
  if (target !== undefined) query = query.where('target', '=', await targetId(queries, target))
  return (await query.execute()).map(({ audit_id, recorded_at, detail, ...rest }) => ({
    ...{ auditId: audit_id, at: recorded_at, ...rest },
    detail: detail === null ? null : (JSON.parse(detail) as unknown),
  }))
}

const targetId = async (queries: StateQueries, target: AuditTarget): Promise<string> =>
  typeof target === 'string' ? target : pseudonymOf(queries, target.person)

/**
 * The same person gets the same pseudonym, and nobody without the store's key can tell whose it is, not even by trying
 * every address: HMAC-SHA-256.
 */
async function pseudonymOf(queries: StateQueries, person: string): Promise<string> {
  const name = 'audit key'
  await queries
    .insertInto('settings')
    .values({ name, value: randomBytes(32).toString('hex') })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { value } = await queries
    .selectFrom('settings')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return `person_${createHmac('sha256', Buffer.from(value, 'hex')).update(person).digest('hex').slice(0, 32)}`
}
