import type { Instant } from '../../base/index.ts'
import { duckdbDialect } from '../../warehouse/index.ts'
import { type DateFormat, instantSql } from '../mapping/date-format.ts'
import { isRoundedSql, microsSql, type NumberFormat, numberSql } from '../mapping/number-format.ts'

/** A source column that a target takes, and how it writes its values. */
export interface Resolved {
  /** As the file calls it. */
  readonly source: string
  /** `c3` of the view `source`. */
  readonly column: string
  readonly number?: NumberFormat
  readonly date?: DateFormat
  /** True when all values are numbers, some of them like `13085.0`. */
  readonly isNumericId: boolean
  /** What was done to the file's columns that a user should know. */
  readonly notes?: readonly string[]
}

/** What SQL for records of a kind is made from. */
export interface PlanInput {
  readonly columns: ReadonlyMap<string, Resolved>
  /** Source columns that no target takes. */
  readonly rest: readonly { readonly name: string; readonly column: string }[]
  readonly currency: string | undefined
  readonly timezone: string
  /** Moments after this one are in the future. */
  readonly now: Instant
  /** Prefixes of order ids that mark cancellations. */
  readonly cancellationPrefixes: readonly string[]
}

/** Something that keeps a record out. */
export interface Check {
  /** SQL over the parsed columns: true where the record is bad. */
  readonly fails: string
  readonly code: string
  readonly target: string
  /** What must hold; what was got is added. */
  readonly must: string
}

/** Something that lets a record in but that the summary tells of. */
export interface Notice {
  readonly holds: string
  readonly says: (count: number) => string
}

/** How records of a kind are read out of `source`. */
export interface RecordPlan {
  /** The table of the store. */
  readonly table: 'order_lines' | 'events' | 'customers' | 'products'
  /** True for tables of which the latest row of an id holds: what equals that is a duplicate. */
  readonly isLatest: boolean
  /** Parsed values: name → SQL over `source`. */
  readonly parsed: ReadonlyMap<string, string>
  /** Values made from parsed ones: name → SQL over those. */
  readonly derived: ReadonlyMap<string, string>
  /** SQL over parsed and derived values: texts, never null, that together are the record, for its identity. */
  readonly content: readonly string[]
  readonly checks: readonly Check[]
  readonly notices: readonly Notice[]
  /** The table's columns in order: name → SQL over parsed and derived values, `key`, `ordinal` and `$batch`. */
  readonly row: Readonly<Record<string, string>>
}

/** SQL for the values of targets; a target without a source is null. */
export class Values {
  readonly #input: PlanInput

  constructor(input: PlanInput) {
    this.#input = input
  }

  has(target: string): boolean {
    return this.#input.columns.has(target)
  }

  column(target: string): Resolved | undefined {
    return this.#input.columns.get(target)
  }

  text(target: string): string {
    const resolved = this.column(target)
    return resolved ? `nullif(trim(${resolved.column}), '')` : 'null::varchar'
  }

  /** Ids written as numbers with a point, as spreadsheets do, lose it: `13085.0` is `13085`. */
  id(target: string): string {
    const resolved = this.column(target)
    if (!resolved?.isNumericId) return this.text(target)
    return `nullif(split_part(trim(${resolved.column}), '.', 1), '')`
  }

  number(target: string): string {
    const resolved = this.column(target)
    return resolved?.number ? numberSql(resolved.column, resolved.number) : 'null::decimal(18, 6)'
  }

  micros(target: string): string {
    return this.has(target) ? microsSql(this.number(target)) : 'null::bigint'
  }

  instant(target: string): string {
    const resolved = this.column(target)
    return resolved?.date ? instantSql(resolved.column, resolved.date, this.#input.timezone) : 'null::timestamptz'
  }

  /** Yes, no, in several languages; null where it is neither. */
  flag(target: string): string {
    const resolved = this.column(target)
    return resolved ? flagSql(resolved.column) : 'null::boolean'
  }

  /** SQL that is true where the source has text that was not understood as the target's type. */
  unreadable(target: string, parsed: string): string {
    const resolved = this.column(target)
    return resolved ? `(${parsed} is null and trim(coalesce(${resolved.column}, '')) <> '')` : 'false'
  }

  /** SQL for the day that the file names, in no time zone. */
  localDay(target: string): string {
    const resolved = this.column(target)
    return resolved?.date ? `(${instantSql(resolved.column, resolved.date, 'UTC')})::date` : 'null::date'
  }

  /**
   * The sources that no target takes, as a JSON object; empty cells are left out.
   *
   * @param prefix taken off their names: what a JSON record has inside `properties` are properties
   */
  rest(prefix = ''): string {
    const { rest } = this.#input
    if (rest.length === 0) return 'null::varchar'
    const entries = rest.flatMap(({ name, column }) => [
      duckdbDialect.text(prefix !== '' && name.startsWith(prefix) ? name.slice(prefix.length) : name),
      `nullif(trim(${column}), '')`,
    ])
    return `nullif(json_merge_patch('{}', json_object(${entries.join(', ')}))::varchar, '{}')`
  }

  isRounded(target: string): string {
    const resolved = this.column(target)
    return resolved ? isRoundedSql(resolved.column) : 'false'
  }
}

const yes = [
  'yes',
  'y',
  'true',
  't',
  '1',
  '1.0',
  'on',
  'ja',
  'j',
  'oui',
  'o',
  'sí',
  'si',
  's',
  'sì',
  'subscribed',
  'granted',
  'opt-in',
  'opted in',
  'x',
]
const no = [
  'no',
  'n',
  'false',
  'f',
  '0',
  '0.0',
  'off',
  'nein',
  'non',
  'unsubscribed',
  'denied',
  'opt-out',
  'opted out',
  'never',
]

const listed = (words: readonly string[]): string => words.map(duckdbDialect.text).join(', ')

export const flagSql = (column: string): string =>
  `case when lower(trim(${column})) in (${listed(yes)}) then true when lower(trim(${column})) in (${listed(no)}) then false end`

/** SQL that is true for moments that no shop's records can have. */
export const isOutsideTime = (instant: string, now: Instant): string =>
  `(${instant} < ${duckdbDialect.instant(0)} or ${instant} > ${duckdbDialect.instant(now)})`

/** Text for the identity of a record; what sets values apart there is taken out, and missing is not empty. */
export const textContent = (name: string): string =>
  `coalesce(case when contains(${name}, chr(31)) then replace(${name}, chr(31), ' ') else ${name} end, chr(30))`

export const numberContent = (name: string): string => `coalesce((${name})::varchar, '')`

export const instantContent = (name: string): string => `coalesce(epoch_us(${name})::varchar, '')`
