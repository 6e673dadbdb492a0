import { customersNamed } from '../../features/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { ListMembers } from '../live/evaluation.ts'

/** Who is on lists now: the customers whom the ids on them name and who may be profiled. */
export class ListedCustomers implements ListMembers {
  private readonly lists: ReadonlyMap<string, ReadonlySet<string>>

  private constructor(lists: ReadonlyMap<string, ReadonlySet<string>>) {
    this.lists = lists
  }

  /**
   * @param lists ids, by the list's id
   * @param share one of so many parts of the customers. Default: all
   */
  static async read(
    warehouse: Warehouse,
    lists: ReadonlyMap<string, readonly string[]>,
    share?: { readonly index: number; readonly of: number },
  ): Promise<ListedCustomers> {
    const ids = [...lists.values()].flat()
    if (ids.length === 0) return new ListedCustomers(new Map())
    const named = await customersNamed(warehouse, ids, share === undefined ? {} : { share })
    const customersOf = (list: readonly string[]) => new Set(list.flatMap((id) => named.get(id) ?? []))
    return new ListedCustomers(new Map([...lists].map(([list, on]) => [list, customersOf(on)])))
  }

  isListed(segment: string, customer: string): boolean {
    return this.lists.get(segment)?.has(customer) ?? false
  }

  /** Everybody who is on a list. */
  customers(): ReadonlySet<string> {
    return new Set([...this.lists.values()].flatMap((customers) => [...customers]))
  }
}
