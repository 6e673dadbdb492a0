import type { Condition, Pattern } from '../defined/plan.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import { fieldColumn } from './fact-sql.ts'
import { millionthsOfText } from './field-sql.ts'

/** Whether a row of facts of the pattern's kind is one of those meant: true or false, never null. */
export function patternSql({ name, call, conditions }: Pattern, dialect: FeatureDialect): string {
  const of = [
    ...(name === null ? [] : [`name = ${dialect.text(name)}`]),
    ...(call === null ? [] : [`call = ${dialect.text(call)}`]),
  ].join(' and ')
  const where = conditions.map((condition) => conditionSql(condition, dialect)).join(' and ')
  if (where === '') return of === '' ? 'true' : `coalesce(${of}, false)`
  // Fields of facts with other names are not looked at.
  return of === '' ? `coalesce(${where}, false)` : `case when ${of} then coalesce(${where}, false) else false end`
}

/** A field read as a number in millionths or as text, null where it is missing. */
export function valueSql(field: string, as: 'number' | 'text', dialect: FeatureDialect): string {
  const column = fieldColumn(field, dialect)
  return as === 'number' && field.startsWith('properties.') ? millionthsOfText(column, dialect) : column
}

function conditionSql(condition: Condition, dialect: FeatureDialect): string {
  const value = valueSql(condition.field, condition.as, dialect)
  const operand = (one: string | number): string => (typeof one === 'number' ? `${one}` : dialect.text(one))
  switch (condition.op) {
    case 'known':
      return `${value} is not null`
    case 'missing':
      return `${value} is null`
    case 'in':
      return `${value} in (${condition.value.map(operand).join(', ')})`
    case 'within':
      return `(${value} = ${operand(condition.value)} or starts_with(${value}, ${operand(`${condition.value} > `)}))`
    case '!=':
      return `${value} <> ${operand(condition.value)}`
    default:
      return `${value} ${condition.op} ${operand(condition.value)}`
  }
}
