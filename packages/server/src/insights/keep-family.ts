import type { FamilyResult } from '../segments/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import type { Analysis } from './analysis.ts'
import { writeLastReport } from './write-last-report.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/**
 * Puts a family of segments into the last analysis, in place of that of its name, and writes the report anew: who asks for
 * segments sees them at once. Without an analysis there is no report yet, and the first one finds the family in the store.
 *
 * @param report the report's path
 */
export async function keepFamilyInAnalysis(warehouse: Warehouse, family: FamilyResult, report: string): Promise<void> {
  const isKept = await warehouse.transaction(async () => {
    const [last] = await warehouse.rows<{ id: number; document: string }>(query('last_analysis_id'))
    if (!last) return false
    const analysis = JSON.parse(last.document) as Analysis
    const others = (analysis.segments.families ?? []).filter((other) => other.family !== family.family)
    const families = [...others, family].sort((one, other) => (one.family < other.family ? -1 : 1))
    const document = JSON.stringify({ ...analysis, segments: { ...analysis.segments, families } })
    await warehouse.run(query('replace_analysis'), { id: last.id, document })
    return true
  })
  if (isKept) await writeLastReport(warehouse, report)
}
