import { RapportError } from '../base/index.ts'
import { absentValue, aggregateSql, aggregatesOf, isAbsent, windowEdgesMs } from './aggregate-sql.ts'
import { type DeclaredPlan, declaredRelation, declaredSql } from './declared/declared-sql.ts'
import type { Aggregate, Definition, Feature, SourceName } from './definition.ts'
import type { FeatureDialect } from './feature-dialect.ts'
import { type MomentSql, type Moments, momentSql } from './moments.ts'
import type { Moments as DefinedMoments, StagedCalendar } from './point-in-time/moments-sql.ts'
import { scoreExpression, scoresSql } from './score-sql.ts'
import { relationOf, type StoreFacts, sourceSql } from './source-sql.ts'
import { traitExpression, traitsSql } from './trait-sql.ts'

export interface CompileOptions {
  readonly areUndatedTraitsKnown: boolean
  /** What is declared among the features, with the calendars of a list's moments. Default nothing. */
  readonly declared?: { readonly plan: DeclaredPlan; readonly calendars: readonly StagedCalendar[] } | null
}

/**
 * One statement that computes these features: a row per customer (and moment), columns `customer_id`, `as_of` and one per
 * feature (double, or varchar for categories), in no particular order.
 *
 * Only rows with received_at ≤ t and occurred_at ≤ t are read. Sums are of whole numbers, divided once at the end.
 *
 * @throws RapportError `features.name` when two features share a name
 */
export function compileFeatures(
  features: readonly Feature[],
  moments: Moments,
  store: StoreFacts,
  dialect: FeatureDialect,
  { areUndatedTraitsKnown, declared }: CompileOptions,
): string {
  refuseDoubles(features)
  const moment = momentSql(moments, dialect)
  const all = distinctAggregates(features)
  const aggregates = all.filter(({ aggregate }) => !isAbsent(aggregate, store))
  const edgesMs = edgesOf(all)
  const sources = new Set<SourceName>(aggregates.map(({ aggregate }) => aggregate.source))
  const scores = [...new Set(features.flatMap(({ definition }) => scoresOf(definition)))]
  const hasTraits = features.some(({ definition }) => usesTraits(definition))

  const values = new Map<string, string>()
  for (const { aggregate, key } of all) if (isAbsent(aggregate, store)) values.set(key, absentValue(aggregate))
  const blocks: string[] = []
  const joins: string[] = []
  for (const source of sources) {
    const columns: string[] = []
    for (const { aggregate, key, alias } of aggregates) {
      if (aggregate.source !== source) continue
      const sql = aggregateSql(aggregate, alias, edgesMs, dialect)
      columns.push(...sql.columns)
      values.set(key, sql.value)
    }
    const block = `from_${relationOf[source]}`
    blocks.push(
      `${block} as (select ${moment.select()}, ${columns.join(', ')} from ${relationOf[source]} group by ${moment.select()})`,
    )
    joins.push(`left join ${block} on ${moment.match('population', block)}`)
  }
  if (scores.length > 0) {
    blocks.push(scoresSql(scores, moment, dialect))
    joins.push(`left join scores_then on ${moment.match('population', 'scores_then')}`)
  }
  if (hasTraits) {
    blocks.push(traitsSql(moment, dialect, areUndatedTraitsKnown))
    joins.push(`left join traits on ${moment.match('population', 'traits')}`)
  }
  if (declared) {
    const of: DefinedMoments =
      moments.kind === 'listed'
        ? { kind: 'listed', table: moments.table, calendars: declared.calendars }
        : { kind: 'one', asOf: moments.asOf, of: 'population' }
    blocks.push(declaredSql(declared.plan, of, store, dialect))
    joins.push(`left join ${declaredRelation} on ${moment.match('population', declaredRelation)}`)
  }

  const relations = [
    ...(moments.kind === 'listed' ? [listedMoments(moments.table, dialect)] : []),
    ...sourceSql(sources, moment, edgesMs, store, dialect),
    population(moments, moment, sources, store),
    ...blocks,
  ]
  const asOf = moments.kind === 'listed' ? 'population.as_of' : moment.asOf
  const columns = features.map(
    ({ name, definition }) => `${expression(definition, values, asOf, dialect)} as ${dialect.identifier(name)}`,
  )
  return `with ${relations.join(',\n')}
select population.customer_id, ${asOf} as as_of${columns.map((column) => `,\n  ${column}`).join('')}
from population
${joins.join('\n')}`
}

