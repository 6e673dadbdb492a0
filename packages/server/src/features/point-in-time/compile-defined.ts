import type { FeatureEntity } from '@rapport/protocol'
import type { Leaf, Plan } from '../defined/plan.ts'
import { leavesOf } from '../defined/tree.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import type { StoreBasis } from '../source-sql.ts'
import { entityColumns, listedMoments, type Moments, momentSql } from './moments-sql.ts'
import { hasModel, TreesSql } from './tree-sql.ts'
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
  const own = [...keys.map((key) => `${base}.${key}`), `${asOf} as as_of`]
  const features = plan.features.filter((feature) => feature.entity === entity)
  const everybody = joined.map((relation) => `select ${keys.join(', ')} from ${relation}`).join(' union ')
  const all = [
    ...(isListed ? [listedMoments(moments, moment, entity, dialect)] : []),
    ...statements,
    ...(base === 'population' && !(moments.kind === 'one' && moments.of) ? [`population as (${everybody})`] : []),
  ]
  const on = (relation: string): string =>
    moment.group.map((key) => `${base}.${key} = ${relation}.${key}`).join(' and ')
  const share =
    moment.share === null
      ? ''
      : `
  where ${dialect.shareOf(
    keys.map((key) => `${base}.${key}`),
    moment.share.of,
  )} = ${moment.share.index}`
  const from = `from ${base}
  ${joined.map((relation) => `left join ${relation} on ${on(relation)}`).join('\n  ')}${share}`
  if (!features.some(({ tree }) => hasModel(tree))) {
    const trees = new TreesSql(values)
    const columns = features.map(({ name, tree }) => `${trees.of(tree)} as ${dialect.identifier(name)}`)
    return `${all.length > 0 ? `with ${all.join(',\n  ')}` : ''}
  select ${[...own, ...columns].join(',\n    ')}
  ${from}`
  }
  // A model names its inputs again and again: they are columns by then, and so are the leaves that they are made of.
  const trees = new TreesSql(new Map([...values.keys()].map((place) => [place, `leaf_${place}`])))
  const columns = features.map(({ name, tree }) => `${trees.of(tree)} as ${dialect.identifier(name)}`)
  const held = [...values].map(([place, sql]) => `${sql} as leaf_${place}`)
  return `with ${all.map((one) => `${one},\n  `).join('')}leaf_values as (select ${[...own, ...held].join(',\n    ')}
  ${from}),
  model_inputs as (select *${trees.inputs.map(({ sql, column }) => `,\n    ${sql} as ${column}`).join('')} from leaf_values)
  select ${[...keys, 'as_of', ...columns].join(',\n    ')}
  from model_inputs`
}
