import { dayMs } from '../../base/index.ts'
import { millionths } from '../defined/numbers.ts'
import type { AggregateLeaf } from '../defined/plan.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import type { MomentSql } from './moments-sql.ts'

export interface AggregateSql {
  readonly leaf: AggregateLeaf
  /** The field that is aggregated, over known facts; null where none is. */
  readonly value: string | null
  readonly moment: MomentSql
  readonly dialect: FeatureDialect
  /** Computes an aggregate of the facts that count and says where it is found, null where there are none. */
  readonly column: (aggregate: string) => string
}

/** A leaf's value. */
export function aggregateSql({ leaf, value, moment, dialect, column }: AggregateSql): string {
  const { aggregate, of } = leaf
  const sum = (): string => `coalesce(${dialect.exactDouble(column(`sum(${value})`))}, 0) / ${millionths}`
  const scaled = (sql: string): string => (of?.as === 'number' ? `${sql}::double / ${millionths}` : sql)
  const order = '(occurred_at, key)'
  const asOf = moment.isListed ? 'moments.as_of' : moment.asOf
  const days = (since: string): string => `(${asOf} - ${since})::double / ${dayMs}`
  const [first, last] = ['min(occurred_at)', 'max(occurred_at)']
  switch (aggregate) {
    case 'count':
      return `coalesce(${column('count(*)')}, 0)::double`
    case 'sum':
      return sum()
    case 'average':
      return `${sum()} / nullif(${column(`count(${value})`)}, 0)`
    case 'min':
    case 'max':
      return scaled(column(`${aggregate}(${value})`))
    case 'distinct':
      return `coalesce(${column(`count(distinct ${value})`)}, 0)::double`
    case 'first':
      return scaled(column(dialect.valueAtSmallest(value!, order)))
    case 'last':
      return scaled(column(dialect.valueAtLargest(value!, order)))
    case 'most-frequent':
      return dialect.mostFrequentOf(column(dialect.countsOfTexts(value!)))
    case 'strongest':
      throw new RangeError('what is strongest is of facts of several kinds, and has a relation of its own')
    case 'time-since-first':
      return days(column(first))
    case 'time-since-last':
      return days(column(last))
    case 'span':
      return `(${column(last)} - ${column(first)})::double / ${dayMs}`
    case 'decayed-sum': {
      const fades = `pow(2.0::double, (occurred_at - ${moment.asOf})::double / ${leaf.halfLifeMs})`
      const faded = value === null ? fades : `${value}::double / ${millionths} * ${fades}`
      return `coalesce(${column(dialect.sumOfReals(faded))}, 0)`
    }
    case 'gap-mean': {
      const gaps = `nullif(${column('count(distinct occurred_at)')} - 1, 0)`
      return `case when ${gaps} > 0 then (${column(last)} - ${column(first)})::double / ${gaps} / ${dayMs} end`
    }
    case 'gap-deviation':
      return `${dialect.gapDeviation(column(dialect.distinctList('occurred_at')))} / ${dayMs}`
  }
}
