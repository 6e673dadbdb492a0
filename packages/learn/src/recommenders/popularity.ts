import type { SparseMatrix, Work } from '@rapport/numerics'
import { checkInteractions, countUsersByItem } from './interactions.ts'
import { checkHistory, type Recommendations, type RecommendOptions, recommendForUsers } from './recommend.ts'

/** How many users each item has: the baseline that every recommender must beat. Plain data. */
export interface PopularityModel {
  readonly kind: 'popularity'
  /** `[items]`, users with the item in their history. */
  readonly usersByItem: Int32Array
}

/**
 * Counts the users of each item. An item counts once per user however often it was taken, so that one busy customer
 * cannot make an item popular.
 *
 * @param interactions `[users × items]`, finite and ≥ 0
 * @throws RapportError `popularity.interactions` when a value is negative or not finite
 *
 * @example
 * fitPopularity(sparseFromTriplets(2, 3, [0, 1, 1], [2, 2, 0])).usersByItem // Int32Array [1, 0, 2]
 */
export function fitPopularity(interactions: SparseMatrix): PopularityModel {
  checkInteractions('popularity', interactions)
  return { kind: 'popularity', usersByItem: countUsersByItem(interactions) }
}

/**
 * The most popular items that a user does not have yet; the score is the number of users. Also for users without a
 * history, and so the fallback for those of whom other methods know nothing. An item that nobody had is never returned.
 *
 * @param history `[users × items]`
 * @throws RapportError `popularity.history` when the items are not the model's
 */
export function recommendPopular(
  model: PopularityModel,
  history: SparseMatrix,
  options: RecommendOptions = {},
  work?: Work,
): Recommendations {
  const { usersByItem } = model
  checkHistory('popularity', usersByItem.length, history)
  const score = (_user: number, offer: (item: number, score: number) => void): void => {
    for (let item = 0; item < usersByItem.length; item += 1) {
      if (usersByItem[item]! > 0) offer(item, usersByItem[item]!)
    }
  }
  return recommendForUsers('popularity', history, options, score, work)
}
