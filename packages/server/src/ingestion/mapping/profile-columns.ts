import type { Work } from '../../base/index.ts'
import type { FileReader } from '../../warehouse/index.ts'
import { flagSql } from '../kinds/record-plan.ts'
import { type DateFormat, decideDateFormat } from './date-format.ts'
import { decideNumberFormat, numberSql } from './number-format.ts'

/** What the values of a source column look like; shares are of the cells that hold something. */
export interface ColumnProfile {
  readonly name: string
  /** `c3` of the view `source`. */
  readonly column: string
  /** Share of cells that hold something. */
  readonly filled: number
  readonly distinct: number
  /** Distinct values by cells that hold something. */
  readonly uniqueness: number
  readonly numeric: number
  readonly whole: number
  readonly negative: number
  readonly least: number
  readonly most: number
  readonly emails: number
  readonly flags: number
  readonly currencies: number
  readonly phones: number
  readonly date: DateFormat | null
  /** A few different values. */
  readonly sample: readonly string[]
}

/** Rows that are looked at, spread evenly over the files. */
const sampleRows = 5_000

/**
 * Looks at the values of columns of `source`, in an even sample of its rows.
 *
 * @param only names of the columns. Default: all
 */
export async function profileColumns(
  reader: FileReader,
  names: readonly string[],
  only: ReadonlySet<string> = new Set(names),
  work?: Work,
): Promise<readonly ColumnProfile[]> {
  const [size] = await reader.rows<{ n: number }>('select count(*) as n from source')
  const step = Math.max(1, Math.floor(size!.n / sampleRows))
  const looked = names.flatMap((name, index) => (only.has(name) ? [{ name, column: `c${index}` }] : []))
  const columns = ['row_number', ...looked.map(({ column }) => column)].join(', ')
  await reader.run(
    `create or replace table sampled as select ${columns} from source where row_number % ${step} = ${1 % step} limit ${2 * sampleRows}`,
    undefined,
    work,
  )
  const profiles: ColumnProfile[] = []
  for (const { name, column } of looked) {
    work?.onProgress?.({ stage: 'look at columns', done: profiles.length, total: looked.length })
    profiles.push(await profileColumn(reader, name, column))
  }
  await reader.run('drop table sampled')
  return profiles
}

async function profileColumn(reader: FileReader, name: string, column: string): Promise<ColumnProfile> {
  const matches = (pattern: string): string => `count_if(regexp_matches(v, '${pattern}'))`
  const point = decideNumberFormat(await sampleEvidence(reader, column))
  const [row] = await reader.rows<Record<string, number>>(
    `select count(*)::integer as n, (select count(*) from sampled)::integer as rows,
      count(distinct v)::integer as different, count(x)::integer as numbers,
      count_if(x = trunc(x))::integer as wholes, count_if(x < 0)::integer as negatives,
      coalesce(min(x), 0)::double as least, coalesce(max(x), 0)::double as most,
      ${matches('^[^@ ]+@[^@ ]+[.][A-Za-z]{2,}$')}::integer as emails,
      ${matches('^[A-Za-z]{3}$')}::integer as currencies,
      ${matches('^[+(]?[0-9][0-9 ()./-]{5,}$')}::integer as phones,
      count(${flagSql('v')})::integer as flags
    from (select v, ${numberSql('v', point)} as x from (select trim(${column}) as v from sampled) where v <> '')`,
  )
  const { n, rows } = row as { n: number; rows: number }
  const share = (key: string): number => (n === 0 ? 0 : row![key]! / n)
  const sample = await reader.rows<{ v: string }>(
    `select v from (select left(trim(${column}), 60) as v, min(row_number) as first from sampled group by 1)
    where v <> '' order by first limit 5`,
  )
  return {
    name,
    column,
    filled: rows === 0 ? 0 : n / rows,
    distinct: row!['different']!,
    uniqueness: share('different'),
    numeric: share('numbers'),
    whole: share('wholes'),
    negative: share('negatives'),
    least: row!['least']!,
    most: row!['most']!,
    emails: share('emails'),
    flags: share('flags'),
    currencies: share('currencies'),
    phones: share('phones'),
    date: await decideDateFormat(reader, 'sampled', column),
    sample: sample.map(({ v }) => v),
  }
}

/** For the profile alone: whether a comma is more often the decimal mark than a point. */
async function sampleEvidence(reader: FileReader, column: string): Promise<Parameters<typeof decideNumberFormat>[0]> {
  const [row] = await reader.rows<{ comma: number; point: number }>(
    `select count_if(regexp_matches(${column}, ',[0-9]+[^0-9.,]*$'))::integer as comma,
      count_if(regexp_matches(${column}, '[.][0-9]+[^0-9.,]*$'))::integer as point from sampled`,
  )
  return {
    pointDecimals: row!.point,
    commaDecimals: row!.comma,
    pointTriples: 0,
    commaTriples: 0,
    pointGroups: 0,
    commaGroups: 0,
  }
}
