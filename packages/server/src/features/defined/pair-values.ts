import type { FeatureEntity } from '@rapport/protocol'
import type { FeatureValue } from './interpret.ts'
import { evaluateTree } from './interpret.ts'
import type { Plan, PlannedFeature } from './plan.ts'
import { withoutFacts } from './without-facts.ts'

/** A feature of a customer with a product or a category: what it comes to with each. */
export interface PairValues {
  readonly name: string
  readonly entity: PairEntity
  /** The greatest first, texts after numbers; those that nothing is known of are left out. */
  readonly values: readonly PairValue[]
  /** How many others there are. */
  readonly more: number
}

export interface PairValue {
  /** Id of the product, or the category. */
  readonly key: string
  readonly value: number | string
}

export type PairEntity = Extract<FeatureEntity, `customer-${string}`>

/** As many values of a feature are told. */
export const pairsMax = 20

/** Whether a feature is of customers with something else. */
export const isPair = (entity: FeatureEntity): entity is PairEntity => entity.startsWith('customer-')

/** Features of pairs that were declared: what rules and models say in their place has a slash in its name. */
export const pairFeatures = ({ features }: Plan): readonly (PlannedFeature & { readonly entity: PairEntity })[] =>
  features.flatMap((feature) => {
    const { name, entity } = feature
    return isPair(entity) && !name.includes('/') ? { ...feature, entity } : []
  })

/**
 * The greatest values of a feature by pair. What is worth the same as a pair of which nothing is known says nothing, so that
 * it does not matter who is remembered.
 *
 * @param all of one customer, each pair once
 * Cost: O(n log n) of the pairs that say something.
 */
export function greatestPairs(
  { leaves }: Plan,
  { name, entity, tree }: PlannedFeature & { readonly entity: PairEntity },
  all: readonly { readonly key: string; readonly value: FeatureValue }[],
): PairValues {
  const nothing = evaluateTree(tree, (leaf) => withoutFacts(leaves[leaf]!))
  const told = all
    .flatMap(({ key, value }) => (value === null || value === nothing ? [] : { key, value }))
    .sort((one, other) => byValue(one.value, other.value) || (one.key < other.key ? -1 : 1))
  return { name, entity, values: told.slice(0, pairsMax), more: Math.max(0, told.length - pairsMax) }
}

function byValue(one: number | string, other: number | string): number {
  if (typeof one === 'number') return typeof other === 'number' ? other - one : -1
  if (typeof other === 'number') return 1
  return one < other ? -1 : Number(one > other)
}
