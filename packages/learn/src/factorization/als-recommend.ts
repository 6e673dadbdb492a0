import {
  type Arena,
  type Kernels,
  type Matrix,
  nextTurn,
  RapportError,
  type Span,
  type SparseMatrix,
  type Work,
  withKernels,
} from '@rapport/numerics'
import { takeHistories } from '../recommenders/interactions.ts'
import type { RankedItems } from '../recommenders/item-item.ts'
import {
  checkHistory,
  excludedItems,
  type ListPart,
  type Recommendations,
  type RecommendOptions,
  recommendInParts,
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
 * Cost: users × items × factors at most; items too short to reach a user's list are not met.
 */
export async function recommendAls(
  model: AlsModel,
  history: SparseMatrix,
  options: RecommendOptions = {},
  work?: Work,
): Promise<Recommendations> {
  const { userFactors, itemFactors } = model
  checkHistory('als', itemFactors.rows, history)
  if (history.rows !== userFactors.rows) {
    throw new RapportError(
      'als.history',
      `history must have the model's ${userFactors.rows} users, got ${history.rows} (withUsers folds new users in)`,
    )
  }
  const isOut = excludedItems(history.columns, options)
  const threads = options.workers === undefined ? {} : { workers: options.workers }
  return withKernels(threads, work, async (kernels) => {
    const items = placeItems(kernels.arena, itemFactors, isOut)
    await nextTurn(work)
    const listsOf = (users: Int32Array, k: number): Promise<ListPart> =>
      listByFactors(kernels, items, userFactors, takeHistories(history, options.repeats ? noRows : users), users, k)
    return recommendInParts('als', history, options, listsOf, work)
  })
}

const noRows = new Int32Array(0)

/** Items of a block of the kernel, and users that it takes together. */
const itemsAbreast = 8
const usersAbreast = 4
/** Multiplications of a task: some milliseconds. */
const taskCost = 2 ** 25

/** Items in the arena as the kernel `topByFactors` reads them, the longest first. */
interface PlacedItems {
  readonly count: number
  readonly factors: Span<Float32Array>
  readonly numbers: Span<Int32Array>
  readonly lengths: Span<Float64Array>
}

function placeItems(arena: Arena, side: Matrix, isOut: Uint8Array): PlacedItems {
  const { columns, values } = side
  const lengths = Float64Array.from({ length: side.rows }, (_, item) => lengthOf(side, item))
  const numbers = Int32Array.from(lengths.keys()).filter((item) => lengths[item]! > 0 && isOut[item] === 0)
  numbers.sort((one, other) => lengths[other]! - lengths[one]! || one - other)
  const blocks = Math.ceil(numbers.length / itemsAbreast)
  const placed = {
    count: numbers.length,
    factors: arena.float32(blocks * columns * itemsAbreast),
    numbers: arena.int32(numbers.length),
    lengths: arena.float64(blocks),
  }
  placed.numbers.view.set(numbers)
  const factors = placed.factors.view
  const blockLengths = placed.lengths.view
  numbers.forEach((item, place) => {
    const lane = place % itemsAbreast
    const first = (place - lane) * columns + lane
    if (lane === 0) blockLengths[place / itemsAbreast] = lengths[item]!
    for (let factor = 0; factor < columns; factor += 1) {
      factors[first + factor * itemsAbreast] = values[item * columns + factor]!
    }
  })
  return placed
}

/** @param own `[users × items]` what each of the users has; no rows: nothing is left out */
async function listByFactors(
  { arena, run }: Kernels,
  items: PlacedItems,
  side: Matrix,
  own: SparseMatrix,
  users: Int32Array,
  k: number,
): Promise<ListPart> {
  const start = arena.mark()
  const { columns, values } = side
  const rows = Math.ceil(users.length / usersAbreast) * usersAbreast
  const factors = arena.float32(rows * columns)
  const lengths = arena.float64(rows)
  const ownStarts = arena.int32(rows + 1)
  const ownColumns = arena.int32(own.columnIndices.length)
  const outItems = arena.int32(rows * k)
  const outScores = arena.float64(rows * k)
  const sizes = arena.int32(rows)
  const [factorsView, lengthsView, startsView] = [factors.view, lengths.view, ownStarts.view]
  users.forEach((user, row) => {
    factorsView.set(values.subarray(user * columns, (user + 1) * columns), row * columns)
    lengthsView[row] = lengthOf(side, user)
  })
  startsView.fill(own.columnIndices.length)
  startsView.set(own.rowStarts)
  ownColumns.view.set(own.columnIndices)
  const head = [factors.at, lengths.at, items.factors.at, items.numbers.at, items.lengths.at, columns, items.count]
  head.push(ownStarts.at, ownColumns.at, k, outItems.at, outScores.at, sizes.at)
  const fitting = Math.floor(taskCost / Math.max(1, items.count * columns) / usersAbreast)
  const step = Math.max(1, Math.min(64, fitting)) * usersAbreast
  const tasks: number[][] = []
  for (let from = 0; from < rows; from += step) tasks.push([...head, from, Math.min(rows, from + step)])
  await run('topByFactors', tasks)
  const [listed, scores] = [outItems.view, outScores.view].map((view) => view.slice(0, users.length * k))
  const part = { items: listed as Int32Array, scores: scores as Float64Array, sizes: sizes.view.slice(0, users.length) }
  arena.release(start)
  return part
}

function lengthOf({ columns, values }: Matrix, row: number): number {
  let squares = 0
  for (let at = row * columns; at < (row + 1) * columns; at += 1) squares += values[at]! ** 2
  return Math.sqrt(squares)
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
