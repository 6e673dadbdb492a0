import type { TraitName } from './definition.ts'
import type { FeatureDialect } from './feature-dialect.ts'
import type { MomentSql } from './moments.ts'

const columns = ['birth_date', 'gender', 'country', 'region', 'income', 'education']

/**
 * The latest value of every trait that was known by the moment, a later import's over an earlier one's.
 *
 * @param undatedKnown whether records without a date count: for describing customers, never for training
 */
export function traitsSql(moment: MomentSql, dialect: FeatureDialect, undatedKnown: boolean): string {
  const join = moment.isListed ? 'join moments on moments.customer_id = fact.customer_id' : ''
  const wasKnown = `fact.known_at <= ${moment.asOf}${undatedKnown ? ' or fact.known_at is null' : ''}`
  const latest = columns.map(
    (name) =>
      `${dialect.valueAtLargest(`fact.${name}`, `(fact.batch_id, coalesce(fact.known_at, ${dialect.instant(0)}), fact.${name})`)} as ${name}`,
  )
  return `traits as (
    select ${moment.factKeys}, ${latest.join(', ')}
    from profiled_customers as fact ${join} where (${wasKnown}) group by ${moment.factKeys})`
}

export function traitExpression(trait: TraitName, asOf: string, dialect: FeatureDialect): string {
  if (trait !== 'age') return `traits.${trait}`
  return `${dialect.yearsBetween('traits.birth_date', asOf)}::double`
}
