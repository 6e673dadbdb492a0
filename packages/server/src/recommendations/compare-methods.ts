import { type Recommendations, rankingQuality } from '@rapport/learn'
import type { SparseMatrix } from '@rapport/numerics'
import { stopIfAborted, type Work } from '../base/index.ts'
import type { FittedMethod, Method } from './methods.ts'
import type { SplitPurchases } from './purchases.ts'
import type { RankingQuality } from './result.ts'

/** Length of the lists that are judged and stored. */
export const k = 10

/** Customers judged at most, evenly spaced: enough for a margin of a point. */
const customersMax = 5000

/** Customers with a history and something in `later`, at most `customersMax` of them. */
export function testCustomers(history: SparseMatrix, later: SparseMatrix): Int32Array {
  const has = ({ rowStarts }: SparseMatrix, row: number): boolean => rowStarts[row + 1]! > rowStarts[row]!
  const all: number[] = []
  for (let row = 0; row < history.rows; row += 1) if (has(history, row) && has(later, row)) all.push(row)
  const step = Math.ceil(all.length / customersMax)
  return Int32Array.from(all.filter((_, at) => at % step === 0))
}

/** Judges lists by what was bought later; undefined when nobody bought anything that counts. */
export function judge(name: string, lists: Recommendations, later: SparseMatrix): RankingQuality | undefined {
  const quality = rankingQuality(lists, later)
  if (!quality.judged) return undefined
  return {
    name,
    recall: quality.recall.mean,
    ndcg: quality.ndcg.mean,
    map: quality.map.mean,
    hitRate: quality.hitRate.mean,
    ndcgMargin: (quality.ndcg.high - quality.ndcg.low) / 2,
    coverage: quality.coverage,
  }
}

export interface JudgedMethod {
  readonly method: Method
  readonly fitted: FittedMethod
  readonly quality: RankingQuality
}

/** Fits each method to the history and judges it on products that customers bought for the first time afterwards. */
export async function judgeOnNewProducts(
  methods: readonly Method[],
  { history, later }: SplitPurchases,
  work?: Work,
): Promise<JudgedMethod[]> {
  const users = testCustomers(history, later.new)
  const judged: JudgedMethod[] = []
  for (const [index, method] of methods.entries()) {
    stopIfAborted(work)
    work?.onProgress?.({ stage: `${method.family}, ${method.settings}`, done: index, total: methods.length })
    const fitted = await method.fit(history, work?.signal ? { signal: work.signal } : undefined)
    const quality = judge(method.family, fitted.recommend(history, { users, k }), later.new)
    if (quality) judged.push({ method, fitted, quality })
  }
  return judged
}

/** The best settings of each family by NDCG; the first tried wins a tie. */
export function bestOfFamilies(judged: readonly JudgedMethod[]): JudgedMethod[] {
  const families = [...new Set(judged.map(({ method }) => method.family))]
  return families.map((family) =>
    judged
      .filter(({ method }) => method.family === family)
      .reduce((best, one) => (one.quality.ndcg > best.quality.ndcg ? one : best)),
  )
}

/** Repeat purchases are another task: which of the products that a customer already had will be bought again. */
export function judgeRepeats(split: SplitPurchases, judged: readonly JudgedMethod[]): RankingQuality[] {
  const users = testCustomers(split.history, split.later.repeated)
  const rankings: [string, (entry: number) => number][] = [
    ['most often bought', (entry) => split.orders[entry]! - split.daysAgo[entry]! / 1e6],
    ['latest bought', (entry) => -split.daysAgo[entry]!],
  ]
  const byOwn = rankings.map(([name, score]) =>
    judge(name, ownLists(split.history, users, score), split.later.repeated),
  )
  const byMethods = judged
    .filter(({ method }) => method.family !== 'popularity')
    .map(({ method, fitted }) => judge(method.family, ownScores(fitted, split.history, users), split.later.repeated))
  return [...byOwn, ...byMethods].filter((quality) => quality !== undefined)
}

/** Each customer's own products by a score of the entry, best first, ties by product. */
function ownLists(history: SparseMatrix, users: Int32Array, score: (entry: number) => number): Recommendations {
  const items = new Int32Array(users.length * k).fill(-1)
  const scores = new Float64Array(users.length * k).fill(Number.NaN)
  users.forEach((user, at) => {
    const entries: number[] = []
    for (let entry = history.rowStarts[user]!; entry < history.rowStarts[user + 1]!; entry += 1) entries.push(entry)
    entries.sort((a, b) => score(b) - score(a) || a - b)
    entries.slice(0, k).forEach((entry, place) => {
      items[at * k + place] = history.columnIndices[entry]!
      scores[at * k + place] = score(entry)
    })
  })
  return { users, k, items, scores }
}

/** A method's own order of what the customer already had: all products are ranked, those that they had are kept. */
function ownScores(fitted: FittedMethod, history: SparseMatrix, users: Int32Array): Recommendations {
  const deep = fitted.recommend(history, { users, k: Math.min(history.columns, 500), repeats: true })
  const items = new Int32Array(users.length * k).fill(-1)
  const scores = new Float64Array(users.length * k).fill(Number.NaN)
  users.forEach((user, at) => {
    const own = new Set(history.columnIndices.subarray(history.rowStarts[user], history.rowStarts[user + 1]))
    let place = 0
    for (let rank = 0; rank < deep.k && place < k; rank += 1) {
      const item = deep.items[at * deep.k + rank]!
      if (!own.has(item)) continue
      items[at * k + place] = item
      scores[at * k + place] = deep.scores[at * deep.k + rank]!
      place += 1
    }
  })
  return { users, k, items, scores }
}
