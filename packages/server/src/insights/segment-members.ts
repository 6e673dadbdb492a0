import { isoOf } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { currencyOf } from './first-look.ts'
import { type TaughtMember, type TaughtRow, taughtMember } from './taught-member.ts'

const query = readQueries(new URL('./customers.sql', import.meta.url))

export interface SegmentMember extends TaughtMember {
  readonly customerId: string
  readonly email: string | null
  readonly name: string | null
  readonly orders: number
  /** In the page's currency, returns taken off. */
  readonly spent: number
  /** ISO 8601; null for one who bought nothing. */
  readonly lastOrderAt: string | null
}

type MemberRow = Omit<SegmentMember, 'lastOrderAt' | keyof TaughtMember> & TaughtRow & { lastOrderAt: number | null }

export interface MemberPage {
  readonly members: readonly SegmentMember[]
  readonly currency: string | null
  /** What `after` is for the next page; null on the last. */
  readonly next: string | null
}

/** Who is in a segment as of the last analysis. @param after the id that the last page ended with; '' begins */
export async function segmentMembers(
  warehouse: Warehouse,
  id: string,
  { after = '', limit = 50 }: { readonly after?: string; readonly limit?: number } = {},
): Promise<MemberPage> {
  const currency = await currencyOf(warehouse)
  const rows = await warehouse.rows<MemberRow>(query('segment_members'), { id, after, limit: limit + 1, currency })
  const members = rows.slice(0, limit).map((row) => ({
    ...row,
    ...taughtMember(row),
    lastOrderAt: row.lastOrderAt === null ? null : isoOf(row.lastOrderAt),
  }))
  return { members, currency, next: rows.length > limit ? members.at(-1)!.customerId : null }
}
