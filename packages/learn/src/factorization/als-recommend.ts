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
  const vectors = Float64Array.from(known.length === itemFactors.rows ? itemFactors.values : rowsOf(itemFactors, known))
  const users = Int32Array.from(options.users ?? Array.from({ length: history.rows }, (_, row) => row))
  const scores = Array.from({ length: usersAtOnce }, () => new Float64Array(known.length))
  let at = 0
  const score = (user: number, offer: (item: number, score: number) => void): void => {
    const place = at % usersAtOnce
    if (place === 0) scoreUsers(rowsOf(userFactors, users.subarray(at, at + usersAtOnce)), vectors, scores)
    at += 1
    if (!hasFactors(userFactors, user)) return
    const own = scores[place]!
    for (let index = 0; index < own.length; index += 1) offer(known[index]!, own[index]!)
  }
  return recommendForUsers('als', history, options, score, work)
}

/** Users whose scores are computed side by side, so that every item's factors are read once for all of them. */
const usersAtOnce = 4

/**
 * Scores of some users for all items.
 *
 * @param users `[usersAtOnce × factors]`
 * @param items `[items × factors]`
 * @param scores `[usersAtOnce][items]`
 */
function scoreUsers(users: Float64Array, items: Float64Array, scores: readonly Float64Array[]): void {
  const factors = users.length / usersAtOnce
  const first = users.subarray(0, factors)
  const second = users.subarray(factors, 2 * factors)
  const third = users.subarray(2 * factors, 3 * factors)
  const fourth = users.subarray(3 * factors)
  const [ofFirst, ofSecond, ofThird, ofFourth] = scores as [Float64Array, Float64Array, Float64Array, Float64Array]
  for (let item = 0, base = 0; item < ofFirst.length; item += 1, base += factors) {
    let one = 0
    let two = 0
    let three = 0
    let four = 0
    for (let at = 0; at < factors; at += 1) {
      const value = items[base + at]!
      one += first[at]! * value
      two += second[at]! * value
      three += third[at]! * value
      four += fourth[at]! * value
    }
    ofFirst[item] = one
    ofSecond[item] = two
    ofThird[item] = three
    ofFourth[item] = four
  }
}

/** `[rows × columns]`, at least `usersAtOnce` rows; zeros where there are fewer. */
function rowsOf({ columns, values }: Matrix, rows: Int32Array): Float64Array {
  const taken = new Float64Array(Math.max(rows.length, usersAtOnce) * columns)
  rows.forEach((row, at) => {
    taken.set(values.subarray(row * columns, (row + 1) * columns), at * columns)
  })
  return taken
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
  for (let row = 0; row < side.rows; row += 1) if (hasFactors(side, row)) rows.push(row)
  return rows
}

const hasFactors = (side: Matrix, row: number): boolean => Float64Array.from(vectorOf(side, row)).some(isNotZero)
const isNotZero = (value: number): boolean => value !== 0

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
