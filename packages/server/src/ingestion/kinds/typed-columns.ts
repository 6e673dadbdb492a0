import type { FileReader } from '../../warehouse/index.ts'
import type { DateFormat } from '../mapping/date-format.ts'
import { isRoundedSql, microsSql, type NumberFormat, numberSql } from '../mapping/number-format.ts'

/** What a file itself says that a column is; every other type is read as text. */
export type NativeType = 'whole' | 'decimal' | 'double' | 'moment' | 'zoned'

/** Typed columns of `source` by the name of their text: c3 → n3. */
export type TypedColumns = ReadonlyMap<string, { readonly sql: string; readonly type: NativeType }>

const nativeTypes: Readonly<Record<string, NativeType>> = {
  TINYINT: 'whole',
  SMALLINT: 'whole',
  INTEGER: 'whole',
  BIGINT: 'whole',
  UTINYINT: 'whole',
  USMALLINT: 'whole',
  UINTEGER: 'whole',
  DOUBLE: 'double',
  DATE: 'moment',
  TIMESTAMP: 'moment',
  'TIMESTAMP WITH TIME ZONE': 'zoned',
}

/** The columns of `source` that numbers and moments need not be read out of text from. */
export async function typedColumns(reader: FileReader): Promise<TypedColumns> {
  const columns = await reader.rows<{ column_name: string; column_type: string }>('describe source')
  const typed = columns.flatMap(({ column_name: name, column_type: type }) => {
    const native = nativeTypes[type] ?? (isExactDecimal(type) ? 'decimal' : undefined)
    return /^n\d+$/.test(name) && native ? [[`c${name.slice(1)}`, { sql: name, type: native }] as const] : []
  })
  return new Map(typed)
}

/** Whether every value fits into DECIMAL(18, 6). */
function isExactDecimal(type: string): boolean {
  const [, width, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? []
  return scale !== undefined && Number(scale) <= 6 && Number(width) - Number(scale) <= 12
}

/**
 * SQL that is true where a DOUBLE is the nearest one to a number of at most six decimals and fifteen digits. Such a number
 * is the shortest text for it, so that reading that text would give the same; NaN is beyond every bound.
 */
const isShort = (sql: string): string => `(abs(${sql}) < 1e9 and round(${sql} * 1e6) / 1e6 = ${sql})`

const isMoment = (native: { readonly type: NativeType } | undefined): boolean =>
  native?.type === 'moment' || native?.type === 'zoned'

/** How a typed column writes its numbers; undefined where it is none of numbers. */
export const typedNumberFormat = (typed: TypedColumns, column: string): NumberFormat | undefined =>
  typed.has(column) && !isMoment(typed.get(column)) ? { decimal: '.', isCertain: true } : undefined

/** How a typed column writes its moments, of which there are so many; undefined where it is none of moments or empty. */
export const typedDateFormat = (typed: TypedColumns, column: string, filled: number): DateFormat | undefined =>
  isMoment(typed.get(column)) && filled > 0
    ? { style: 'iso', patterns: [], isAmbiguous: false, hasOffsets: typed.get(column)!.type === 'zoned', share: 1 }
    : undefined

/** A typed column whose numbers are written with a point, like all that come from a type. */
const numberOf = (
  typed: TypedColumns,
  column: string,
  { decimal }: NumberFormat,
): { sql: string; type: NativeType } | undefined => {
  const native = typed.get(column)
  return decimal === '.' && !isMoment(native) ? native : undefined
}

/** As `numberSql`, out of the column's own type where it has one. */
export function typedNumberSql(typed: TypedColumns, column: string, format: NumberFormat): string {
  const native = numberOf(typed, column, format)
  if (!native) return numberSql(column, format)
  const { sql, type } = native
  if (type !== 'double') return `try_cast(${sql} as decimal(18, 6))`
  return `case when ${isShort(sql)} then ${sql}::decimal(18, 6) else ${numberSql(`(${sql}::varchar)`, format)} end`
}

/**
 * SQL for whole 10⁻⁶ of a column's number.
 *
 * @param number the column's number as `typedNumberSql` reads it
 */
export function typedMicrosSql(typed: TypedColumns, column: string, number: string, format: NumberFormat): string {
  const native = numberOf(typed, column, format)
  if (native?.type === 'whole') {
    return `case when ${native.sql} between -999999999999 and 999999999999 then ${native.sql}::bigint * 1000000 end`
  }
  if (native?.type !== 'double') return microsSql(number)
  return `case when ${isShort(native.sql)} then round(${native.sql} * 1e6)::bigint else ${microsSql(number)} end`
}

/** SQL that is true where a column's number has more than six decimals. */
export function typedIsRoundedSql(typed: TypedColumns, column: string, format: NumberFormat): string {
  const native = numberOf(typed, column, format)
  if (!native) return isRoundedSql(column)
  if (native.type !== 'double') return 'false'
  return `case when ${isShort(native.sql)} then false else ${isRoundedSql(`(${native.sql}::varchar)`)} end`
}

/** SQL for text without blanks around it, null where there is none. */
export function typedTextSql(typed: TypedColumns, column: string): string {
  const native = typed.get(column)
  return native ? `${native.sql}::varchar` : `nullif(trim(${column}), '')`
}

/** SQL for an id that is a number: written with a point, as spreadsheets do, it loses it; `13085.0` is `13085`. */
export function typedNumericIdSql(typed: TypedColumns, column: string): string {
  const native = typed.get(column)
  const read = (text: string): string => `nullif(split_part(${text}, '.', 1), '')`
  if (native?.type !== 'double') return read(`trim(${column})`)
  const { sql } = native
  const isWhole = `abs(${sql}) between 1 and 1e15 and ${sql} = trunc(${sql})`
  return `case when ${isWhole} then ${sql}::bigint::varchar else ${read(`(${sql}::varchar)`)} end`
}
