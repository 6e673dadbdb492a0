import { RapportError } from '../../base/index.ts'
import type { StateQueries } from '../../state/index.ts'
import { storedSegmentDefinitions, takeTurn, unknown } from './stored-segment-definitions.ts'

/** Rows in one statement: both databases bound how many values it may have. */
const rowsAtOnce = 500

/**
 * Puts the customers of a list in place of those before. Call it inside a transaction.
 *
 * @throws RapportError `segments.unknown` when there is no such segment, `segments.list` when it has a rule
 */
export async function keepList(queries: StateQueries, segment: string, customers: Iterable<string>): Promise<void> {
  await takeTurn(queries)
  const found = (await storedSegmentDefinitions(queries)).find(({ id }) => id === segment)
  if (found === undefined) throw unknown(segment)
  if (found.rule !== null)
    throw new RapportError('segments.list', `${segment} must be a list to be given customers, it has a rule`)
  await queries.deleteFrom('segment_lists').where('segment_id', '=', segment).execute()
  const rows = [...new Set(customers)].map((customer_id) => ({ segment_id: segment, customer_id }))
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    await queries
      .insertInto('segment_lists')
      .values(rows.slice(from, from + rowsAtOnce))
      .execute()
}

/** Who is in which list, by its id; ids of customers in order. */
export async function storedLists(queries: StateQueries): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await queries
    .selectFrom('segment_lists')
    .selectAll()
    .orderBy('segment_id')
    .orderBy('customer_id')
    .execute()
  const lists = new Map<string, string[]>()
  for (const { segment_id, customer_id } of rows) {
    const list = lists.get(segment_id)
    if (list === undefined) lists.set(segment_id, [customer_id])
    else list.push(customer_id)
  }
  return lists
}

/** Who is in a list, by id. */
export async function listCustomers(queries: StateQueries, segment: string): Promise<readonly string[]> {
  const rows = await queries
    .selectFrom('segment_lists')
    .select('customer_id')
    .where('segment_id', '=', segment)
    .orderBy('customer_id')
    .execute()
  return rows.map(({ customer_id }) => customer_id)
}

/** The lists that hold one of these ids. */
export async function listsNaming(queries: StateQueries, ids: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>()
  for (let from = 0; from < ids.length; from += rowsAtOnce) {
    const some = ids.slice(from, from + rowsAtOnce)
    const rows = await queries
      .selectFrom('segment_lists')
      .select('segment_id')
      .where('customer_id', 'in', some)
      .execute()
    for (const { segment_id } of rows) found.add(segment_id)
  }
  return [...found].sort()
}

/** Takes somebody out of every list. @returns from how many, by what they are called in a receipt */
export async function eraseFromLists(
  queries: StateQueries,
  ids: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  let removed = 0
  for (let from = 0; from < ids.length; from += rowsAtOnce) {
    const some = ids.slice(from, from + rowsAtOnce)
    const { numDeletedRows } = await queries
      .deleteFrom('segment_lists')
      .where('customer_id', 'in', some)
      .executeTakeFirst()
    removed += Number(numDeletedRows)
  }
  return { segment_lists: removed }
}
