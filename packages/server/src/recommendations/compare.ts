import { type Recommendations, rankingQuality } from '@rapport/learn'
import type { SparseMatrix } from '@rapport/numerics'
import { dayMs, type Instant, stopIfAborted, type Work } from '../base/index.ts'
import { boughtAfter, historyUpTo, type PurchaseLog, whereIn } from './purchase-log.ts'
import {
  candidates,
  describeSettings,
  type FittedRecommender,
  fitRecommender,
  type Method,
  methodNames,
  recommendNew,
  type Settings,
  scoreOwn,
} from './recommenders.ts'
import type { NoRecommendations, RankingQuality } from './result.ts'

/** Length of the lists that are judged and stored. */
export const listLength = 10
/** Judging takes at most so many customers, evenly spaced: margins are small by then. */
const judgedMax = 10_000
const judgedMin = 50
const historyDaysMin = 90
const testDaysMin = 30
const testShare = 0.2

/** A comparison of methods on what customers bought after a cut. */
export interface Comparison {
  readonly found: true
  readonly cut: Instant
  readonly customersTested: number
  readonly newProducts: readonly RankingQuality[]
  readonly repeatPurchases: readonly RankingQuality[]
  readonly chosen: Settings
  readonly chosenBecause: string
}

/** Where the last fifth of the time up to `until` begins, or undefined when there is too little before or after. */
export function cutBefore(first: Instant, until: Instant): Instant | undefined {
  const history = until - first
  if (history < historyDaysMin * dayMs) return undefined
  return until - Math.max(testDaysMin * dayMs, history * testShare)
}

interface Split {
  readonly cut: Instant
  readonly owned: SparseMatrix
  /** What was bought after the cut: not had before, and had before. */
  readonly fresh: SparseMatrix
  readonly again: SparseMatrix
  /** Customers with a history and a new product after the cut, and those who bought something again. */
  readonly freshCustomers: Int32Array
  readonly againCustomers: Int32Array
}

/**
 * Chooses settings and method within the time before the cut, by an inner split of the same kind, and then judges the
 * best of each method on what came after the cut.
 */
export async function compareRecommenders(
  log: PurchaseLog,
  { asOf, seed }: { readonly asOf: Instant; readonly seed: number },
  work?: Work,
): Promise<Comparison | NoRecommendations> {
  const cut = cutBefore(log.first, asOf)
  if (cut === undefined) {
    const days = Math.floor((asOf - log.first) / dayMs)
    return no(`purchases must go back at least ${historyDaysMin} days, got ${days}`)
  }
  const outer = splitAt(log, cut, asOf)
  if (outer.freshCustomers.length < judgedMin) {
    return no(
      `at least ${judgedMin} customers must have bought something before the last fifth of the time and something new in it, got ${outer.freshCustomers.length}`,
    )
  }
  const innerCut = cutBefore(log.first, cut)
  const inner = innerCut === undefined ? undefined : splitAt(log, innerCut, cut)
  const tuned =
    inner !== undefined && inner.freshCustomers.length >= judgedMin
      ? await tune(log, inner, seed, work)
      : candidates
          .filter(({ days, halfLifeDays }) => days === undefined && halfLifeDays === undefined)
          .map((settings) => ({ settings, ndcg: Number.NaN }))
  const best: { readonly settings: Settings; readonly quality: RankingQuality; readonly inner: number }[] = []
  const repeats: RankingQuality[] = ownBaselines(log, outer)
  for (const { settings, ndcg } of tuned) {
    stopIfAborted(work)
    const fitted = await fitRecommender(settings, log, cut, seed, work)
    best.push({ settings, quality: judgeNew(fitted, outer), inner: ndcg })
    if (outer.againCustomers.length > 0)
      repeats.push(
        judgeAgain(methodNames[settings.method], outer, (customer) => scoreOwn(fitted, customer, outer.owned)),
      )
  }
  const isTuned = best.every((one) => !Number.isNaN(one.inner))
  const score = (one: (typeof best)[number]): number => (isTuned ? one.inner : one.quality.ndcg)
  const winner = best.reduce((left, right) => (score(right) > score(left) ? right : left))
  return {
    found: true,
    cut,
    customersTested: outer.freshCustomers.length,
    newProducts: best.map(({ quality }) => quality),
    repeatPurchases: outer.againCustomers.length > 0 ? repeats : [],
    chosen: winner.settings,
    chosenBecause: `NDCG@${listLength} on new products ${isTuned ? 'in a validation period before the cut' : 'after the cut, as the time before it is too short to validate in'}: ${best
      .map((one) => `${methodNames[one.settings.method]} ${score(one).toFixed(4)} (${describeSettings(one.settings)})`)
      .join(', ')}`,
  }
}

