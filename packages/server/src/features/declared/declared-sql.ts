import type { FeatureDefinition } from '@rapport/protocol'
import { RapportError } from '../../base/index.ts'
import type { Leaf, Plan } from '../defined/plan.ts'
import { planFeatures } from '../defined/plan-features.ts'
import type { Feature } from '../definition.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import { compileDefined, leavesOfEntity } from '../point-in-time/compile-defined.ts'
import type { Moments } from '../point-in-time/moments-sql.ts'
import type { StoreBasis } from '../source-sql.ts'

/** The declared ones among features of the catalogue, planned together. */
export interface DeclaredPlan {
  readonly plan: Plan
  /** Columns of the relation, by the catalogue's name: a feature may be called otherwise there. */
  readonly columns: ReadonlyMap<string, string>
  readonly leaves: readonly Leaf[]
}

/**
 * Plans what is declared among features; null where nothing is.
 *
 * @throws RapportError `features.versions` when two of them are made of different versions of one definition
 */
export function planDeclared(features: readonly Feature[]): DeclaredPlan | null {
  const columns = new Map<string, string>()
  const definitions = new Map<string, FeatureDefinition>()
  for (const { name, definition } of features) {
    if (definition.kind !== 'declared') continue
    columns.set(name, definition.name)
    for (const one of definition.definitions) {
      const held = definitions.get(one.name)
      if (held !== undefined && JSON.stringify(held) !== JSON.stringify(one))
        throw new RapportError(
          'features.versions',
          `features computed together must be of one version each, got two of ${one.name}`,
        )
      definitions.set(one.name, one)
    }
  }
  if (columns.size === 0) return null
  const all = planFeatures([...definitions.values()])
  const wanted = new Set(columns.values())
  const plan = { ...all, features: all.features.filter(({ name }) => wanted.has(name)) }
  return { plan, columns, leaves: [...leavesOfEntity(plan, 'customer').values()] }
}

/** The relation of declared values: `customer_id`, `as_of` and a column for each feature under its declared name. */
export const declaredRelation = 'declared_then'

/** Its common table expression. @param moments one moment of those of another relation, or a list */
export const declaredSql = (
  { plan }: DeclaredPlan,
  moments: Moments,
  store: StoreBasis,
  dialect: FeatureDialect,
): string => `${declaredRelation} as (
  ${compileDefined(plan, 'customer', moments, store, dialect)})`
