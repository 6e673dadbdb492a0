import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { eraseFromAnalyses } from './erase.ts'
import { writeLastReport } from './write-last-report.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/**
 * Takes customers who refuse profiling out of the lists of the stored analyses, and writes the report anew where one named
 * them; segments, scores and recommendations leave them out by themselves.
 *
 * @param receivedIds ids that the refusal came with
 * @param report path of the report
 */
export async function leaveOut(warehouse: Warehouse, receivedIds: readonly string[], report: string): Promise<void> {
  const scored = await warehouse.rows<{ customer_id: string }>(query('scored_of'), { ids: JSON.stringify(receivedIds) })
  if (scored.length === 0) return
  const changed = await eraseFromAnalyses(
    warehouse,
    scored.map(({ customer_id }) => customer_id),
  )
  if (changed > 0) await writeLastReport(warehouse, report)
}
