import type { FactKind } from '../defined/fact.ts'
import { millionths, numberMax } from '../defined/numbers.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import { pathOf, type StoreBasis } from '../source-sql.ts'

/** A field of a row of the store's events or lines with the alias `fact`: see `defined/fields.ts` for what it means. */
export function fieldSql(kind: FactKind, field: string, store: StoreBasis, dialect: FeatureDialect): string {
  if (field.startsWith('properties.')) return dialect.jsonScalar('fact.properties', field.split('.').slice(1))
  if (field === 'category') {
    // Events say theirs among the properties.
    const own = kind === 'event' ? dialect.jsonScalar('fact.properties', ['category']) : 'fact.category'
    return `coalesce(${pathOf(own)}, ${pathOf('listed.category')})`
  }
  if (field === 'hour') {
    const hour = dialect.hourOf(dialect.localTime('fact.occurred_at', store.timezone))
    return `lpad(${hour}::varchar, 2, '0')`
  }
  if (field === 'quantity') return millionthsSql('fact.quantity')
  const isOwn = `fact.currency = ${dialect.text(store.currency)}`
  if (kind === 'event')
    return field === 'price'
      ? `case when ${isOwn} or fact.currency is null then ${moneySql('fact.price_micros')} end`
      : `fact.${dialect.identifier(field)}`
  return moneyFields.has(field)
    ? `case when ${isOwn} then ${moneySql(`fact.${field}_micros`)} end`
    : `fact.${dialect.identifier(field)}`
}

const moneyFields = new Set(['unit_price', 'amount', 'discount', 'tax', 'shipping', 'refund', 'unit_cost'])

/** Whole millionths of a double, as `inMillionths` rounds; NaN counts as large in SQL. */
export const millionthsSql = (number: string): string =>
  `case when abs(${number}) <= ${numberMax} then floor(${number} * ${millionths} + 0.5)::bigint end`

/** Whole millionths of a text that is a number, as `millionthsOf`. */
export const millionthsOfText = (text: string, dialect: FeatureDialect): string =>
  `case when ${dialect.matches(text, '-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?')} then ${millionthsSql(`try_cast(${text} as double)`)} end`

const moneySql = (micros: string): string =>
  `case when ${micros} between ${-numberMax * millionths} and ${numberMax * millionths} then ${micros} end`
