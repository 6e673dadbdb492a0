import type { ImportKind } from '@rapport/protocol'
import type { Work } from '../base/index.ts'
import { duckdbDialect, type FileReader, type Handover, type Warehouse } from '../warehouse/index.ts'
import { consentColumns } from './kinds/customers.ts'
import type { RecordPlan } from './kinds/record-plan.ts'

const { text } = duckdbDialect

/** What the records of the files were read as. */
export interface ParsedRecords {
  /** SQL, in the store and in the reader, for the records without a problem: the values kept, key, ordinal and place. */
  readonly sql: string
  readonly twins: number
  /** Records of each file that has any, and those of them without a problem. */
  readonly counts: readonly { readonly file_index: number; readonly n: number; readonly sound: number }[]
  /** Removes the files that they are in. */
  drop(): void
}

/**
 * Parses and checks every record of `source` in one pass, tells equal ones apart by an ordinal within their file, and gives
 * each its key. They are handed over to the store in a file, which the reader reads too: neither holds them in memory.
 *
 * Left in the reader: the views `parsed` (file_index, row_number, the values kept, problem, key, ordinal) and `keyed`
 * (those without a problem), and the tables `repeats` (file_index, row_number) with those that a file says again, and
 * `twins` (file_index, row_number) with those that came twice in this import in another way.
 */
export async function parseRecords(
  warehouse: Warehouse,
  reader: FileReader,
  kind: ImportKind,
  plan: RecordPlan,
  files: number,
  work?: Work,
): Promise<ParsedRecords> {
  work?.onProgress?.({ stage: 'check records', done: 0, total: 3 })
  const records = await warehouse.handOver(reader, parsedSql(kind, plan), work)
  const handovers = [records]
  const drop = (): void => {
    for (const handover of handovers) handover.drop()
  }
  try {
    work?.onProgress?.({ stage: 'compare records', done: 1, total: 3 })
    const repeats = await findRepeats(warehouse, reader, plan, records, work)
    if (repeats) handovers.push(repeats)
    const all = placedSql(plan, records, repeats)
    const sql = `select * exclude (problem) from (${all}) where problem is null`
    await reader.run(`create view parsed as ${all}; create view keyed as ${sql}`)
    const counts = await reader.rows<ParsedRecords['counts'][number]>(
      `select file_index, count(*) as n, count_if(problem is null) as sound from ${records.sql} group by 1`,
      undefined,
      work,
    )
    return { sql, twins: await findTwins(reader, plan, files, work), counts, drop }
  } catch (error) {
    drop()
    throw error
  }
}

/** Values that are the same for every record are not written for each. */
const isConstant = (sql: string): boolean => /^(null::[a-z]+(\(\d+, \d+\))?|false|'[^']*')$/.test(sql)

/** Names of the plan's values that something after the parsing asks for. */
function keptNames(plan: RecordPlan): readonly string[] {
  const others = ['message_id', 'customer_id', 'consent_at', ...Object.keys(consentColumns)]
  const asked = [...Object.values(plan.row), ...plan.notices.map(({ holds }) => holds), ...others].join(' ')
  const words = new Set(asked.match(/\w+/g))
  return [...plan.parsed.keys(), ...plan.derived.keys()].filter((name) => words.has(name))
}

function parsedSql(kind: ImportKind, plan: RecordPlan): string {
  const named = (values: ReadonlyMap<string, string>): string[] => [...values].map(([name, sql]) => `${sql} as ${name}`)
  const joins = plan.joined.map(({ table, key }) => `left join ${table} on source.${key} = ${table}.v`)
  const problem = plan.checks.map(({ fails }, index) => `when ${fails} then ${index}`)
  const kept = keptNames(plan).filter((name) => !isConstant(plan.parsed.get(name) ?? ''))
  return `select ${['file_index', 'row_number', ...kept].join(', ')}, problem,
      (key >> 64)::ubigint as key_high, (key & 18446744073709551615::uhugeint)::ubigint as key_low
    from (
      select *, ${problem.length > 0 ? `case ${problem.join(' ')} end` : 'null'}::integer as problem, ${contentSql(kind, plan)} as key
      from (
        select ${['*', ...named(plan.derived)].join(', ')} from (
          select ${['file_index', 'row_number', ...named(plan.parsed)].join(', ')} from (
            select ${['source.*', ...named(plan.read)].join(', ')} from source ${joins.join(' ')}
          )
        )
      )
    )`
}

