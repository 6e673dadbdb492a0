import type { FeatureDialect } from './feature-dialect.ts'
import type { MomentSql } from './moments.ts'

/** The value of each score where it was published by the moment; a score that was replaced since is not known any more. */
export function scoresSql(scores: readonly string[], moment: MomentSql, dialect: FeatureDialect): string {
  const join = moment.isListed ? 'join moments on moments.customer_id = fact.customer_id' : ''
  const values = scores.map(
    (score) =>
      `max(fact.value) filter (fact.score = ${dialect.text(score)})::double as ${dialect.identifier(`of_${score}`)}`,
  )
  return `scores_then as (
    select ${moment.factKeys}, ${values.join(', ')}
    from served_scores as fact ${join} where fact.as_of <= ${moment.asOf} group by ${moment.factKeys})`
}

export const scoreExpression = (score: string, dialect: FeatureDialect): string =>
  `scores_then.${dialect.identifier(`of_${score}`)}`
