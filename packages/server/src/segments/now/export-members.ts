import type { Work } from '../../base/index.ts'
import { type Warehouse, withStaged } from '../../warehouse/index.ts'
import { csvOf, type ExportedRows, exportedRows, type Purpose } from '../export-segment.ts'
import { membersPage } from './members-page.ts'
import type { Standing } from './standing.ts'

/** Rows that are made at once. */
const rowsAtOnce = 5000

/**
 * Who is in a live segment now with contact fields and what each agreed to, as CSV, in the order of ids, part by part: the
 * head comes with the first. Cells that a spreadsheet would run are neutralised.
 *
 * @throws RapportError `segments.unknown`
 */
export async function* exportMembers(
  warehouse: Warehouse,
  standing: Standing,
  segment: string,
  { purpose }: { readonly purpose: Purpose },
  work?: Work,
): AsyncGenerator<{ readonly csv: string; readonly customers: number; readonly contactable: number }> {
  let after: string | null = ''
  for (let isFirst = true; after !== null; isFirst = false) {
    const page = await membersPage(standing, segment, { after, limit: rowsAtOnce })
    const { columns, rows, contactable } = await rowsOf(warehouse, page.customers, purpose, work)
    const csv = csvOf({ columns, rows })
    yield { csv: isFirst ? csv : csv.slice(csv.indexOf('\n') + 1), customers: rows.length, contactable }
    after = page.next
  }
}

const rowsOf = (
  warehouse: Warehouse,
  customers: readonly string[],
  purpose: Purpose,
  work: Work | undefined,
): Promise<ExportedRows> =>
  withStaged(
    warehouse,
    { customer_id: customers },
    (table) => exportedRows(warehouse, `(select customer_id from ${table})`, {}, purpose, work),
    work,
  )
