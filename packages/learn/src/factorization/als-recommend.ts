import { type Matrix, RapportError, type SparseMatrix, type Work } from '@rapport/numerics'
import type { RankedItems } from '../recommenders/item-item.ts'
import {
  checkHistory,
  type Recommendations,
  type RecommendOptions,
  recommendForUsers,
} from '../recommenders/recommend.ts'
import { emptyTopLists, offerItem, sortTopList } from '../recommenders/top-lists.ts'
import type { AlsModel } from './als.ts'
import { checkItem } from './als-fold-in.ts'

/**
 * The items whose factors agree most with each user's; the score is the predicted preference, about 0 … 1.
 *
 * All items that anybody took are candidates. A user without factors, because nothing was known of them, gets nothing:
 * `recommendPopular` is for them.
 *
 * @param history `[users × items]`, row n the history of the model's user n
 * @throws RapportError `als.history` when users or items are not the model's
 *
 * Cost: users × items × factors.
 */
export function recommendAls(
  model: AlsModel,
  history: SparseMatrix,
  options: RecommendOptions = {},
  work?: Work,
): Recommendations {
  const { userFactors, itemFactors } = model
  checkHistory('als', itemFactors.rows, history)
  if (history.rows !== userFactors.rows) {
    throw new RapportError(
      'als.history',
      `history must have the model's ${userFactors.rows} users, got ${history.rows} (withUsers folds new users in)`,
    )
  }
  const known = Int32Array.from(rowsWithFactors(itemFactors))
  const score = (user: number, offer: (item: number, score: number) => void): void => {
    const vector = Float64Array.from(vectorOf(userFactors, user))
    if (vector.every((value) => value === 0)) return
    for (const item of known) offer(item, product(vector, itemFactors, item))
  }
  return recommendForUsers('als', history, options, score, work)
}

/**
 * The items whose factors point in the direction of `item`'s, by cosine, without the item itself; none for an item
 * without interactions.
 *
 * @throws RapportError `als.item` when the model has no such item
 */
export function similarItemsAls(model: AlsModel, item: number, k = 10): RankedItems {
  checkItem(model, item)
  const { itemFactors } = model
  const top = emptyTopLists(1, k)
  const vector = Float64Array.from(vectorOf(itemFactors, item))
  const length = Math.hypot(...vector)
  if (length > 0) {
    for (const other of rowsWithFactors(itemFactors)) {
      if (other === item) continue
      const cosine = product(vector, itemFactors, other) / (length * Math.hypot(...vectorOf(itemFactors, other)))
      offerItem(top, 0, other, cosine)
    }
  }
  sortTopList(top, 0)
  return { items: top.items.slice(0, top.sizes[0]), scores: top.scores.slice(0, top.sizes[0]) }
}

const vectorOf = ({ columns, values }: Matrix, row: number): Float64Array | Float32Array =>
  values.subarray(row * columns, (row + 1) * columns)

function rowsWithFactors(side: Matrix): number[] {
  const rows: number[] = []
  for (let row = 0; row < side.rows; row += 1) if (vectorOf(side, row).some((value) => value !== 0)) rows.push(row)
  return rows
}

/** The same order of terms for every pair, in four sums that the processor can run side by side. */
function product(vector: Float64Array, { columns, values }: Matrix, row: number): number {
  const base = row * columns
  const whole = columns - (columns % 4)
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  for (let at = 0; at < whole; at += 4) {
    sum0 += vector[at]! * values[base + at]!
    sum1 += vector[at + 1]! * values[base + at + 1]!
    sum2 += vector[at + 2]! * values[base + at + 2]!
    sum3 += vector[at + 3]! * values[base + at + 3]!
  }
  for (let at = whole; at < columns; at += 1) sum0 += vector[at]! * values[base + at]!
  return sum0 + sum1 + (sum2 + sum3)
}
