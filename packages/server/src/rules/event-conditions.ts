import type { Dialect } from '../warehouse/index.ts'
import type { EventTest } from './rule.ts'

/** Properties of events that lie in columns of their own; anything else is a key of the JSON. */
const eventColumns: Readonly<Record<string, { readonly type: 'text' | 'number'; readonly sql: string }>> = {
  product_id: { type: 'text', sql: 'product_id' },
  source: { type: 'text', sql: 'source' },
  currency: { type: 'text', sql: 'currency' },
  message_id: { type: 'text', sql: 'message_id' },
  session_id: { type: 'text', sql: 'session_id' },
  quantity: { type: 'number', sql: 'quantity' },
  price: { type: 'number', sql: 'price_micros / 1000000.0' },
}

/** Their names, as a message lists them. */
export const eventColumnNames: readonly string[] = Object.keys(eventColumns)

/**
 * The conditions that a row of `profiled_events` meets where it is one of the events meant, of somebody who is known.
 *
 * Values are quoted as literals; keys come checked, without quotes (see `rule.ts`).
 */
export const eventConditions = (
  { event, where = {} }: Pick<EventTest, 'event' | 'where'>,
  dialect: Dialect,
): readonly string[] => [
  'customer_id is not null',
  `name = ${dialect.text(event)}`,
  ...Object.entries(where).map(([property, value]) => propertyCondition(property, value, dialect)),
]

function propertyCondition(property: string, value: string | number | boolean, dialect: Dialect): string {
  if (typeof value === 'number') return `coalesce(${propertyNumber(property, dialect)} = ${numberSql(value)}, false)`
  return `coalesce(${propertyText(property, dialect)} = ${dialect.text(String(value))}, false)`
}

/** A property of a row of `profiled_events` as a number; null where it is none. The key comes checked, without quotes. */
export function propertyNumber(property: string, dialect: Dialect): string {
  const column = columnOf(property)
  return column?.type === 'number' ? `(${column.sql})` : `try_cast(${propertyText(property, dialect)} as double)`
}

function propertyText(property: string, dialect: Dialect): string {
  const column = columnOf(property)
  if (column === undefined) return jsonText('properties', property, dialect)
  return column.type === 'number' ? `(${column.sql})::varchar` : column.sql
}

const columnOf = (property: string) => (Object.hasOwn(eventColumns, property) ? eventColumns[property] : undefined)

/** The text under a key of a column of JSON. Keys hold no quotes, so they can stand quoted in a path. */
export const jsonText = (column: string, key: string, dialect: Dialect): string =>
  `json_extract_string(${column}, ${dialect.text(`$."${key}"`)})`

export const numberSql = (value: number): string => `${value}::double`
