import type { Instant } from '../../base/index.ts'
import { evaluateTree, type FeatureValue, type LiveValues, type Plan } from '../../features/index.ts'

/** The declared features of a customer, without what rules say in their place, in the order of the plan. */
export function customerFeatures(
  { features }: Plan,
  values: LiveValues,
  customerId: string,
  asOf: Instant,
): readonly { readonly name: string; readonly value: FeatureValue }[] {
  return features
    .filter(({ name, entity }) => entity === 'customer' && !name.includes('/'))
    .map(({ name, tree }) => ({
      name,
      value: evaluateTree(tree, (leaf) => values.leafValue([customerId], leaf, asOf)),
    }))
}