const no = (because: string): NoRecommendations => ({ found: false, because })

/** The best settings of each method by NDCG on new products, simpler ones first where equal. */
async function tune(
  log: PurchaseLog,
  inner: Split,
  seed: number,
  work?: Work,
): Promise<{ settings: Settings; ndcg: number }[]> {
  const best = new Map<Method, { settings: Settings; ndcg: number }>()
  for (const [done, settings] of candidates.entries()) {
    stopIfAborted(work)
    work?.onProgress?.({ stage: 'comparing recommenders', done, total: candidates.length })
    const { ndcg } = judgeNew(await fitRecommender(settings, log, inner.cut, seed, silent(work)), inner)
    if (ndcg > (best.get(settings.method)?.ndcg ?? -1)) best.set(settings.method, { settings, ndcg })
  }
  return [...best.values()]
}

export const silent = (work: Work | undefined): Work => (work?.signal ? { signal: work.signal } : {})

function splitAt(log: PurchaseLog, cut: Instant, until: Instant): Split {
  const owned = historyUpTo(log, cut)
  const after = boughtAfter(log, cut, until)
  const fresh = whereIn(after, owned, false)
  const again = whereIn(after, owned, true)
  const with_ = (data: SparseMatrix): Int32Array => {
    const rows = Array.from({ length: data.rows }, (_, row) => row).filter(
      (row) => owned.rowStarts[row + 1]! > owned.rowStarts[row]! && data.rowStarts[row + 1]! > data.rowStarts[row]!,
    )
    const step = Math.ceil(rows.length / judgedMax)
    return Int32Array.from(rows.filter((_, at) => at % step === 0))
  }
  return { cut, owned, fresh, again, freshCustomers: with_(fresh), againCustomers: with_(again) }
}

function judgeNew(fitted: FittedRecommender, { owned, fresh, freshCustomers }: Split): RankingQuality {
  const lists = recommendNew(fitted, owned, { k: listLength, users: freshCustomers })
  return qualityOf(methodNames[fitted.settings.method], lists, fresh)
}

function qualityOf(name: string, lists: Recommendations, heldOut: SparseMatrix): RankingQuality {
  const quality = rankingQuality(lists, heldOut)
  if (!quality.judged) throw new TypeError('customers with held-out products must be judged')
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

/** Lists of a customer's own earlier products, which is all that can be bought again. */
function judgeAgain(
  name: string,
  { owned, again, againCustomers }: Split,
  scoresOf: (customer: number, from: number, to: number) => Float64Array,
): RankingQuality {
  const items = new Int32Array(againCustomers.length * listLength).fill(-1)
  const scores = new Float64Array(items.length).fill(Number.NaN)
  againCustomers.forEach((customer, list) => {
    const from = owned.rowStarts[customer]!
    const to = owned.rowStarts[customer + 1]!
    const ownScores = scoresOf(customer, from, to)
    const own = Array.from(owned.columnIndices.subarray(from, to), (product, at) => ({
      product,
      score: ownScores[at]!,
    }))
    own.sort((left, right) => right.score - left.score || left.product - right.product)
    own.slice(0, listLength).forEach((one, place) => {
      items[list * listLength + place] = one.product
      scores[list * listLength + place] = one.score
    })
  })
  return qualityOf(name, { users: againCustomers, k: listLength, items, scores }, again)
}

/** What a shop would show without a model: what the customer bought most often, and what they bought last. */
function ownBaselines(log: PurchaseLog, split: Split): RankingQuality[] {
  if (split.againCustomers.length === 0) return []
  const latest = new Float64Array(split.owned.columnIndices.length)
  let place = 0
  // Log and matrix are both in the order of customers, then products.
  log.at.forEach((at, row) => {
    if (at > split.cut) return
    while (
      split.owned.columnIndices[place] !== log.product[row] ||
      place >= split.owned.rowStarts[log.customer[row]! + 1]! ||
      place < split.owned.rowStarts[log.customer[row]!]!
    ) {
      place += 1
    }
    latest[place] = Math.max(latest[place]!, at)
  })
  const frequency = Float64Array.from(split.owned.values, (count, place) => count + latest[place]! / (split.cut + 1))
  return [
    judgeAgain('own frequency', split, (_customer, from, to) => frequency.subarray(from, to)),
    judgeAgain('own recency', split, (_customer, from, to) => latest.subarray(from, to)),
  ]
}
