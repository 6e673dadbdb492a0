import { isoOf } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { currencyOf } from './first-look.ts'

const query = readQueries(new URL('./customers.sql', import.meta.url))

export interface CustomerSearch {
  /** Part of an id, an address or a name; '' finds everybody. */
  readonly search: string
  /** The id that the last page ended with; '' begins at the first. */
  readonly after: string
  readonly limit: number
}

export interface FoundCustomer {
  readonly customerId: string
  readonly email: string | null
  readonly name: string | null
  /** Purchases so far. */
  readonly orders: number
  /** What these came to in the page's currency, returns taken off. */
  readonly spent: number
  /** When they last did something themselves, ISO 8601; null where nothing of theirs is known. */
  readonly lastSeenAt: string | null
  /** By recency, frequency and spend, as of the last analysis; null before there was one and for who bought nothing. */
  readonly segment: { readonly id: string; readonly name: string } | null
}

export interface CustomerPage {
  readonly customers: readonly FoundCustomer[]
  /** Of every amount; null in a store without sales. */
  readonly currency: string | null
  /** What `after` is for the next page; null on the last. */
  readonly next: string | null
}

export async function findCustomers(
  warehouse: Warehouse,
  { search, after, limit }: CustomerSearch,
): Promise<CustomerPage> {
  const currency = await currencyOf(warehouse)
  const found = await warehouse.rows<
    Omit<FoundCustomer, 'lastSeenAt' | 'segment'> & {
      lastSeenAt: number | null
      segmentId: string | null
      segmentName: string | null
    }
  >(query('find_customers'), { search, after, limit: limit + 1, currency })
  const customers = found.slice(0, limit).map(({ segmentId, segmentName, lastSeenAt, ...row }) => ({
    ...row,
    lastSeenAt: lastSeenAt === null ? null : isoOf(lastSeenAt),
    segment: segmentId === null ? null : { id: segmentId, name: segmentName! },
  }))
  return { customers, currency, next: found.length > limit ? customers.at(-1)!.customerId : null }
}
