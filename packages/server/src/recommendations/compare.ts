import { type AlsModel, type Recommendations, rankingQuality } from '@rapport/learn'
import { nextTurn, type SparseMatrix } from '@rapport/numerics'
import { dayMs, type Instant, inTurns, sideBySide, stopIfAborted, type Work } from '../base/index.ts'
import { boughtAfter, historiesUpTo, type PurchaseLog, whereIn } from './purchase-log.ts'
import {
  candidates,
  describeSettings,
  type FittedRecommender,
  fitRecommender,
  type Method,
  methodNames,
  ownScores,
  recommendNew,
  type Settings,
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
  /** The chosen method as fitted to what was bought up to the cut: what a fit to everything can start from. */
  readonly fitted: FittedRecommender
}

/** Where the last fifth of the time up to `until` begins, or undefined when there is too little before or after. */
export function cutBefore(first: Instant, until: Instant): Instant | undefined {
  const history = until - first
  if (history < historyDaysMin * dayMs) return undefined
  return until - Math.max(testDaysMin * dayMs, history * testShare)
}

interface Split {
  readonly cut: Instant
  /** What was bought up to the cut, as settings weigh it. */
  readonly history: ReturnType<typeof historiesUpTo>
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
  const outer = await splitAt(log, cut, asOf, work)
  if (outer.freshCustomers.length < judgedMin) {
    return no(
      `at least ${judgedMin} customers must have bought something before the last fifth of the time and something new in it, got ${outer.freshCustomers.length}`,
    )
  }
  const innerCut = cutBefore(log.first, cut)
  const inner = innerCut === undefined ? undefined : await splitAt(log, innerCut, cut, work)
  const validation = inner !== undefined && inner.freshCustomers.length >= judgedMin ? inner : undefined
  let tried = 0
  const onTried = (): void => {
    work?.onProgress?.({ stage: 'comparing recommenders', done: tried, total: candidates.length })
    tried += 1
  }
  // The methods go on by themselves: what one counts here, another computes in threads meanwhile.
  const competitors = Object.keys(methodNames) as Method[]
  const [own, ...best] = await sideBySide([
    ownBaselines(log, outer, work),
    ...competitors.map((method) => compete(method, validation, outer, { seed, onTried }, work)),
  ])
  const repeats = [...own, ...best.flatMap(({ repeats }) => (repeats ? [repeats] : []))]
  const isTuned = best.every((one) => !Number.isNaN(one.inner))
  const score = (one: (typeof best)[number]): number => (isTuned ? one.inner : one.quality.ndcg)
  const winner = best.reduce((left, right) => (score(right) > score(left) ? right : left))
  return {
    found: true,
    cut,
    customersTested: outer.freshCustomers.length,
    newProducts: best.map(({ quality }) => quality),
    repeatPurchases: outer.againCustomers.length > 0 ? repeats : [],
    chosen: winner.fitted.settings,
    fitted: winner.fitted,
    chosenBecause: `NDCG@${listLength} on new products ${isTuned ? 'in a validation period before the cut' : 'after the cut, as the time before it is too short to validate in'}: ${best
      .map(
        (one) =>
          `${methodNames[one.fitted.settings.method]} ${score(one).toFixed(4)} (${describeSettings(one.fitted.settings)})`,
      )
      .join(', ')}`,
  }
}

const no = (because: string): NoRecommendations => ({ found: false, because })

/** The best settings of a method, as judged on what came after the cut. */
interface Competitor {
  readonly fitted: FittedRecommender
  /** NDCG on new products within the time before the cut; NaN where that is too short to validate in. */
  readonly inner: number
  readonly quality: RankingQuality
  /** Undefined where nobody bought anything again. */
  readonly repeats: RankingQuality | undefined
}

interface Trying {
  readonly seed: number
  /** Called before each settings are tried. */
  readonly onTried: () => void
}

/** Chooses a method's settings before the cut, and judges them after it. */
async function compete(
  method: Method,
  validation: Split | undefined,
  outer: Split,
  trying: Trying,
  work?: Work,
): Promise<Competitor> {
  const own = candidates.filter((settings) => settings.method === method)
  const {
    settings,
    ndcg,
    fitted: before,
  }: Tuned = validation
    ? await tune(own, validation, trying, work)
    : { settings: own[0]!, ndcg: Number.NaN, fitted: undefined }
  stopIfAborted(work)
  const start = alsOf(before)
  const fitted = await fitRecommender(settings, outer.history(settings), { seed: trying.seed, start }, silent(work))
  const quality = await judgeNew(fitted, outer, work)
  const repeats =
    outer.againCustomers.length > 0
      ? await judgeAgain(methodNames[method], outer, ownScores(fitted, outer.owned), work)
      : undefined
  return { fitted, inner: ndcg, quality, repeats }
}

/** Settings with their NDCG on new products, and the model that had it. */
interface Tuned {
  readonly settings: Settings
  readonly ndcg: number
  readonly fitted: FittedRecommender | undefined
}

/**
 * The best of a method's settings by NDCG on new products, simpler ones first where equal.
 *
 * ALS with other settings goes on from where the one before ended: all are fitted until they gain no more, so the first
 * has no more rounds than it needs either.
 */
