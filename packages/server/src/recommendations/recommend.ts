import { fitItemItem, type Recommendations } from '@rapport/learn'
import { dayMs, type Instant, type Work, within } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { reasonsFor } from './because.ts'
import { findPairs, type ProductPair } from './bought-together.ts'
import {
  bestOfFamilies,
  type JudgedMethod,
  judgeOnNewProducts,
  judgeRepeats,
  k,
  testCustomers,
} from './compare-methods.ts'
import { methodsTried } from './methods.ts'
import { publishRecommendations } from './publish.ts'
import { type Assortment, readAssortment, readPurchases } from './purchases.ts'
import type { NoRecommendations, RecommendationsResult } from './result.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

const customersMin = 50
const productsMin = 10
const testCustomersMin = 30
/** Share of the history that is kept for judging, and at least so many days of it. */
const judgedShare = 0.2
const judgedDaysMin = 30

/**
 * Compares ways of recommending on a time split and publishes the best one's lists, similar products and products bought
 * together.
 *
 * Settings and the method itself are chosen on a second split inside the training part; the test part only reports.
 */
export async function recommend(
  warehouse: Warehouse,
  { asOf, seed }: { readonly asOf: Instant; readonly seed: number },
  work?: Work,
): Promise<RecommendationsResult | NoRecommendations> {
  const [span] = await warehouse.rows<{ first: number | null; last: number | null; customers: number }>(
    query('span'),
    { as_of: { instant: asOf } },
    work,
  )
  if (span?.first == null || span.last == null || span.customers < customersMin) {
    return no(`at least ${customersMin} known customers must have bought products, got ${span?.customers ?? 0}`)
  }
  const assortment = await readAssortment(warehouse, asOf, work)
  const products = assortment.ids.length
  if (products < productsMin) return no(`at least ${productsMin} products must have been sold, got ${products}`)
  const ids = await warehouse.columns(query('customers'), { as_of: { instant: asOf } }, work)
  const customerIds = ids.keys('customer_id')
  const size = { asOf, customers: customerIds.length, products }

  const days = Math.max(judgedDaysMin, ((asOf - span.first) / dayMs) * judgedShare)
  const cut = asOf - days * dayMs
  const innerCut = cut - Math.max(judgedDaysMin, days / 2) * dayMs
  if (innerCut <= span.first) {
    return no(
      `the history must cover at least ${3 * judgedDaysMin} days, got ${Math.round((asOf - span.first) / dayMs)}`,
    )
  }
  // As of the cut nothing later is read, so the choice cannot know of the test.
  const inner = await readPurchases(
    warehouse,
    { ...size, asOf: cut, cut: innerCut, ...(await sizesAsOf(warehouse, cut)) },
    work,
  )
  const chosen = bestOfFamilies(await judgeOnNewProducts(methodsTried(seed), inner, within(work, 'choosing')))
  const split = await readPurchases(warehouse, { ...size, cut }, work)
  const tested = testCustomers(split.history, split.later.new)
  if (chosen.length === 0 || tested.length < testCustomersMin) {
    return no(
      `at least ${testCustomersMin} customers must have bought something new after ${Math.round(days)} days before the end, got ${tested.length}`,
    )
  }
  const judged = await judgeOnNewProducts(
    chosen.map(({ method }) => method),
    split,
    within(work, 'judging'),
  )
  const winner = chosen.reduce((best, one) => (one.quality.ndcg > best.quality.ndcg ? one : best))
  const repeats = judgeRepeats(split, judged)

  const { history } = await readPurchases(warehouse, { ...size, cut: asOf }, work)
  const fitted = await winner.method.fit(history, within(work, 'fitting'))
  const lists = fitted.recommend(history, { k, denied: assortment.denied }, within(work, 'recommending'))
  const similarity = fitItemItem(history, { weighting: 'tf-idf', neighbours: 50 }, work).similarity
  const reasons = reasonsFor(lists, history, similarity)
  const pairs = await findPairs(warehouse, asOf, products, work)
  const modelId = await publishRecommendations(
    warehouse,
    {
      asOf,
      kind: fitted.model.kind,
      card: {
        cut,
        customers: customerIds.length,
        products,
        settings: winner.method.settings,
        newProducts: judged.map(({ quality }) => quality),
      },
      model: fitted.model,
    },
    { customerIds, assortment, lists, reasons, similarity, pairs },
    work,
  )
  return describe({
    asOf,
    cut,
    tested,
    judged,
    repeats,
    winner,
    modelId,
    assortment,
    lists,
    reasons,
    pairs,
    customerIds,
  })
}

const no = (because: string): NoRecommendations => ({ found: false, because })

async function sizesAsOf(warehouse: Warehouse, asOf: Instant): Promise<{ customers: number; products: number }> {
  const customers = await warehouse.columns(query('customers'), { as_of: { instant: asOf } })
  return { customers: customers.rows, products: (await readAssortment(warehouse, asOf)).ids.length }
}

interface Found {
  readonly asOf: Instant
  readonly cut: Instant
  readonly tested: Int32Array
  readonly judged: readonly JudgedMethod[]
  readonly repeats: RecommendationsResult['repeatPurchases']
  readonly winner: JudgedMethod
  readonly modelId: string
  readonly assortment: Assortment
  readonly lists: Recommendations
  readonly reasons: Int32Array
  readonly pairs: readonly ProductPair[]
  readonly customerIds: readonly string[]
}

function describe(found: Found): RecommendationsResult {
  const { assortment, lists, winner, pairs } = found
  const named = (product: number) => ({ productId: assortment.ids[product]!, name: assortment.names[product]! })
  const position = new Map(assortment.ids.map((id, product) => [id, product]))
  const counts = new Map<number, number>()
  let served = 0
  for (let user = 0; user < lists.users.length; user += 1) {
    if (lists.items[user * k]! >= 0) served += 1
    for (const item of lists.items.subarray(user * k, (user + 1) * k))
      if (item >= 0) counts.set(item, (counts.get(item) ?? 0) + 1)
  }
  const most = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 10)
  return {
    found: true,
    cut: found.cut,
    k,
    customersTested: found.tested.length,
    newProducts: found.judged.map(({ quality }) => quality),
    repeatPurchases: found.repeats,
    chosen: winner.method.family,
    chosenBecause: `${winner.method.settings}: the best NDCG on new products (${winner.quality.ndcg.toFixed(4)}) in an earlier stretch of time, before the one reported here`,
    modelId: found.modelId,
    products: assortment.ids.length,
    leftOut: {
      notProducts: assortment.notProducts,
      unavailable: assortment.unavailable,
      mostlyReturned: assortment.mostlyReturned,
    },
    customersServed: served,
    mostRecommended: most.map(([product, customers]) => ({ ...named(product), customers })),
    boughtTogether: pairs.slice(0, 20).map(({ first, second, together, lift }) => ({
      first: named(position.get(first)!),
      second: named(position.get(second)!),
      orders: together,
      lift,
    })),
    examples: Array.from(lists.users.slice(0, 5), (user, at) => ({
      customerId: found.customerIds[user]!,
      products: Array.from(lists.items.subarray(at * k, at * k + 5))
        .map((item, place) => ({ item, reason: found.reasons[at * k + place]! }))
        .filter(({ item }) => item >= 0)
        .map(({ item, reason }) => ({ ...named(item), because: reason >= 0 ? named(reason) : null })),
    })),
  }
}
