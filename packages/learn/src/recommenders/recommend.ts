import { RapportError, type SparseMatrix, stopIfAborted, type Work } from '@rapport/numerics'
import { emptyTopLists, offerItem, sortTopList, type TopLists } from './top-lists.ts'

/** What to recommend and what never to. */
export interface RecommendOptions {
  /** Items per user, ≥ 1. Default 10. */
  readonly k?: number
  /** Rows of the history to recommend for, in this order. Default all of them. */
  readonly users?: ArrayLike<number>
  /** Whether items of a user's own history may come back, as for things that are bought again. Default false. */
  readonly repeats?: boolean
  /** `[items]`, 1 where an item may be recommended, as what is in stock. Default all. */
  readonly allowed?: Uint8Array
  /** `[items]`, 1 where an item must never be recommended, as what was recalled; wins over `allowed`. Default none. */
  readonly denied?: Uint8Array
}

/** The best items of each user, best first, equal scores by item index. Plain data. */
export interface Recommendations {
  /** `[users]`, row of the history that list n is for. */
  readonly users: Int32Array
  readonly k: number
  /** `[users × k]`, item indices; −1 where a user has fewer than k items that anything speaks for. */
  readonly items: Int32Array
  /** `[users × k]`, the method's own scores; NaN beside −1. */
  readonly scores: Float64Array
}

/** Offers a user's candidates: `offer` leaves out by itself what is excluded. */
export type ScoreUser = (user: number, offer: (item: number, score: number) => void) => void

/** Users between two looks at the abort signal. */
const usersPerStep = 256

/**
 * Lists of top items for many users by any method that can score one.
 *
 * @param method names the method in errors
 * @param history `[users × items]`, whose items are left out unless `options.repeats`
 * @throws RapportError `<method>.k`, `<method>.users` or `<method>.mask` when an option does not fit the history
 */
export function recommendForUsers(
  method: string,
  history: SparseMatrix,
  options: RecommendOptions,
  score: ScoreUser,
  work?: Work,
): Recommendations {
  const k = checkRecommend(method, history, options)
  const users = Int32Array.from(options.users ?? Array.from({ length: history.rows }, (_, row) => row))
  const items = new Int32Array(users.length * k).fill(-1)
  const scores = new Float64Array(users.length * k).fill(NaN)
  const isOut = excludedItems(history.columns, options)
  const top = emptyTopLists(1, k)
  const offer = (item: number, itemScore: number): void => {
    if (isOut[item] === 0) offerItem(top, 0, item, itemScore)
  }
  for (let at = 0; at < users.length; at += 1) {
    if (at % usersPerStep === 0) {
      stopIfAborted(work)
      work?.onProgress?.({ stage: 'recommending', done: at, total: users.length })
    }
    const user = users[at]!
    const marks = options.repeats ? [] : markHistory(history, user, isOut)
    score(user, offer)
    for (const item of marks) isOut[item] = 0
    takeTopList(top, at, items, scores)
  }
  work?.onProgress?.({ stage: 'recommending', done: users.length, total: users.length })
  return { users, k, items, scores }
}

/** Items of the user's history that were not yet out, now out. */
function markHistory(history: SparseMatrix, user: number, isOut: Uint8Array): number[] {
  const marks: number[] = []
  for (let at = history.rowStarts[user]!; at < history.rowStarts[user + 1]!; at += 1) {
    const item = history.columnIndices[at]!
    if (isOut[item] === 1 || history.values[at] === 0) continue
    isOut[item] = 1
    marks.push(item)
  }
  return marks
}

function takeTopList(top: TopLists, at: number, items: Int32Array, scores: Float64Array): void {
  sortTopList(top, 0)
  const size = top.sizes[0]!
  items.set(top.items.subarray(0, size), at * top.k)
  scores.set(top.scores.subarray(0, size), at * top.k)
  top.sizes[0] = 0
}

/** `[items]`, 1 where no user gets the item. */
function excludedItems(items: number, { allowed, denied }: RecommendOptions): Uint8Array {
  return Uint8Array.from({ length: items }, (_, item) =>
    (allowed && allowed[item] === 0) || (denied && denied[item] !== 0) ? 1 : 0,
  )
}

function checkRecommend(method: string, history: SparseMatrix, options: RecommendOptions): number {
  const { k = 10, users = [], allowed, denied } = options
  if (!Number.isInteger(k) || k < 1) {
    throw new RapportError(`${method}.k`, `k must be a whole number of at least 1, got ${k}`)
  }
  for (let at = 0; at < users.length; at += 1) {
    if (!(Number.isInteger(users[at]) && users[at]! >= 0 && users[at]! < history.rows)) {
      throw new RapportError(
        `${method}.users`,
        `users must be rows of the history, 0 … ${history.rows - 1}, got ${users[at]}`,
      )
    }
  }
  for (const mask of [allowed, denied]) {
    if (mask && mask.length !== history.columns) {
      throw new RapportError(
        `${method}.mask`,
        `allowed and denied must hold ${history.columns} items, got ${mask.length}`,
      )
    }
  }
  return k
}

/**
 * Refuses a history over other items than the model's.
 *
 * @throws RapportError `<method>.history`
 */
export function checkHistory(method: string, items: number, history: SparseMatrix): void {
  if (history.columns !== items) {
    throw new RapportError(`${method}.history`, `history must have the model's ${items} items, got ${history.columns}`)
  }
}
