import type { ImportKind } from '@rapport/protocol'
import type { Work } from '../base/index.ts'
import { duckdbDialect, type FileReader } from '../warehouse/index.ts'
import type { RecordPlan } from './kinds/record-plan.ts'

const { text } = duckdbDialect

/**
 * Parses and checks every record of `source` into the table `parsed`, tells equal ones apart by an ordinal within
 * their file, and gives each its key.
 *
 * Tables left in the reader: `parsed` (file_index, row_number, the plan's values, problem, content), `repeats`
 * (file_index, row_number, ordinal) and `twins` (file_index, row_number) with records that came twice in this import.
 */
export async function parseRecords(
  reader: FileReader,
  kind: ImportKind,
  plan: RecordPlan,
  files: number,
  work?: Work,
): Promise<void> {
  work?.onProgress?.({ stage: 'check records', done: 0, total: 3 })
  const parsed = [...plan.parsed].map(([name, sql]) => `${sql} as ${name}`)
  const derived = [...plan.derived].map(([name, sql]) => `${sql} as ${name}`)
  const problem = plan.checks.map(({ fails }, index) => `when ${fails} then ${index}`)
  await reader.run(
    `create table parsed as
    select *, ${problem.length > 0 ? `case ${problem.join(' ')} end` : 'null'}::integer as problem,
      ${contentSql(kind, plan)} as content
    from (select *, ${derived.join(', ')} from (select file_index, row_number, ${parsed.join(', ')} from source))`,
    undefined,
    work,
  )
  work?.onProgress?.({ stage: 'compare records', done: 1, total: 3 })
  const isNamed = plan.parsed.has('message_id')
  await reader.run(
    `create table repeats as
    select file_index, row_number,
      row_number() over (partition by file_index, content order by row_number) - 1 as ordinal
    from parsed
    where ${plan.isLatest ? 'false' : 'problem is null'} ${isNamed ? 'and message_id is null' : ''} and content in (
      select content from parsed where problem is null group by file_index, content having count(*) > 1
    )`,
    undefined,
    work,
  )
  await reader.run(
    `create view keyed as
    select parsed.*, coalesce(ordinal, 0) as ordinal,
      case when coalesce(ordinal, 0) = 0 then content else md5_number(content || '/' || ordinal) end as key
    from parsed left join repeats using (file_index, row_number)
    where problem is null`,
  )
  // One file without given ids cannot hold a key twice: its equal records differ by ordinal.
  await reader.run(
    files === 1 && !isNamed && !plan.isLatest
      ? 'create table twins (file_index integer, row_number bigint)'
      : `create table twins as
        select file_index, row_number from keyed
        qualify row_number() over (partition by key order by file_index, row_number) > 1`,
    undefined,
    work,
  )
}

/** The record's content as one number: the id it was given, else its values, each set apart so that none runs into another. */
function contentSql(kind: ImportKind, plan: RecordPlan): string {
  const hash = `md5_number(concat_ws(chr(31), ${[text(kind), ...plan.content].join(', ')}))`
  if (!plan.parsed.has('message_id')) return hash
  return `case when message_id is null then ${hash} else md5_number(concat_ws(chr(31), ${text(`${kind}-id`)}, message_id)) end`
}
