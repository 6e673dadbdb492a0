import { nextTurn, RapportError, type SparseMatrix, type Work } from '@rapport/numerics'
import { checkSparse } from './interactions.ts'

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
  /** Threads, 0 … 64; never changes the result. Default one per core. */
  readonly workers?: number
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

/** Lists of some users, each in `sizes[list]` places of k. */
export interface ListPart {
  readonly items: Int32Array
  readonly scores: Float64Array
  readonly sizes: Int32Array
}

/** Users whose lists are made in one go: what they need is in memory once for them, and then for the next. */
const usersAtOnce = 2048

/**
 * Lists of top items for many users, some thousand users after another.
 *
 * @param method names the method in errors
 * @param history `[users × items]`
 * @param listsOf the lists of some users, rows of the history
 * @throws RapportError `<method>.k`, `<method>.users` or `<method>.mask` when an option does not fit the history
 */
export async function recommendInParts(
  method: string,
  history: SparseMatrix,
  options: RecommendOptions,
  listsOf: (users: Int32Array, k: number) => ListPart | Promise<ListPart>,
  work?: Work,
): Promise<Recommendations> {
  const k = checkRecommend(method, history, options)
  const users = Int32Array.from(options.users ?? Array.from({ length: history.rows }, (_, row) => row))
  const items = new Int32Array(users.length * k).fill(-1)
  const scores = new Float64Array(users.length * k).fill(NaN)
  for (let from = 0; from < users.length; from += usersAtOnce) {
    await nextTurn(work)
    work?.onProgress?.({ stage: 'recommending', done: from, total: users.length })
    const part = await listsOf(users.subarray(from, from + usersAtOnce), k)
    part.sizes.forEach((size, list) => {
      items.set(part.items.subarray(list * k, list * k + size), (from + list) * k)
      scores.set(part.scores.subarray(list * k, list * k + size), (from + list) * k)
    })
  }
  work?.onProgress?.({ stage: 'recommending', done: users.length, total: users.length })
  return { users, k, items, scores }
}

/** `[items]`, 1 where no user gets the item. */
export function excludedItems(items: number, { allowed, denied }: RecommendOptions): Uint8Array {
  return Uint8Array.from({ length: items }, (_, item) =>
    (allowed && allowed[item] === 0) || (denied && denied[item] !== 0) ? 1 : 0,
  )
}

/** @returns k */
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
 * @throws RapportError `<method>.history`, `<method>.data` when it is no sparse matrix
 */
export function checkHistory(method: string, items: number, history: SparseMatrix): void {
  checkSparse(method, history)
  if (history.columns !== items) {
    throw new RapportError(`${method}.history`, `history must have the model's ${items} items, got ${history.columns}`)
  }
}
