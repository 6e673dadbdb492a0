import { dayMs } from '../../base/index.ts'
import { millionths } from '../defined/numbers.ts'
import type { AggregateLeaf } from '../defined/plan.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import type { FactColumns } from './known-sql.ts'
import type { MomentSql } from './moments-sql.ts'

/** How a leaf is computed: columns of a group of known facts, and its value out of them where there is such a group. */
export interface LeafSql {
  readonly columns: readonly string[]
  readonly value: string
}

/**
 * @param alias a prefix of the columns' names
 * @param row the relation that the columns are in once they are computed
 */
export function aggregateSql(
  leaf: AggregateLeaf,
  alias: string,
  row: string,
  columns: FactColumns,
  moment: MomentSql,
  dialect: FeatureDialect,
): LeafSql {
  const { aggregate, of } = leaf
  // Sessions are of events: lines lie in none.
  const isNone = leaf.window.kind === 'session' && leaf.pattern.kind === 'line'
  const counts = [columns.pattern(leaf.pattern), isNone ? 'false' : moment.inWindow(leaf.window)].filter(
    (test) => test !== null,
  )
  const where = ` filter (where ${counts.join(' and ')})`
  const value = of === null ? '' : columns.value(of.field, of.as)
  const made: string[] = []
  const column = (name: string, sql: string): string => {
    made.push(`${sql} as ${alias}_${name}`)
    return `${row}.${alias}_${name}`
  }
  const count = (counted = '*'): string => column('count', `count(${counted})${where}`)
  const sum = (): string =>
    `coalesce(${dialect.exactDouble(column('sum', `sum(${value})${where}`))}, 0) / ${millionths}`
  const scaled = (sql: string): string => (of?.as === 'number' ? `${sql}::double / ${millionths}` : sql)
  const order = '(occurred_at, key)'
  const asOf = moment.isListed ? 'moments.as_of' : moment.asOf
  const days = (since: string): string => `(${asOf} - ${since})::double / ${dayMs}`
  const first = (): string => column('first', `min(occurred_at)${where}`)
  const last = (): string => column('last', `max(occurred_at)${where}`)
  const sql = (): string => {
    switch (aggregate) {
      case 'count':
        return `coalesce(${count()}, 0)::double`
      case 'sum':
        return sum()
      case 'average':
        return `${sum()} / nullif(${count(value)}, 0)`
      case 'min':
      case 'max':
        return scaled(column(aggregate, `${aggregate}(${value})${where}`))
      case 'distinct':
        return `coalesce(${column('distinct', `count(distinct ${value})${where}`)}, 0)::double`
      case 'first':
        return scaled(column('value', `${dialect.valueAtSmallest(value, order)}${where}`))
      case 'last':
        return scaled(column('value', `${dialect.valueAtLargest(value, order)}${where}`))
      case 'most-frequent':
        return dialect.mostFrequentOf(column('counts', `${dialect.countsOfTexts(value)}${where}`))
      case 'time-since-first':
        return days(first())
      case 'time-since-last':
        return days(last())
      case 'decayed-sum': {
        const fades = `pow(2.0::double, (occurred_at - ${moment.asOf})::double / ${leaf.halfLifeMs})`
        const faded = of === null ? fades : `${value}::double / ${millionths} * ${fades}`
        return `coalesce(${column('faded', `${dialect.sumOfReals(faded)}${where}`)}, 0)`
      }
      case 'gap-mean': {
        const gaps = `nullif(${column('moments', `count(distinct occurred_at)${where}`)} - 1, 0)`
        return `case when ${gaps} > 0 then (${last()} - ${first()})::double / ${gaps} / ${dayMs} end`
      }
      case 'gap-deviation': {
        const list = column('list', `${dialect.distinctList('occurred_at')}${where}`)
        return `${dialect.gapDeviation(list)} / ${dayMs}`
      }
    }
  }
  const result = sql()
  return { columns: made, value: result }
}
