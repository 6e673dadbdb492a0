import type { State, StateQueries } from '../../state/index.ts'
import { keepList, listCustomers } from '../live/stored-lists.ts'

/** What to do with the customers of a list: another list in place of it, or some more and some less. */
export type ListEdit =
  | { readonly customers: readonly string[] }
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
export type Resolve = (
  ids: readonly string[],
) => Promise<{ readonly known: readonly string[]; readonly unknown: readonly string[] }>

const unknownShown = 20

/**
 * Changes who is in a list. Ids that name nobody are left out, and said.
 *
 * @param audit writes down who did it, in the same transaction
 * @throws RapportError `segments.unknown`, `segments.list` when the segment has a rule
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
  return state.transaction(async (queries) => {
    const before = new Set(await listCustomers(queries, segment))
    const after = new Set(isReplaced ? [] : before)
    for (const id of wanted.known) after.add(id)
    for (const id of leaving.known) after.delete(id)
    // Who is in it under an id that names nobody any more can be taken out by it.
    const gone = leaving.unknown.filter((id) => after.delete(id))
    await keepList(queries, segment, after)
    const unknown = [...wanted.unknown, ...leaving.unknown.filter((id) => !gone.includes(id))]
    const changed = {
      ...{ segment, customers: after.size },
      added: [...after].filter((id) => !before.has(id)).length,
      removed: [...before].filter((id) => !after.has(id)).length,
      ...{ unknownCount: unknown.length, unknown: unknown.slice(0, unknownShown) },
    }
    await audit(queries, changed)
    return changed
  })
}
