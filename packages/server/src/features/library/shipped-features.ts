import type { FeatureDefinition } from '@rapport/protocol'
import { habitFeatures } from './habit-features.ts'
import { interestFeatures } from './interest-features.ts'
import { type CategoryPrice, priceFeatures } from './price-features.ts'
import { purchaseIntent, sessionFeatures } from './session-features.ts'

/** What the shipped features must know of a store. */
export interface FeatureLibraryOptions {
  /** Its largest categories. Default none: nothing of how dear somebody buys. */
  readonly prices?: readonly CategoryPrice[]
}

/** Features that come with the product, to be declared like any other. */
export const shippedFeatures = ({ prices = [] }: FeatureLibraryOptions = {}): readonly FeatureDefinition[] => [
  ...interestFeatures,
  ...priceFeatures(prices),
  ...habitFeatures,
  ...sessionFeatures,
  purchaseIntent,
]
