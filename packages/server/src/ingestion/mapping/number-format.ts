import type { FileReader } from '../../warehouse/index.ts'

/** How a column writes numbers. */
export interface NumberFormat {
  readonly decimal: '.' | ','
  /** False when the column shows nothing that tells the decimal mark: `1.234` may be a thousand or one and a bit. */
  readonly isCertain: boolean
}

/** Counts, over a whole column, of what tells a decimal mark from a mark between thousands. */
export interface NumberEvidence {
  /** Values that end in a point and other than three digits, or have a comma before the point. */
  readonly pointDecimals: number
  readonly commaDecimals: number
  /** `1.234`: one point, three digits after it. */
  readonly pointTriples: number
  readonly commaTriples: number
  /** `1.234.567` */
  readonly pointGroups: number
  readonly commaGroups: number
}

/**
 * Tells the decimal mark of a column from all of its values.
 *
 * @param fileDecimal the mark that other columns of the file use, when they tell
 */
export function decideNumberFormat(evidence: NumberEvidence, fileDecimal?: '.' | ','): NumberFormat {
  const point = evidence.pointDecimals + evidence.commaGroups
  const comma = evidence.commaDecimals + evidence.pointGroups
  if (point !== comma) return { decimal: comma > point ? ',' : '.', isCertain: true }
  if (fileDecimal) return { decimal: fileDecimal, isCertain: true }
  return { decimal: '.', isCertain: evidence.pointTriples + evidence.commaTriples === 0 }
}

/**
 * Reads the evidence of one column of `source`.
 *
 * @param marks how many of its values have a comma, and a point: without any, none needs to be looked at
 */
export async function readNumberEvidence(
  reader: FileReader,
  column: string,
  marks: { readonly commas: number; readonly points: number },
): Promise<NumberEvidence> {
  const none = { pointDecimals: 0, commaDecimals: 0, pointTriples: 0, commaTriples: 0, pointGroups: 0, commaGroups: 0 }
  if (marks.commas === 0 && marks.points === 0) return none
  const matches = (pattern: string): string => `coalesce(sum(n) filter (regexp_matches(v, '${pattern}')), 0)::integer`
  const tail = '[^0-9.,]*$'
  const [evidence] = await reader.rows<NumberEvidence>(
    `select
      ${matches(`\\.([0-9]{1,2}|[0-9]{4,})${tail}|,[0-9]{3}\\.[0-9]*${tail}`)} as "pointDecimals",
      ${marks.commas === 0 ? '0' : matches(`,([0-9]{1,2}|[0-9]{4,})${tail}|\\.[0-9]{3},[0-9]*${tail}`)} as "commaDecimals",
      ${matches(`^[^0-9.,]*[1-9][0-9]{0,2}\\.[0-9]{3}${tail}`)} as "pointTriples",
      ${marks.commas === 0 ? '0' : matches(`^[^0-9.,]*[1-9][0-9]{0,2},[0-9]{3}${tail}`)} as "commaTriples",
      ${matches(`^[^0-9.,]*[0-9]{1,3}(\\.[0-9]{3}){2,}${tail}`)} as "pointGroups",
      ${marks.commas === 0 ? '0' : matches(`^[^0-9.,]*[0-9]{1,3}(,[0-9]{3}){2,}${tail}`)} as "commaGroups"
    from (select ${column} as v, count(*) as n from source group by 1)`,
  )
  return evidence!
}

/**
 * SQL that reads a number out of text as DECIMAL(18, 6), exactly: no float on the way, more than six decimals rounded half
 * away from zero. Currency signs, marks between thousands, brackets and trailing minus signs are understood; what is no
 * number is null.
 */
export function numberSql(column: string, { decimal }: NumberFormat): string {
  const other = decimal === '.' ? ',' : '.'
  const fast =
    decimal === '.'
      ? `try_cast(${column} as decimal(18, 6))`
      : `case when not contains(${column}, '.') then try_cast(replace(${column}, ',', '.') as decimal(18, 6)) end`
  const sign = `(case when regexp_matches(${column}, '^\\s*[(]|-|−') then '-' else '' end)`
  const currency = `[\\p{Sc}]|[A-Za-z]{1,3}[.]?|[A-Z]{0,2}[\\p{Sc}]`
  const pattern = `^\\s*[(]?[-+−]?\\s*(?:${currency})?\\s*[-+−]?\\s*([0-9]+(?:[ '’\\x{a0}\\x{202f}${other}][0-9]{2,3})*(?:[${decimal}][0-9]*)?|[${decimal}][0-9]+)\\s*(?:${currency})?\\s*[)]?-?\\s*$`
  const digits = `regexp_extract(${column}, '${pattern.replaceAll("'", "''")}', 1)`
  const bare = `replace(regexp_replace(${digits}, '[^0-9${decimal}]', '', 'g'), '${decimal}', '.')`
  // Not `coalesce`: DuckDB would run the patterns for every value, also where the cast has read it.
  return `case when ${fast} is not null then ${fast} else try_cast(${sign} || nullif(${bare}, '') as decimal(18, 6)) end`
}

/** SQL for whole 10⁻⁶ of a DECIMAL(18, 6); in two parts, because the whole times a million would leave 64 bits. */
export const microsSql = (number: string): string =>
  `(trunc(${number})::bigint * 1000000 + ((${number} - trunc(${number})::decimal(18, 6)) * 1000000)::bigint)`

/** SQL that is true where a number has more than six decimals. */
export const isRoundedSql = (column: string): string =>
  `(length(${column}) > 7 and regexp_matches(${column}, '[.,][0-9]{6}[0-9]*[1-9]'))`
