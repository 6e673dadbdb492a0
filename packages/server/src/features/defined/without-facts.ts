import type { FeatureValue } from './interpret.ts'
import type { Leaf } from './plan.ts'

const counted = new Set(['count', 'sum', 'distinct', 'decayed-sum'])

/** What a leaf comes to where nothing is known. */
export function withoutFacts(leaf: Leaf): FeatureValue {
  const isCounted = leaf.kind === 'sequence' || (leaf.kind === 'aggregate' && counted.has(leaf.aggregate))
  return isCounted ? 0 : null
}
