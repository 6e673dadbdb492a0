import type { ImportKind } from '@rapport/protocol'
import type { Work } from '../base/index.ts'
import { duckdbDialect, type FileReader, readQueries, type Warehouse } from '../warehouse/index.ts'
import type { RecordPlan, Resolved } from './kinds/record-plan.ts'
import type { ParsedRecords } from './plan-records.ts'

const query = readQueries(new URL('./quarantine.sql', import.meta.url))

const { text } = duckdbDialect

/**
 * Makes the reader's table `bad`: the records with a problem and the damaged lines, as the quarantine's columns after the
 * batch, with what must hold and what was got.
 */
export async function collectBad(
  reader: FileReader,
  kind: ImportKind,
  plan: RecordPlan,
  records: ParsedRecords,
  columns: ReadonlyMap<string, Resolved>,
  names: readonly string[],
  files: readonly string[],
  work?: Work,
): Promise<void> {
  const byProblem = (say: (index: number) => string): string => {
    const cases = plan.checks.map((_, index) => `when ${index} then ${say(index)}`)
    return cases.length > 0 ? `case problem ${cases.join(' ')} end` : 'null::varchar'
  }
  const got = (index: number): string => {
    const column = columns.get(plan.checks[index]!.target)?.column
    return column
      ? `${text(`${plan.checks[index]!.must}, got `)} || coalesce(left(nullif(trim(${column}), ''), 80), 'nothing')`
      : text(plan.checks[index]!.must)
  }
  // Without this, a file that is sound would be joined with itself for nothing.
  const hasProblems = records.counts.some(({ n, sound }) => sound < n)
  const raw = names.flatMap((name, index) => [text(name), `c${index}`])
  const file = `case file_index ${files.map((path, index) => `when ${index} then ${text(path)}`).join(' ')} end`
  await reader.run(
    `create table bad as
    select ${text(kind)} as kind, ${file} as file, row_number::bigint as row_number,
      ${byProblem((index) => text(columns.get(plan.checks[index]!.target)?.source ?? ''))} as column_name,
      ${byProblem((index) => text(plan.checks[index]!.code))} as code,
      ${byProblem(got)} as reason,
      json_object(${raw.join(', ')})::varchar as raw, null::integer as retried_batch_id,
      null::varchar as call_id, null::timestamptz as received_at, null::varchar as sent_at
    from source join parsed using (file_index, row_number)
    where problem is not null ${hasProblems ? '' : 'and false'}
    union all
    select ${text(kind)}, ${file}, row_number::bigint, null, code, reason, json_object('', raw)::varchar, null::integer,
      null::varchar, null::timestamptz, null::varchar
    from damaged_lines`,
    undefined,
    work,
  )
}

/**
 * Takes out of `bad` what is in quarantine already, so that importing a file again does not fill it twice. Equal bad
 * records of one file stay apart by how-manieth they are.
 *
 * @returns how many were taken out
 */
export async function dropKnownBad(warehouse: Warehouse, reader: FileReader, work?: Work): Promise<number> {
  const [held] = await warehouse.rows<{ n: number }>(query('count_all'))
  const [bad] = await reader.rows<{ n: number }>('select count(*) as n from bad')
  if (held!.n === 0 || bad!.n === 0) return 0
  await warehouse.run(query('make_keys'))
  try {
    await warehouse.pour('import_bad', reader, query('keys_of_bad'), work)
    const known = await warehouse.columns(query('find_known'), undefined, work)
    if (known.rows === 0) return 0
    await reader.stage('known_bad', { place: BigInt64Array.from(known.numbers('place'), BigInt) })
    await reader.run('delete from bad where rowid in (select place from known_bad)')
    return known.rows
  } finally {
    await warehouse.run(query('drop_keys'))
  }
}

/** Marks the records of a replay that passed as taken by a batch. */
export async function markRetried(
  warehouse: Warehouse,
  reader: FileReader,
  replay: { readonly batch: number; readonly file: string; readonly rows: Float64Array },
  takenBy: number,
): Promise<void> {
  const failed = new Set((await reader.columns('select row_number from bad')).numbers('row_number'))
  const passed = replay.rows.filter((_, index) => !failed.has(index + 1))
  if (passed.length === 0) return
  await warehouse.run(query('drop_retried'))
  await warehouse.stage('import_retried', { row_number: BigInt64Array.from(passed, BigInt) })
  await warehouse.run(query('mark_retried'), { batch: replay.batch, file: replay.file, taken_by: takenBy })
  await warehouse.run(query('drop_retried'))
}
