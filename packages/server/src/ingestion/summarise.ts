import type { ImportSummary } from '@rapport/protocol'
import type { FileReader } from '../warehouse/index.ts'
import type { PlanInput, RecordPlan } from './kinds/record-plan.ts'
import type { SourceFile } from './reading/inspect-file.ts'

type Counts = Pick<ImportSummary, 'files' | 'read' | 'accepted' | 'duplicates' | 'quarantined' | 'repeatedLinesKept'>

/**
 * Counts what became of every record.
 *
 * @param known records that the store has
 * @param knownBad bad records that its quarantine has; they are duplicates too
 */
export async function countRecords(
  reader: FileReader,
  files: readonly SourceFile[],
  known: number,
  knownBad: number,
): Promise<Counts> {
  const [count] = await reader.rows<Record<'bad' | 'twins' | 'fresh' | 'repeated', number>>(
    `select (select count(*) from bad) as bad,
      (select count(*) from twins anti join known using (file_index, row_number)) as twins,
      (select count(*) from fresh) as fresh,
      (select count(*) from repeats anti join known using (file_index, row_number)
        anti join twins using (file_index, row_number)) as repeated`,
  )
  const rows = await reader.rows<{ file_index: number; n: number }>(
    `select file_index, count(*) as n
    from (select file_index from parsed union all select file_index from damaged_lines) group by 1`,
  )
  const rowsOf = (index: number): number => rows.find((one) => one.file_index === index)?.n ?? 0
  return {
    files: files.map(({ path, bytes, sha256 }, index) => ({ path, bytes, sha256, rows: rowsOf(index) })),
    read: rows.reduce((total, { n }) => total + n, 0),
    accepted: count!.fresh,
    duplicates: known + count!.twins + knownBad,
    quarantined: count!.bad,
    repeatedLinesKept: count!.repeated,
  }
}

/** What a user should know of records that were taken. */
export async function warningsOf(
  reader: FileReader,
  plan: RecordPlan,
  input: PlanInput,
  timezone: string | undefined,
): Promise<string[]> {
  const warnings: string[] = []
  for (const notice of plan.notices) {
    const [row] = await reader.rows<{ n: number }>(`select count(*) as n from fresh where ${notice.holds}`)
    if (row!.n > 0) warnings.push(notice.says(row!.n))
  }
  const moments = [...input.columns.values()].filter(
    ({ date }) => date && !date.style.startsWith('epoch') && !date.hasOffsets,
  )
  if (timezone === undefined && moments.length > 0) {
    warnings.push(`moments without an offset are read as ${input.timezone}; --timezone says otherwise`)
  }
  return warnings
}

export const reasonsOf = (reader: FileReader): Promise<{ code: string; reason: string; count: number }[]> =>
  reader.rows(
    `select code, min(reason) as reason, count(*) as count from bad
    group by code, column_name order by count desc, code, reason`,
  )
