import type { FeatureEntity } from '@rapport/protocol'
import type { Leaf, Plan, Tree } from '../defined/plan.ts'
import { leavesOf, partsOf } from '../defined/tree.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import type { StoreBasis } from '../source-sql.ts'
import { entityColumns, listedMoments, type Moments, momentSql } from './moments-sql.ts'
import { ValueRelations } from './value-relations.ts'

/** The leaves that an entity's features are made of, by their place in the plan. */
export function leavesOfEntity(plan: Plan, entity: FeatureEntity): ReadonlyMap<number, Leaf> {
  const places = new Set(
    plan.features.filter((feature) => feature.entity === entity).flatMap(({ tree }) => leavesOf(tree)),
  )
  return new Map([...places].map((place) => [place, plan.leaves[place]!]))
}

/**
 * One statement for all features of an entity: a row for each entity with anything known by the one moment, for each of a
 * relation, or for each of those listed. Columns are those that the entity is called by, `as_of` and one for each feature (double, or varchar), in
 * no particular order. Events are read in one pass, and so are lines.
 */
export function compileDefined(
  plan: Plan,
  entity: FeatureEntity,
  moments: Moments,
  store: StoreBasis,
  dialect: FeatureDialect,
): string {
  const leaves = leavesOfEntity(plan, entity)
  const wanted = [...leaves.values()]
  const windows = wanted.flatMap((leaf) => ('window' in leaf ? leaf.window : []))
  const moment = momentSql(moments, entity, windows, store.timezone)
  const relations = new ValueRelations({ entity, leaves: wanted, moment, store, dialect })
  const values = new Map([...leaves].map(([place, leaf]) => [place, relations.valueOf(leaf, `leaf_${place}`)]))
  const { statements, joined } = relations.finish()

  const keys = entityColumns[entity]
  const isListed = moments.kind === 'listed'
  const base = isListed ? 'moments' : (moments.of ?? 'population')
  const asOf = isListed ? dialect.instantOf('moments.as_of') : dialect.instant(moments.asOf)
  const columns = [
    ...keys.map((key) => `${base}.${key}`),
    `${asOf} as as_of`,
    ...plan.features
      .filter((feature) => feature.entity === entity)
      .map(({ name, tree }) => `${treeSql(tree, values)} as ${dialect.identifier(name)}`),
  ]
  const everybody = joined.map((relation) => `select ${keys.join(', ')} from ${relation}`).join(' union ')
  const all = [
    ...(isListed ? [listedMoments(moments, moment, entity, dialect)] : []),
    ...statements,
    ...(moment.isEverybody ? [`population as (${everybody})`] : []),
  ]
  const on = (relation: string): string =>
    moment.group.map((key) => `${base}.${key} = ${relation}.${key}`).join(' and ')
  return `${all.length > 0 ? `with ${all.join(',\n  ')}` : ''}
  select ${columns.join(',\n    ')}
  from ${base}
  ${joined.map((relation) => `left join ${relation} on ${on(relation)}`).join('\n  ')}`
}

function treeSql(tree: Tree, values: ReadonlyMap<number, string>): string {
  if (tree.kind === 'leaf') return `(${values.get(tree.leaf)!})`
  const [one, other] = partsOf(tree).map((part) => treeSql(part, values)) as [string, string]
  if (tree.kind === 'difference') return `(${one} - ${other})`
  if (tree.kind === 'ratio') return `(${one} / nullif(${other}, 0))`
  return `((${one} - ${other}) / nullif(${one} + ${other}, 0))`
}
