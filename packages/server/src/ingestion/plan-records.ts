import type { ImportKind } from '@rapport/protocol'
import type { Work } from '../base/index.ts'
import { duckdbDialect, type FileReader } from '../warehouse/index.ts'
import type { RecordPlan } from './kinds/record-plan.ts'

const { text } = duckdbDialect

/**
 * Parses and checks every record of `source` into the table `parsed`, tells equal ones apart by an ordinal within
 * their file, and gives each its key.
 *
 * Tables left in the reader: `parsed` (file_index, row_number, the plan's values, problem, key, ordinal),
 * `repeats` (file_index, row_number) with those that a file says again, and `twins` (file_index, row_number) with those
 * that came twice in this import in another way.
 */
export async function parseRecords(
  reader: FileReader,
  kind: ImportKind,
  plan: RecordPlan,
  files: number,
  work?: Work,
): Promise<{ twins: number }> {
  work?.onProgress?.({ stage: 'check records', done: 0, total: 3 })
  const parsed = [...plan.parsed].map(([name, sql]) => `${sql} as ${name}`)
  const derived = [...plan.derived].map(([name, sql]) => `${sql} as ${name}`)
  const problem = plan.checks.map(({ fails }, index) => `when ${fails} then ${index}`)
  await reader.run(
    `create table parsed as
    select *, ${problem.length > 0 ? `case ${problem.join(' ')} end` : 'null'}::integer as problem,
      ${contentSql(kind, plan)} as key, 0::integer as ordinal
    from (select *, ${derived.join(', ')} from (select file_index, row_number, ${parsed.join(', ')} from source))`,
    undefined,
    work,
  )
  work?.onProgress?.({ stage: 'compare records', done: 1, total: 3 })
  const isNamed = plan.parsed.has('message_id')
  await reader.run(
    `create table repeats as
    select file_index, row_number, rowid as place,
      (row_number() over (partition by file_index, key order by row_number) - 1)::integer as nth
    from parsed
    where ${plan.isLatest ? 'false' : 'problem is null'} ${isNamed ? 'and message_id is null' : ''} and key in (
      select key from parsed where problem is null group by file_index, key having count(*) > 1
    )
    qualify nth > 0`,
    undefined,
    work,
  )
  // Written into the few that repeat: a join would carry every record through once more.
  await reader.run(
    `update parsed set ordinal = nth, key = md5_number(hex(key) || '/' || nth)
    from repeats where parsed.rowid = repeats.place`,
    undefined,
    work,
  )
  await reader.run('create view keyed as select * from parsed where problem is null')
  // One file without given ids cannot hold a key twice: its equal records differ by ordinal.
  if (files === 1 && !isNamed && !plan.isLatest) {
    await reader.run('create table twins (file_index integer, row_number bigint)')
    return { twins: 0 }
  }
  await reader.run(
    `create table twins as
    select file_index, row_number from keyed
    qualify row_number() over (partition by key order by file_index, row_number) > 1`,
    undefined,
    work,
  )
  const [count] = await reader.rows<{ twins: number }>('select count(*) as twins from twins')
  return count!
}

/** The record's content as one number: the id it was given, else its values, each set apart so that none runs into another. */
function contentSql(kind: ImportKind, plan: RecordPlan): string {
  const hash = `md5_number(concat_ws(chr(31), ${[text(kind), ...plan.content].join(', ')}))`
  if (!plan.parsed.has('message_id')) return hash
  return `case when message_id is null then ${hash} else md5_number(concat_ws(chr(31), ${text(`${kind}-id`)}, message_id)) end`
}
