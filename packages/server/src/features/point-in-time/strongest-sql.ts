import { asStrong } from '../defined/interpret.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import type { MomentSql } from './moments-sql.ts'

/** Facts of one kind that weigh for a text. */
export interface WeighingFacts {
  /** The relation of known facts that they are in. */
  readonly relation: string
  readonly isMeant: string
  /** The column of the text. */
  readonly text: string
  readonly times: number
}

/**
 * The relation of this name: for each group the text that its facts weigh for the most, as `value`. They fade up to the latest
 * of them, so that however long ago that was, sums do not come down to nothing.
 */
export function strongestSql(
  name: string,
  facts: readonly WeighingFacts[],
  halfLifeMs: number,
  { moment, dialect }: { readonly moment: MomentSql; readonly dialect: FeatureDialect },
): string {
  const group = moment.group.join(', ')
  const weighing = facts.map(
    ({ relation, isMeant, text, times }) =>
      `select ${group}, ${text} as weighed, occurred_at, ${times}::double as times from ${relation}
        where ${isMeant} and ${text} is not null`,
  )
  const faded = `times * pow(2.0::double, (occurred_at - latest)::double / ${halfLifeMs})`
  return `${name} as (
    select ${group}, min(weighed) filter (where total >= largest * ${1 - asStrong}) as value
    from (
      select *, max(total) over (partition by ${group}) as largest
      from (
        select ${group}, weighed, ${dialect.sumOfReals(faded)} as total
        from (
          select *, max(occurred_at) over (partition by ${group}) as latest
          from (${weighing.join('\n        union all\n        ')}) as weighing) as fading
        group by ${group}, weighed) as totals) as ranked
    group by ${group})`
}
