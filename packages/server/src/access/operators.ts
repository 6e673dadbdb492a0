import { role } from '@rapport/protocol'
import { z } from 'zod'
import { newId, now, RapportError } from '../base/index.ts'
import type { OperatorTable, State, StateQueries } from '../state/index.ts'
import { recordAudit } from './audit.ts'
import type { Role } from './roles.ts'

/** A person who works with rapport. */
export interface Operator {
  readonly operatorId: string
  readonly name: string
  /** Null until they say one. */
  readonly email: string | null
  readonly role: Role
  /** Whether they can log in; without, they come by a link. */
  readonly hasPassword: boolean
  readonly createdAt: number
}

/** The oldest owner, whom the links of `rapport start` and `rapport open` let in; made where there is none. */
export async function ownerOf(queries: StateQueries): Promise<string> {
  const held = await queries
    .selectFrom('operators')
    .select('operator_id')
    .where('role', '=', 'owner')
    .orderBy('created_at')
    .orderBy('operator_id')
    .executeTakeFirst()
  if (held) return held.operator_id
  return addOperator(queries, { name: 'owner', email: null, role: 'owner' })
}

export async function listOperators(queries: StateQueries): Promise<Operator[]> {
  const rows = await queries.selectFrom('operators').selectAll().orderBy('created_at').orderBy('operator_id').execute()
  return rows.map(operatorFrom)
}

/** @param idOrEmail an id, or an address in any case @throws RapportError `access.no-operator` */
export async function findOperator(queries: StateQueries, idOrEmail: string): Promise<Operator> {
  const row = await queries
    .selectFrom('operators')
    .selectAll()
    .where((is) => is.or([is('operator_id', '=', idOrEmail), is('email', '=', idOrEmail.trim().toLowerCase())]))
    .executeTakeFirst()
  if (row) return operatorFrom(row)
  throw new RapportError('access.no-operator', 'the operator must be one of rapport operators list, is none')
}

/**
 * The operator of an address, added with the role where there is none yet.
 *
 * @throws RapportError `access.email`, `access.role` when they are there with another role
 */
export async function operatorOfEmail(
  { transaction }: State,
  { email, role, actor }: { readonly email: string; readonly role: Role; readonly actor: string },
): Promise<Operator> {
  const address = emailFrom(email)
  return transaction(async (queries) => {
    const held = await queries.selectFrom('operators').selectAll().where('email', '=', address).executeTakeFirst()
    if (held) {
      if (held.role === role) return operatorFrom(held)
      throw new RapportError(
        'access.role',
        `an operator that is there already must be invited as ${held.role}, got ${role}: rapport operators role changes it`,
      )
    }
    const name = address.split('@', 1)[0]!
    const operatorId = await addOperator(queries, { name, email: address, role })
    await recordAudit(queries, { actor, action: 'operators.invite', target: operatorId, detail: { role } })
    return findOperator(queries, operatorId)
  })
}

/** @throws RapportError `access.last-owner` when nobody would be left who says who may what */
export async function setRole(
  { transaction }: State,
  { operatorId, role, actor }: { readonly operatorId: string; readonly role: Role; readonly actor: string },
): Promise<Operator> {
  return transaction(async (queries) => {
    const held = await findOperator(queries, operatorId)
    if (role !== 'owner') await keepAnOwner(queries, held)
    await queries.updateTable('operators').set({ role }).where('operator_id', '=', operatorId).execute()
    const detail = { before: held.role, role }
    await recordAudit(queries, { actor, action: 'operators.role', target: operatorId, detail })
    return findOperator(queries, operatorId)
  })
}

/** Removes an operator with their sessions and links. @throws RapportError `access.last-owner`, `access.no-operator` */
export async function removeOperator(
  { transaction }: State,
  { operatorId, actor }: { readonly operatorId: string; readonly actor: string },
): Promise<void> {
  await transaction(async (queries) => {
    await keepAnOwner(queries, await findOperator(queries, operatorId))
    await queries.deleteFrom('sessions').where('operator_id', '=', operatorId).execute()
    await queries.deleteFrom('invitations').where('operator_id', '=', operatorId).execute()
    await queries.deleteFrom('operators').where('operator_id', '=', operatorId).execute()
    await recordAudit(queries, { actor, action: 'operators.remove', target: operatorId })
  })
}

/** @throws RapportError `access.email` when it is none */
export function emailFrom(given: string): string {
  const parsed = z.email().max(254).safeParse(given.trim().toLowerCase())
  if (parsed.success) return parsed.data
  throw new RapportError('access.email', 'an email address must look like ann@shop.example, it does not')
}

async function keepAnOwner(queries: StateQueries, { operatorId, role }: Operator): Promise<void> {
  if (role !== 'owner') return
  // Two owners who remove each other at once would both find the other one: this row lets them do it in turn.
  const lock = { name: 'owners', value: String(now()) }
  await queries
    .insertInto('settings')
    .values(lock)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(lock))
    .execute()
  const other = await queries
    .selectFrom('operators')
    .select('operator_id')
    .where('role', '=', 'owner')
    .where('operator_id', '!=', operatorId)
    .executeTakeFirst()
  if (other) return
  throw new RapportError('access.last-owner', 'there must be an owner left, this is the last one')
}

async function addOperator(
  queries: StateQueries,
  { name, email, role }: Pick<OperatorTable, 'name' | 'email' | 'role'>,
): Promise<string> {
  const operator_id = newId('operator')
  await queries
    .insertInto('operators')
    .values({ ...{ operator_id, name, email, role }, password_hash: null, created_at: now() })
    .execute()
  return operator_id
}

const operatorFrom = (row: OperatorTable): Operator => ({
  ...{ operatorId: row.operator_id, name: row.name, email: row.email, role: role.parse(row.role) },
  ...{ hasPassword: row.password_hash !== null, createdAt: row.created_at },
})