async function tune(own: readonly Settings[], inner: Split, { seed, onTried }: Trying, work?: Work): Promise<Tuned> {
  let best: Tuned | undefined
  let start: AlsModel | undefined
  for (const settings of own) {
    stopIfAborted(work)
    onTried()
    const fitted = await fitRecommender(settings, inner.history(settings), { seed, start }, silent(work))
    start = alsOf(fitted) ?? start
    const { ndcg } = await judgeNew(fitted, inner, work)
    if (best === undefined || ndcg > best.ndcg) best = { settings, ndcg, fitted }
  }
  return best!
}

/** The model of a fitted ALS; none of another method. */
export const alsOf = (fitted: FittedRecommender | undefined): AlsModel | undefined =>
  fitted?.model.kind === 'als' ? fitted.model : undefined

export const silent = (work: Work | undefined): Work => (work?.signal ? { signal: work.signal } : {})

async function splitAt(log: PurchaseLog, cut: Instant, until: Instant, work?: Work): Promise<Split> {
  const history = historiesUpTo(log, cut)
  const owned = history()
  await nextTurn(work)
  const after = boughtAfter(log, cut, until)
  await nextTurn(work)
  const fresh = whereIn(after, owned, false)
  await nextTurn(work)
  const again = whereIn(after, owned, true)
  const with_ = (data: SparseMatrix): Int32Array => {
    const rows = Array.from({ length: data.rows }, (_, row) => row).filter(
      (row) => owned.rowStarts[row + 1]! > owned.rowStarts[row]! && data.rowStarts[row + 1]! > data.rowStarts[row]!,
    )
    const step = Math.ceil(rows.length / judgedMax)
    return Int32Array.from(rows.filter((_, at) => at % step === 0))
  }
  return { cut, history, owned, fresh, again, freshCustomers: with_(fresh), againCustomers: with_(again) }
}

async function judgeNew(
  fitted: FittedRecommender,
  { owned, fresh, freshCustomers }: Split,
  work?: Work,
): Promise<RankingQuality> {
  const lists = await recommendNew(fitted, owned, { k: listLength, users: freshCustomers }, silent(work))
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
async function judgeAgain(
  name: string,
  split: Split,
  scoresOf: (customer: number) => Float64Array,
  work?: Work,
): Promise<RankingQuality> {
  const { owned, again, againCustomers } = split
  const items = new Int32Array(againCustomers.length * listLength).fill(-1)
  const scores = new Float64Array(items.length).fill(Number.NaN)
  function* lists(): Generator<void, void> {
    for (const [list, customer] of againCustomers.entries()) {
      if (list % customersPerStep === 0) {
        yield
        stopIfAborted(work)
      }
      const from = owned.rowStarts[customer]!
      const own = owned.columnIndices.subarray(from, owned.rowStarts[customer + 1]!)
      takeBest(own, scoresOf(customer), list * listLength, items, scores)
    }
  }
  await inTurns(lists())
  return qualityOf(name, { users: againCustomers, k: listLength, items, scores }, again)
}

const customersPerStep = 256

/** The products with the highest scores, best first and lower numbers first where equal, from place `first` on. */
function takeBest(
  products: Int32Array,
  given: Float64Array,
  first: number,
  items: Int32Array,
  scores: Float64Array,
): void {
  const end = first + listLength
  let next = first
  for (let at = 0; at < products.length; at += 1) {
    const score = given[at]!
    if (next === end && !(score > scores[end - 1]!)) continue
    let place = next < end ? next : end - 1
    for (; place > first && score > scores[place - 1]!; place -= 1) {
      items[place] = items[place - 1]!
      scores[place] = scores[place - 1]!
    }
    items[place] = products[at]!
    scores[place] = score
    if (next < end) next += 1
  }
}

/** What a shop would show without a model: what the customer bought most often, and what they bought last. */
async function ownBaselines(log: PurchaseLog, split: Split, work?: Work): Promise<RankingQuality[]> {
  if (split.againCustomers.length === 0) return []
  const { owned, cut } = split
  await nextTurn(work)
  const latest = new Float64Array(owned.columnIndices.length)
  let place = -1
  let [lastCustomer, lastProduct] = [-1, -1]
  // Log and matrix are both in the order of customers, then products.
  for (let row = 0; row < log.at.length; row += 1) {
    const at = log.at[row]!
    if (at > cut) continue
    if (log.customer[row] !== lastCustomer || log.product[row] !== lastProduct) place += 1
    lastCustomer = log.customer[row]!
    lastProduct = log.product[row]!
    latest[place] = Math.max(latest[place]!, at)
  }
  const frequency = Float64Array.from(owned.values, (count, at) => count + latest[at]! / (cut + 1))
  const ofCustomer =
    (values: Float64Array) =>
    (customer: number): Float64Array =>
      values.subarray(owned.rowStarts[customer]!, owned.rowStarts[customer + 1]!)
  return [
    await judgeAgain('own frequency', split, ofCustomer(frequency), work),
    await judgeAgain('own recency', split, ofCustomer(latest), work),
  ]
}
