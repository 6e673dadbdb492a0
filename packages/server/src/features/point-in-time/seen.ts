import type { Work } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { FactKind } from '../defined/fact.ts'
import { duckdbFeatureDialect as dialect } from '../feature-dialect.ts'
import { pathOf } from '../source-sql.ts'
import { recordSql, traitColumn, traitNamesSql } from './record-sql.ts'

/** A name or value that a definition goes by: where the store never saw it, nothing can be counted by it. */
export type Sought =
  | { readonly kind: 'event' | 'score' | 'trait'; readonly name: string }
  /** What a trait is compared with. */
  | { readonly kind: 'trait-value'; readonly name: string; readonly value: string }
  | { readonly kind: 'field'; readonly of: FactsOf; readonly field: string }
  /** What a field is compared with. `isPath`: as a category that others lie within. */
  | {
      readonly kind: 'value'
      readonly of: FactsOf
      readonly field: string
      readonly value: string
      readonly isPath: boolean
    }

/** Events of a name, or of any; order lines of a kind. */
export interface FactsOf {
  readonly kind: FactKind
  readonly name: string | null
}

export interface Unseen {
  readonly sought: Sought
  /** What was seen in its place, the most frequent first. */
  readonly seen: readonly string[]
}

export interface UnseenOptions extends Work {
  /** Properties of so many events are unpacked for each that is sought in them. Default 300,000. */
  readonly unpackedMost?: number
}

/** To unpack them all takes a core 0.4 s a million. */
const unpacked = 300_000
/** What may be meant is looked for in so many facts. */
const lookedThrough = 200_000
const namesMost = 400
/** Values of traits and properties that fewer records or events have may say who somebody is. */
const havingLeast = 3

/**
 * Which of these nobody who may be profiled ever showed the store, with what was seen in their place.
 *
 * Whether something was seen ends at its first row. Texts of properties are looked through for the longest word of what is
 * sought first (0.1 s for four million events), and only those that hold it are unpacked. Where they are more than are
 * unpacked, and none of them is it, it is taken for seen.
 *
 * Cost: one query; a second one where something was not seen. At five million events both together take 0.01 to 1 s of a core.
 */
export async function unseenOf(
  warehouse: Warehouse,
  sought: readonly Sought[],
  { unpackedMost = unpacked, ...work }: UnseenOptions = {},
): Promise<readonly Unseen[]> {
  if (sought.length === 0) return []
  const asked = sought.map((one, at) => `select ${at} as place, ${isSeenSql(one, unpackedMost)} as is_seen`)
  const found = await warehouse.rows<{ place: number; is_seen: boolean }>(asked.join('\nunion all\n'), undefined, work)
  const isSeen = new Map(found.map(({ place, is_seen }) => [place, is_seen]))
  const never = sought.filter((_, at) => isSeen.get(at) === false)
  if (never.length === 0) return []
  const others = never.map((one, at) => `select ${at} as place, * from (${othersSql(one)})`)
  const rows = await warehouse.rows<{ place: number; value: string }>(
    `select place, value from (${others.join('\nunion all\n')}) order by place, n desc, value`,
    undefined,
    work,
  )
  return never.map((one, at) => ({
    sought: one,
    seen: rows.filter((row) => row.place === at).map(({ value }) => value),
  }))
}

function isSeenSql(sought: Sought, unpackedMost: number): string {
  switch (sought.kind) {
    case 'event':
      return exists(`from profiled_events where name = ${dialect.text(sought.name)}`)
    case 'score':
      return exists(`from served_scores where score = ${dialect.text(sought.name)}`)
    case 'trait':
      return exists(
        `from (${recordSql([sought.name], dialect)}) where ${traitColumn(sought.name, dialect)} is not null`,
      )
    case 'trait-value':
      return exists(
        `from (${recordSql([sought.name], dialect)}) where ${traitColumn(sought.name, dialect)} = ${dialect.text(sought.value)}`,
      )
    case 'field':
      return isInFacts(sought.of, sought.field, null, unpackedMost)
    case 'value':
      return isInFacts(sought.of, sought.field, sought, unpackedMost)
  }
}

