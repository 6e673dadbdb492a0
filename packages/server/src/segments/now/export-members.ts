import { gathered, newId, type Work } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { csvOf, exportedRows, type Purpose } from '../export-segment.ts'
import { membersOf } from './members-page.ts'
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
  const customers = [...(await gathered([membersOf(standing, segment)]))]
  const [staged, ordered] = [newId('exported'), newId('ordered')]
  try {
    await warehouse.stage(staged, { customer_id: customers }, work)
    // Put in order once, and not on the thread that answers others.
    const place = 'row_number() over (order by customer_id) as place'
    await warehouse.run(`create temp table ${ordered} as select customer_id, ${place} from ${staged}`, undefined, work)
    for (let from = 0; from === 0 || from < customers.length; from += rowsAtOnce) {
      const part = `(select customer_id from ${ordered} where place > ${from} and place <= ${from + rowsAtOnce})`
      const { columns, rows, contactable } = await exportedRows(warehouse, part, {}, purpose, work)
      const csv = csvOf({ columns, rows })
      yield { csv: from === 0 ? csv : csv.slice(csv.indexOf('\n') + 1), customers: rows.length, contactable }
    }
  } finally {
    for (const table of [staged, ordered]) await warehouse.run(`drop table if exists ${table}`)
  }
}
