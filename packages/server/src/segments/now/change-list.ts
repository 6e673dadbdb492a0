import { countOf, RapportError } from '../../base/index.ts'
import type { State, StateQueries } from '../../state/index.ts'
import { keepList, listCustomers } from '../live/stored-lists.ts'

/** What to do with the customers of a list: another list in place of it, or some more and some less. */
export type ListEdit =
  | {
      readonly customers: readonly string[]
      /** Whether a list that has customers may be left with nobody. Default: false, as a wrong file would do that. */
      readonly mayEmpty?: boolean
    }
  | { readonly add: readonly string[]; readonly remove: readonly string[] }

export interface ChangedList {
  readonly segment: string
  /** In the list now. */
  readonly customers: number
  readonly added: number
  readonly removed: number
  /** Ids that name nobody, and were left out. */
  readonly unknownCount: number
  /** The first of them. */
  readonly unknown: readonly string[]
}

/** Finds out whom ids name. */
export type Resolve = (ids: readonly string[]) => Promise<{
  readonly known: readonly string[]
  readonly unknown: readonly string[]
  /** The customer whom each of the ids names now; of an id that names nobody the id itself. */
  readonly customerOf: ReadonlyMap<string, string>
}>

const unknownShown = 20

/**
 * Changes who is in a list. Ids that name nobody are left out, and said.
 *
 * @param audit writes down who did it, in the same transaction
 * @throws RapportError `segments.unknown`, `segments.list` when the segment has a rule, `segments.list-empty` when nobody would be left
 * in place of somebody and that was not asked for
 */
export async function changeList(
  state: State,
  resolve: Resolve,
  segment: string,
  edit: ListEdit,
  audit: (queries: StateQueries, changed: ChangedList) => Promise<void>,
): Promise<ChangedList> {
  const isReplaced = 'customers' in edit
  const wanted = await resolve(isReplaced ? edit.customers : edit.add)
  const leaving = await resolve(isReplaced ? [] : edit.remove)
  // Who is on the list under an id of before a merge.
  const { customerOf } = await resolve(await listCustomers(state.queries, segment))
  return state.transaction(async (queries) => {
    const before = new Map<string, string>()
    for (const id of await listCustomers(queries, segment)) before.set(id, customerOf.get(id) ?? id)
    const left = new Set(leaving.known)
    // An id that names who is on the list already stays as it is: undone, a merge parts them again.
    const staying = new Set(wanted.known)
    const kept = [...before].filter(([, customer]) => (isReplaced ? staying.has(customer) : !left.has(customer)))
    const on = new Set(kept.map(([, customer]) => customer))
    const after = new Set([...kept.map(([id]) => id), ...wanted.known.filter((id) => !on.has(id) && !left.has(id))])
    // Who is in it under an id that names nobody any more can be taken out by it.
    const gone = leaving.unknown.filter((id) => after.delete(id))
    await keepList(queries, segment, after)
    const unknown = [...wanted.unknown, ...leaving.unknown.filter((id) => !gone.includes(id))]
    const customersOf = (ids: Iterable<string>) => new Set([...ids].map((id) => customerOf.get(id) ?? id))
    const [were, are] = [customersOf(before.keys()), customersOf(after)]
    const changed = {
      ...{ segment, customers: are.size },
      added: [...are].filter((id) => !were.has(id)).length,
      removed: [...were].filter((id) => !are.has(id)).length,
      ...{ unknownCount: unknown.length, unknown: unknown.slice(0, unknownShown) },
    }
    if (isReplaced && edit.mayEmpty !== true && are.size === 0 && were.size > 0) throw nobodyLeft(changed, were.size)
    await audit(queries, changed)
    return changed
  })
}

function nobodyLeft({ segment, unknownCount }: ChangedList, customers: number): RapportError {
  const given = unknownCount === 0 ? 'no id' : `${unknownCount} that name nobody`
  return new RapportError(
    'segments.list-empty',
    `ids must be given that leave somebody on ${segment}, which has ${countOf(customers, 'customer')}, got ${given}: ` +
      'to take out everybody, give --empty, over HTTP { "customers": [] }',
  )
}
