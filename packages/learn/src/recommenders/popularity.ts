import type { SparseMatrix, Work } from '@rapport/numerics'
import { checkInteractions, countUsersByItem } from './interactions.ts'
import {
  checkHistory,
  excludedItems,
  type ListPart,
  type Recommendations,
  type RecommendOptions,
  recommendInParts,
} from './recommend.ts'

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
 *
 * Cost: for each user k and the user's items.
 */
export async function recommendPopular(
  model: PopularityModel,
  history: SparseMatrix,
  options: RecommendOptions = {},
  work?: Work,
): Promise<Recommendations> {
  const { usersByItem } = model
  checkHistory('popularity', usersByItem.length, history)
  const isOut = excludedItems(usersByItem.length, options)
  const byUsers = Int32Array.from(usersByItem.keys())
    .filter((item) => usersByItem[item]! > 0 && isOut[item] === 0)
    .sort((one, other) => usersByItem[other]! - usersByItem[one]! || one - other)
  const isOwn = new Uint8Array(usersByItem.length)
  const listsOf = (users: Int32Array, k: number): ListPart => {
    const part = emptyPart(users.length, k)
    users.forEach((user, list) => {
      const own = options.repeats ? noItems : itemsOf(history, user)
      for (const item of own) isOwn[item] = 1
      let size = 0
      for (let at = 0; at < byUsers.length && size < k; at += 1) {
        const item = byUsers[at]!
        if (isOwn[item] === 1) continue
        part.items[list * k + size] = item
        part.scores[list * k + size] = usersByItem[item]!
        size += 1
      }
      part.sizes[list] = size
      for (const item of own) isOwn[item] = 0
    })
    return part
  }
  return recommendInParts('popularity', history, options, listsOf, work)
}

const noItems = new Int32Array(0)

const emptyPart = (lists: number, k: number): ListPart => ({
  items: new Int32Array(lists * k),
  scores: new Float64Array(lists * k),
  sizes: new Int32Array(lists),
})

/** Items of the user's history; a stored zero is none. */
function itemsOf({ rowStarts, columnIndices, values }: SparseMatrix, user: number): Int32Array {
  const from = rowStarts[user]!
  return columnIndices.subarray(from, rowStarts[user + 1]!).filter((_, at) => values[from + at] !== 0)
}
