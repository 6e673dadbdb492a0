import type { ImportSummary } from '@rapport/protocol'
import type { FileReader } from '../warehouse/index.ts'
import type { PlanInput, RecordPlan } from './kinds/record-plan.ts'
import type { ParsedRecords } from './plan-records.ts'
import type { SourceFile } from './reading/inspect-file.ts'

type Counts = Pick<
  ImportSummary,
  'files' | 'read' | 'accepted' | 'duplicates' | 'quarantined' | 'refused' | 'repeatedLinesKept'
>

/**
 * Counts what became of every record.
 *
 * @param records those that were read and checked
 * @param known records that the store has
 * @param knownBad bad records that its quarantine has; they are duplicates too
 */
export async function countRecords(
  reader: FileReader,
  files: readonly SourceFile[],
  records: ParsedRecords,
  known: number,
  knownBad: number,
  { erased, erasedBad }: { readonly erased: number; readonly erasedBad: number },
): Promise<Counts> {
  const [count] = await reader.rows<Record<'bad' | 'twins' | 'repeated', number>>(
    `select (select count(*) from bad) as bad,
      (select count(*) from twins anti join known using (file_index, row_number)) as twins,
      (select count(*) from repeats anti join known using (file_index, row_number)
        anti join twins using (file_index, row_number)) as repeated`,
  )
  const damaged = await reader.rows<{ file_index: number; n: number }>(
    'select file_index, count(*) as n from damaged_lines group by 1',
  )
  const sum = (counts: readonly { readonly n: number }[]): number => counts.reduce((total, { n }) => total + n, 0)
  const rowsOf = (index: number): number =>
    sum([...records.counts, ...damaged].filter((one) => one.file_index === index))
  const sound = records.counts.reduce((total, one) => total + one.sound, 0)
  return {
    files: files.map(({ name, bytes, sha256 }, index) => ({ path: name, bytes, sha256, rows: rowsOf(index) })),
    read: sum([...records.counts, ...damaged]),
    accepted: sound - known - count!.twins - erased,
    duplicates: known + count!.twins + knownBad,
    quarantined: count!.bad,
    refused: erased + erasedBad,
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
  if (plan.notices.length > 0) {
    const counts = plan.notices.map(({ holds }, at) => `count_if(${holds}) as n${at}`)
    const [row] = await reader.rows<Record<string, number>>(`select ${counts.join(', ')} from fresh`)
    for (const [at, { says }] of plan.notices.entries()) if (row![`n${at}`]! > 0) warnings.push(says(row![`n${at}`]!))
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
