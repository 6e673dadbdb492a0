import { checkMatrix, RapportError, type SparseMatrix } from '@rapport/numerics'
import type { Recommendations } from '../recommenders/recommend.ts'
import { type Estimate, type EstimateOptions, estimateMean } from './ranking-interval.ts'

export interface RankingOptions extends EstimateOptions {
  /** Length of the list that is judged, ≥ 1. Default the recommendations' own k. */
  readonly k?: number
}

/** The value of each judged user, `[users]` in the order of `user`. */
export interface UserRanking {
  /** Row of the held-out matrix. */
  readonly user: Int32Array
  readonly precision: Float64Array
  readonly recall: Float64Array
  readonly ndcg: Float64Array
  readonly map: Float64Array
  readonly mapAtK: Float64Array
  readonly hitRate: Float64Array
}

/** How well lists of recommendations find what users took afterwards. Each mean is over the judged users. */
export interface RankingQuality {
  readonly judged: true
  readonly k: number
  /** Users with held-out items. */
  readonly users: number
  /** Users left out because nothing was held out for them: no list could be right. */
  readonly usersLeftOut: number
  /** Share of the k places that hold a held-out item; a list shorter than k has empty places. */
  readonly precision: Estimate
  /** Share of the held-out items that are in the list. */
  readonly recall: Estimate
  /** Discounted gain, each hit 1 / log2(1 + rank), over that of the best possible list. */
  readonly ndcg: Estimate
  /** Precision at the rank of each hit, summed and divided by the number of held-out items. */
  readonly map: Estimate
  /** The same divided by min(k, held-out items): 1 for a list that could not be better. */
  readonly mapAtK: Estimate
  /** Share of users with a held-out item in the list. */
  readonly hitRate: Estimate
  /** Share of all items that is recommended to anybody, users left out included. */
  readonly coverage: number
  readonly byUser: UserRanking
}

/** Nobody could be judged. */
export interface NoRanking {
  readonly judged: false
  readonly because: 'no-held-out-items'
  readonly usersLeftOut: number
}

/**
 * Judges recommendations by held-out interactions.
 *
 * The definitions are those of the package `recommenders` (python_evaluation.py: `precision_at_k`, `recall_at_k`,
 * `ndcg_at_k` with binary relevance, `map`, `map_at_k`); its published tables of before 2024 show `map`.
 *
 * @param recommended lists, best first, of rows of `heldOut`
 * @param heldOut `[users × items]`; every stored value > 0 is a relevant item
 * @throws RapportError `ranking.k` when k is not 1 … the lists' length, `ranking.users` when a user is no row of `heldOut`,
 * `ranking.data` when it is no matrix
 *
 * @example
 * // held out: items 1 and 2; the list has item 1 in second place
 * const quality = rankingQuality(
 *   { users: Int32Array.of(0), k: 2, items: Int32Array.of(0, 1), scores: Float64Array.of(2, 1) },
 *   sparseFromTriplets(1, 3, [0, 0], [1, 2]),
 * )
 * quality.judged && quality.map.mean // 0.25
 */
export function rankingQuality(
  recommended: Recommendations,
  heldOut: SparseMatrix,
  options: RankingOptions = {},
): RankingQuality | NoRanking {
  const k = checkRanking(recommended, heldOut, options.k ?? recommended.k)
  const isRelevant = new Uint8Array(heldOut.columns)
  const isRecommended = new Uint8Array(heldOut.columns)
  const rows: { user: number; values: ListQuality }[] = []
  recommended.users.forEach((user, at) => {
    const list = recommended.items.subarray(at * recommended.k, at * recommended.k + k)
    for (let place = 0; place < k; place += 1) if (list[place]! >= 0) isRecommended[list[place]!] = 1
    const relevant = relevantItems(heldOut, user)
    if (relevant.length === 0) return
    for (let place = 0; place < relevant.length; place += 1) isRelevant[relevant[place]!] = 1
    rows.push({ user, values: listQuality(list, isRelevant, relevant.length, k) })
    for (let place = 0; place < relevant.length; place += 1) isRelevant[relevant[place]!] = 0
  })
  const usersLeftOut = recommended.users.length - rows.length
  if (rows.length === 0) return { judged: false, because: 'no-held-out-items', usersLeftOut }
  const take = (name: keyof ListQuality): Float64Array => Float64Array.from(rows, ({ values }) => values[name])
  const byUser: UserRanking = {
    user: Int32Array.from(rows, ({ user }) => user),
    precision: take('precision'),
    recall: take('recall'),
    ndcg: take('ndcg'),
    map: take('map'),
    mapAtK: take('mapAtK'),
    hitRate: take('hitRate'),
  }
  return {
    judged: true,
    k,
    users: rows.length,
    usersLeftOut,
    precision: estimateMean(byUser.precision, options),
    recall: estimateMean(byUser.recall, options),
    ndcg: estimateMean(byUser.ndcg, options),
    map: estimateMean(byUser.map, options),
    mapAtK: estimateMean(byUser.mapAtK, options),
    hitRate: estimateMean(byUser.hitRate, options),
    coverage: isRecommended.reduce((sum, is) => sum + is, 0) / heldOut.columns,
    byUser,
  }
}

type ListQuality = Record<Exclude<keyof UserRanking, 'user'>, number>

function listQuality(list: Int32Array, isRelevant: Uint8Array, relevant: number, k: number): ListQuality {
  let hits = 0
  let gain = 0
  let gainMax = 0
  let precisions = 0
  for (let rank = 1; rank <= k; rank += 1) {
    const discount = 1 / Math.log2(1 + rank)
    if (rank <= relevant) gainMax += discount
    const item = list[rank - 1]!
    if (item < 0 || isRelevant[item] === 0) continue
    hits += 1
    gain += discount
    precisions += hits / rank
  }
  return {
    precision: hits / k,
    recall: hits / relevant,
    ndcg: gain / gainMax,
    map: precisions / relevant,
    mapAtK: precisions / Math.min(k, relevant),
    hitRate: hits > 0 ? 1 : 0,
  }
}

function relevantItems({ rowStarts, columnIndices, values }: SparseMatrix, user: number): number[] {
  const items: number[] = []
  for (let at = rowStarts[user]!; at < rowStarts[user + 1]!; at += 1)
    if (values[at]! > 0) items.push(columnIndices[at]!)
  return items
}

function checkRanking(recommended: Recommendations, heldOut: SparseMatrix, k: number): number {
  checkMatrix('ranking', heldOut)
  if (!(Number.isInteger(k) && k >= 1 && k <= recommended.k)) {
    throw new RapportError('ranking.k', `k must be 1 … ${recommended.k}, the length of the lists, got ${k}`)
  }
  const stranger = recommended.users.find((user) => !(user >= 0 && user < heldOut.rows))
  if (stranger !== undefined) {
    throw new RapportError(
      'ranking.users',
      `users must be rows of the held-out items, 0 … ${heldOut.rows - 1}, got ${stranger}`,
    )
  }
  return k
}
