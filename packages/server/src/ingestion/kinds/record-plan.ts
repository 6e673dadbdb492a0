import type { Instant } from '../../base/index.ts'
import { duckdbDialect } from '../../warehouse/index.ts'
import { type DateFormat, instantSql } from '../mapping/date-format.ts'
import type { NumberFormat } from '../mapping/number-format.ts'
import {
  type TypedColumns,
  typedIsRoundedSql,
  typedMicrosSql,
  typedNumberSql,
  typedNumericIdSql,
  typedTextSql,
} from './typed-columns.ts'

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

/** A table (v, at) of the moments that a column has, and the SQL over `source` that its `v` is joined to. */
export interface Moments {
  readonly table: string
  readonly key: string
}

/** What SQL for records of a kind is made from. */
export interface PlanInput {
  readonly columns: ReadonlyMap<string, Resolved>
  readonly typed: TypedColumns
  /** By target. */
  readonly moments: ReadonlyMap<string, Moments>
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
  /** Numbers and moments read out of columns: name → SQL over `source`, joined with the tables of `joined`. */
  readonly read: ReadonlyMap<string, string>
  /** Tables (v, at) of moments, each with the SQL over `source` that its `v` is joined to. */
  readonly joined: readonly Moments[]
  /** Parsed values: name → SQL over `source` and `read`. */
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
    return resolved ? typedTextSql(this.#input.typed, resolved.column) : 'null::varchar'
  }

  id(target: string): string {
    const resolved = this.column(target)
    return resolved?.isNumericId ? typedNumericIdSql(this.#input.typed, resolved.column) : this.text(target)
  }

  number(target: string): string {
    return this.column(target)?.number ? `number_${target}` : 'null::decimal(18, 6)'
  }

  micros(target: string): string {
    const { column, number } = this.column(target) ?? {}
    if (!column) return 'null::bigint'
    return number ? typedMicrosSql(this.#input.typed, column, this.number(target), number) : 'null::bigint'
  }

  instant(target: string): string {
    return this.column(target)?.date ? `moment_${target}` : 'null::timestamptz'
  }

  /** What the plan's `read` and `joined` must be for these values. */
  get reading(): Pick<RecordPlan, 'read' | 'joined'> {
    const { columns, moments, typed, timezone } = this.#input
    const read = new Map<string, string>()
    for (const [target, { column, number, date }] of columns) {
      if (number) read.set(`number_${target}`, typedNumberSql(typed, column, number))
      const table = moments.get(target)?.table
      if (date) read.set(`moment_${target}`, table ? `${table}.at` : instantSql(column, date, timezone))
    }
    return { read, joined: [...moments.values()] }
  }

  /** Yes, no, in several languages; null where it is neither. */
  flag(target: string): string {
    const resolved = this.column(target)
    return resolved ? flagSql(resolved.column) : 'null::boolean'
  }

  /** SQL that is true where the source has text that was not understood as the target's type. */
  unreadable(target: string, parsed: string): string {
    const resolved = this.column(target)
    if (!resolved) return 'false'
    const typed = this.#input.typed.get(resolved.column)
    return `(${parsed} is null and ${typed ? `${typed.sql} is not null` : `trim(coalesce(${resolved.column}, '')) <> ''`})`
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
    return resolved?.number ? typedIsRoundedSql(this.#input.typed, resolved.column, resolved.number) : 'false'
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
