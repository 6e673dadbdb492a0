import type { StateQueries } from '../../state/index.ts'
import type { Aged } from './old-facts.ts'

/** Kinds that the state store keeps, with the table and the moment that their age counts from. */
const places = {
  audit: { table: 'audit', moment: 'recorded_at' },
  jobs: { table: 'jobs', moment: 'finished_at' },
  'failed-events': { table: 'failed_events', moment: 'failed_at' },
} as const

export type StateKind = keyof typeof places
export const stateKinds = Object.keys(places) as StateKind[]

/** Jobs that wait or run have no end yet, and no age. */
export async function agedState(queries: StateQueries, kind: StateKind, before: number): Promise<Aged> {
  const { table, moment } = places[kind]
  const of = queries.selectFrom(table as 'audit')
  const column = moment as 'recorded_at'
  const old = await of
    .select((is) => is.fn.countAll<number | string>().as('rows'))
    .where(column, '<', before)
    .executeTakeFirstOrThrow()
  const kept = await of
    .select((is) => is.fn.min<number | string | null>(column).as('oldest'))
    .where(column, '>=', before)
    .executeTakeFirstOrThrow()
  return { rows: Number(old.rows), oldestKept: kept.oldest === null ? null : Number(kept.oldest) }
}

/** @returns how many rows were removed */
export async function removeState(queries: StateQueries, kind: StateKind, before: number): Promise<number> {
  const { table, moment } = places[kind]
  const { numDeletedRows } = await queries
    .deleteFrom(table as 'audit')
    .where(moment as 'recorded_at', '<', before)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** A customer without a name, with their identities. */
export interface Nameless {
  readonly customerId: string
  readonly keys: readonly string[]
}

/** Customers without a name who were first seen before a moment: the next after one of them, in the database's order. */
export async function namelessAfter(
  queries: StateQueries,
  after: string,
  before: number,
  most: number,
): Promise<Nameless[]> {
  const customers = await queries
    .selectFrom('identities')
    .select('customer_id')
    .where('customer_id', 'like', 'anonymous:%')
    .where('customer_id', '>', after)
    .groupBy('customer_id')
    .having((is) => is.fn.max('first_seen_at'), '<', before)
    .orderBy('customer_id')
    .limit(most)
    .execute()
  if (customers.length === 0) return []
  const ids = customers.map(({ customer_id }) => customer_id)
  const rows = await queries
    .selectFrom('identities')
    .select(['customer_id', 'identity'])
    .where('customer_id', 'in', ids)
    .execute()
  const keys = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const { customer_id, identity } of rows) keys.get(customer_id)!.push(identity)
  return ids.map((customerId) => ({ customerId, keys: keys.get(customerId)! }))
}