function isInFacts(
  of: FactsOf,
  field: string,
  sought: { readonly value: string; readonly isPath: boolean } | null,
  unpackedMost: number,
): string {
  const holds = (value: string): string => {
    if (sought === null) return `${value} is not null`
    const same = `${value} = ${dialect.text(sought.value)}`
    return sought.isPath ? `(${same} or starts_with(${value}, ${dialect.text(`${sought.value} > `)}))` : same
  }
  const keys = keysOf(of, field)
  const ofCatalogue = field === 'category' ? ` or ${exists(`from products where ${holds(pathOf('category'))}`)}` : ''
  if (keys === null) {
    const value = field === 'category' ? pathOf('fact.category') : `fact.${dialect.identifier(field)}`
    return `(${exists(`${factsSql(of)} and ${holds(value)}`)}${ofCatalogue})`
  }
  const own = dialect.jsonScalar('fact.properties', keys)
  const words = [keys.at(-1)!, ...(sought === null ? [] : [sought.value])]
    .map(longestWord)
    .filter((word) => word !== '')
  const mayHold = words.map((word) => ` and contains(fact.properties, ${dialect.text(word)})`).join('')
  const candidates = `(select fact.properties ${factsSql(of)} and fact.properties is not null${mayHold} limit ${unpackedMost})`
  return `(${exists(`from ${candidates} as fact where ${holds(field === 'category' ? pathOf(own) : own)}`)}${ofCatalogue}
    or (select count(*) from ${candidates}) = ${unpackedMost})`
}

/** Where in an event's properties a field is; null where it is a column. */
const keysOf = ({ kind }: FactsOf, field: string): readonly string[] | null =>
  field.startsWith('properties.')
    ? field.split('.').slice(1)
    : kind === 'event' && field === 'category'
      ? ['category']
      : null

const factsSql = ({ kind, name }: FactsOf): string => {
  const [table, column] = kind === 'event' ? ['profiled_events', 'name'] : ['profiled_lines', 'kind']
  return `from ${table} as fact where ${name === null ? 'true' : `fact.${column} = ${dialect.text(name)}`}`
}

/** JSON writes letters and digits as they are, however it writes what is around them. */
const longestWord = (text: string): string =>
  (text.match(/[A-Za-z0-9]+/g) ?? []).reduce((longest, word) => (word.length > longest.length ? word : longest), '')

const exists = (from: string): string => `exists(select 1 ${from})`

/** `value` and `n`, how often it was seen. */
function othersSql(sought: Sought): string {
  switch (sought.kind) {
    case 'event':
      return mostSql('name', 'from profiled_events')
    case 'score':
      return mostSql('score', 'from served_scores')
    case 'trait':
      return mostSql('name', `from (${traitNamesSql(lookedThrough)})`)
    case 'trait-value':
      return mostSql(
        traitColumn(sought.name, dialect),
        `from (select ${traitColumn(sought.name, dialect)} from (${recordSql([sought.name], dialect)}) limit ${lookedThrough})`,
        havingLeast,
      )
    case 'field':
      return mostSql(
        `'properties.' || key`,
        `from (select unnest(json_keys(fact.properties)) as key ${someSql(sought.of)} and fact.properties is not null)`,
      )
    case 'value':
      return valuesSql(sought)
  }
}

function valuesSql({ of, field, isPath }: Extract<Sought, { kind: 'value' }>): string {
  const keys = keysOf(of, field)
  const own = keys === null ? `fact.${dialect.identifier(field)}` : dialect.jsonScalar('fact.properties', keys)
  const facts = `select ${field === 'category' ? pathOf(own) : own} as value ${someSql(of)}`
  const values = field === 'category' ? `${facts} union all select ${pathOf('category')} from products` : facts
  // What a sender writes into properties may be of one person.
  if (!isPath) return mostSql('value', `from (${values})`, field.startsWith('properties.') ? havingLeast : 1)
  // Each category that others lie within can be meant, too.
  const upTo = `list_transform(range(1, len(steps) + 1), lambda upto: array_to_string(steps[1:upto], ' > '))`
  return `select value, sum(n)::bigint as n from (
      select unnest(${upTo}) as value, n from (
        select string_split(value, ' > ') as steps, n from (${mostSql('value', `from (${values})`)})))
    group by value`
}

/** So many of the facts, to see what else they say. */
const someSql = (of: FactsOf): string =>
  `from (select fact.* ${factsSql(of)} limit ${lookedThrough}) as fact where true`

const mostSql = (value: string, from: string, least = 1): string =>
  `select ${value} as value, count(*) as n ${from} group by all having value is not null and count(*) >= ${least}
    order by n desc, value limit ${namesMost}`
