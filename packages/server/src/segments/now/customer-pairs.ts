import { now } from '../../base/index.ts'
import { evaluateTree, greatestPairs, type PairValues, pairFeatures } from '../../features/index.ts'
import type { Standing } from './standing.ts'

/**
 * The declared features of a customer with products and categories, true now: the greatest of each, in the order of the plan.
 *
 * @param standing of a live copy: one of the warehouse knows of customers only, and `valuesAsOf` tells of their pairs
 */
export function pairsNow({ compiled: { plan }, values }: Standing, customerId: string): readonly PairValues[] {
  const asOf = now()
  return pairFeatures(plan).map((feature) => {
    const theirs = values.pairsOf!(customerId, feature.entity).map((key) => ({
      key: key[1]!,
      value: evaluateTree(feature.tree, (leaf) => values.leafValue(key, leaf, asOf)),
    }))
    return greatestPairs(plan, feature, theirs)
  })
}