interface NamedAggregate {
  readonly aggregate: Aggregate
  readonly key: string
  readonly alias: string
}

/** Features share aggregates (a count is also the divisor of a share); each is computed once. */
function distinctAggregates(features: readonly Feature[]): NamedAggregate[] {
  const named = new Map<string, NamedAggregate>()
  for (const { definition } of features) {
    for (const aggregate of aggregatesOf(definition)) {
      const key = keyOf(aggregate)
      if (!named.has(key)) named.set(key, { aggregate, key, alias: `a${named.size}` })
    }
  }
  return [...named.values()]
}

const keyOf = ({ source, aggregate, of, where, window }: Aggregate): string =>
  JSON.stringify([source, aggregate, of, where, window?.days, window?.skipDays])

function edgesOf(aggregates: readonly NamedAggregate[]): number[] {
  const edges = new Set<number>()
  for (const { aggregate } of aggregates) {
    if (aggregate.window) for (const edge of windowEdgesMs(aggregate.window)) if (edge > 0) edges.add(edge)
  }
  return [...edges].sort((left, right) => left - right)
}

function expression(
  definition: Definition,
  values: ReadonlyMap<string, string>,
  asOf: string,
  dialect: FeatureDialect,
): string {
  const part = (of: Definition): string => expression(of, values, asOf, dialect)
  switch (definition.kind) {
    case 'aggregate':
      return values.get(keyOf(definition))!
    case 'ratio':
      return `(${part(definition.of)} / nullif(${part(definition.by)}, 0))`
    case 'change': {
      const now = part(definition.now)
      const before = part(definition.before)
      return `((${now} - ${before}) / nullif(${now} + ${before}, 0))`
    }
    case 'trait':
      return traitExpression(definition.trait, asOf, dialect)
    case 'score':
      return scoreExpression(definition.score, dialect)
    case 'declared':
      return `${declaredRelation}.${dialect.identifier(definition.name)}`
  }
}

function scoresOf(definition: Definition): readonly string[] {
  switch (definition.kind) {
    case 'score':
      return [definition.score]
    case 'ratio':
      return [...scoresOf(definition.of), ...scoresOf(definition.by)]
    case 'change':
      return [...scoresOf(definition.now), ...scoresOf(definition.before)]
    case 'aggregate':
    case 'trait':
    case 'declared':
      return []
  }
}

function usesTraits(definition: Definition): boolean {
  switch (definition.kind) {
    case 'aggregate':
    case 'score':
    case 'declared':
      return false
    case 'ratio':
      return usesTraits(definition.of) || usesTraits(definition.by)
    case 'change':
      return usesTraits(definition.now) || usesTraits(definition.before)
    case 'trait':
      return true
  }
}

/** Everybody with a purchase or an identified event by then, or exactly the pairs asked for. */
function population(
  moments: Moments,
  moment: MomentSql,
  sources: ReadonlySet<SourceName>,
  { absent }: StoreFacts,
): string {
  if (moments.kind === 'listed') return 'population as (select customer_id, as_of from moments)'
  const parts = ['select customer_id from purchases']
  if (sources.has('events')) parts.push('select customer_id from event_counts')
  else if (!absent.has('events')) parts.push(`select ${moment.factKeys} ${moment.known('profiled_events')}`)
  return `population as (select distinct customer_id from (${parts.join(' union all ')}))`
}

const listedMoments = (table: string, dialect: FeatureDialect): string => `moments as materialized (
    select customer_id, ${dialect.instantOf('as_of')} as as_of from ${table})`

function refuseDoubles(features: readonly Feature[]): void {
  const names = features.map(({ name }) => name)
  const double = names.find((name, index) => names.indexOf(name) !== index)
  if (double) throw new RapportError('features.name', `every feature must have a name of its own, got ${double} twice`)
}
