import type { AggregateExpression, FactCondition, FeatureWindow } from '@rapport/protocol'
import { type EventTest, eventColumnNames, wrongRule } from '../../rules/index.ts'

const minutesADay = 1440
/** A window moves on by the finest grain of which it holds at most so many: what is kept of a customer is bounded. */
const bucketsMax = 3660

/**
 * How often the event of a test happened, in the feature language.
 *
 * `withinDays` moves on by whole minutes up to 60 hours, by whole hours up to 152 days and by whole days beyond: closer
 * than that nobody writes, and every bucket is kept.
 *
 * @throws RapportError `segments.rule` with a JSON pointer
 */
export function eventExpression({ event, withinDays, where = {} }: EventTest, pointer: string): AggregateExpression {
  const conditions = Object.entries(where).map(([key, value]) => condition(key, value, `${pointer}/where/${key}`))
  return {
    aggregate: 'count',
    from: { events: event, ...(conditions.length === 0 ? {} : { where: conditions }) },
    ...(withinDays === undefined ? {} : { window: windowOf(withinDays, `${pointer}/withinDays`) }),
  }
}

function windowOf(days: number, at: string): FeatureWindow {
  const minutes = days * minutesADay
  if (Number.isInteger(minutes) && minutes <= bucketsMax) return { last: { count: minutes, unit: 'minute' } }
  if (Number.isInteger(days * 24) && days * 24 <= bucketsMax) return { last: { count: days * 24, unit: 'hour' } }
  if (Number.isInteger(days) && days <= bucketsMax) return { last: { count: days, unit: 'day' } }
  throw wrongRule(
    at,
    `must be whole minutes up to 60 hours, whole hours up to 152 days or whole days up to ${bucketsMax}, got ${days} days`,
  )
}

const numberColumns = ['quantity', 'price']

function condition(key: string, value: string | number | boolean, at: string): FactCondition {
  if (!eventColumnNames.includes(key)) {
    const field = `properties.${key}`
    return { field, op: '=', value: typeof value === 'boolean' ? String(value) : value }
  }
  if (!numberColumns.includes(key)) return { field: key, op: '=', value: String(value) }
  if (typeof value !== 'number') throw wrongRule(at, `must be a number as ${key} is, got ${JSON.stringify(value)}`)
  return { field: key, op: '=', value }
}