/** SQL for the records with what was not written for each: constants, whole keys, ordinals. */
function placedSql(plan: RecordPlan, records: Handover, repeats: Handover | undefined): string {
  const constants = keptNames(plan).flatMap((name) => {
    const sql = plan.parsed.get(name) ?? ''
    return isConstant(sql) ? [`${sql} as ${name}`] : []
  })
  const key = '(key_high::uhugeint << 64) | key_low::uhugeint'
  const place = repeats
    ? [`case when nth is null then ${key} else again.key end as key`, 'coalesce(nth, 0)::integer as ordinal']
    : [`${key} as key`, '0::integer as ordinal']
  const join = repeats ? `left join ${repeats.sql} again using (file_index, row_number)` : ''
  return `select ${['records.* exclude (key_high, key_low)', ...constants, ...place].join(', ')}
    from ${records.sql} records ${join}`
}

/** @returns the records that their file says again, with the how-manieth they are and a key of their own, where there are any */
async function findRepeats(
  warehouse: Warehouse,
  reader: FileReader,
  plan: RecordPlan,
  records: Handover,
  work?: Work,
): Promise<Handover | undefined> {
  const isTold = `${plan.isLatest ? 'false' : 'problem is null'}${plan.parsed.has('message_id') ? ' and message_id is null' : ''}`
  // Few halves of keys are there twice, so whole keys are looked at for few records.
  await reader.run(
    `create table repeats as
    select file_index, row_number, nth, md5_number(hex((key_high::uhugeint << 64) | key_low::uhugeint) || '/' || nth) as key
    from (
      select file_index, row_number, key_high, key_low,
        (row_number() over (partition by file_index, key_high, key_low order by row_number) - 1)::integer as nth
      from ${records.sql}
      where ${isTold} and key_low in (select key_low from ${records.sql} where ${isTold} group by key_low having count(*) > 1)
      qualify nth > 0
    )`,
    undefined,
    work,
  )
  const [count] = await reader.rows<{ n: number }>('select count(*) as n from repeats')
  return count!.n > 0
    ? warehouse.handOver(reader, 'select file_index, row_number, nth, key from repeats', work)
    : undefined
}

/** @returns how many records came twice, fills `twins` */
async function findTwins(reader: FileReader, plan: RecordPlan, files: number, work?: Work): Promise<number> {
  // One file without given ids cannot hold a key twice: its equal records differ by ordinal.
  if (files === 1 && !plan.parsed.has('message_id') && !plan.isLatest) {
    await reader.run('create table twins (file_index integer, row_number bigint)')
    return 0
  }
  await reader.run(
    `create table twins as
    select file_index, row_number from keyed
    qualify row_number() over (partition by key order by file_index, row_number) > 1`,
    undefined,
    work,
  )
  const [count] = await reader.rows<{ n: number }>('select count(*) as n from twins')
  return count!.n
}

/** The record's content as one number: the id it was given, else its values, each set apart so that none runs into another. */
function contentSql(kind: ImportKind, plan: RecordPlan): string {
  const hash = `md5_number(concat_ws(chr(31), ${[text(kind), ...plan.content].join(', ')}))`
  if (!plan.parsed.has('message_id')) return hash
  return `case when message_id is null then ${hash} else md5_number(concat_ws(chr(31), ${text(`${kind}-id`)}, message_id)) end`
}
