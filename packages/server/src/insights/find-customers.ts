import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

export interface CustomerSearch {
  /** Start of an id or address, part of a name; '' finds everybody. */
  readonly search: string
  /** The id that the last page ended with; '' begins at the first. */
  readonly after: string
  readonly limit: number
}

export interface CustomerPage {
  readonly customers: readonly {
    readonly customerId: string
    readonly email: string | null
    readonly name: string | null
  }[]
  /** What `after` is for the next page; null on the last. */
  readonly next: string | null
}

export async function findCustomers(
  warehouse: Warehouse,
  { search, after, limit }: CustomerSearch,
): Promise<CustomerPage> {
  const found = await warehouse.rows<CustomerPage['customers'][number]>(query('find_customers'), {
    ...{ search, after, limit: limit + 1 },
  })
  const customers = found.slice(0, limit)
  return { customers, next: found.length > limit ? customers.at(-1)!.customerId : null }
}
