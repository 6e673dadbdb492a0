import type { Dialect } from '../warehouse/index.ts'
import type { EventTest } from './rule.ts'

/** Columns of events that a `where` may name; anything else is a key of its properties. */
const eventColumns: Readonly<Record<string, 'text' | 'number'>> = {
  product_id: 'text',
  source: 'text',
  currency: 'text',
  message_id: 'text',
  session_id: 'text',
  quantity: 'number',
}

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
  const column = Object.hasOwn(eventColumns, property) ? eventColumns[property] : undefined
  const text = column ? property : jsonText('properties', property, dialect)
  if (typeof value === 'number') {
    return `coalesce(${column === 'number' ? text : `try_cast(${text} as double)`} = ${numberSql(value)}, false)`
  }
  const words = column === 'number' ? `${text}::varchar` : text
  return `coalesce(${words} = ${dialect.text(String(value))}, false)`
}

/** The text under a key of a column of JSON. Keys hold no quotes, so they can stand quoted in a path. */
export const jsonText = (column: string, key: string, dialect: Dialect): string =>
  `json_extract_string(${column}, ${dialect.text(`$."${key}"`)})`

export const numberSql = (value: number): string => `${value}::double`
