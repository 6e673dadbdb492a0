import { fitPopularity, recommendPopular } from '@rapport/learn'
import { type SparseMatrix, sparseFromTriplets } from '@rapport/numerics'
import { type Instant, inTurns, isoOf, sideBySide, stopIfAborted, type Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { findPairs, type ProductPair } from './bought-together.ts'
import { alsOf, type Comparison, compareRecommenders, listLength, silent } from './compare.ts'
import { type Exclusions, excludedProducts, unsoldDaysMax } from './exclusions.ts'
import { addLists, type ListEntries, noEntries, relatedProducts, usersWithRoom } from './lists.ts'
import { clearRecommendations, publishRecommendations } from './publish.ts'
import { historiesUpTo, type PurchaseLog, readPurchaseLog } from './purchase-log.ts'
import { fitRecommender, fitSimilarity, methodNames, recommendNew } from './recommenders.ts'
import type { NamedProduct, NoRecommendations, RecommendationsResult } from './result.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

const productsMin = 10
const shown = 20
const examplesShown = 5

/**
 * What to show each customer next, what is similar to each product and what is bought together: compares three methods
 * on a later period, refits the best on everything, and publishes its lists.
 *
 * Customers without purchases get what is popular, by a model of its own. Non-products, products that are gone and those
 * that mostly come back are never recommended.
 *
 * @throws RapportError `work.aborted`; lists of an earlier run then stand
 */
export async function recommend(
  warehouse: Warehouse,
  { asOf, seed }: { readonly asOf: Instant; readonly seed: number },
  work?: Work,
): Promise<RecommendationsResult | NoRecommendations> {
  const log = await readPurchaseLog(warehouse, asOf, work)
  if (log === undefined) return withoutLists(warehouse, 'no customer who may be profiled has bought a product')
  const products = log.products.ids.length
  if (products < productsMin) {
    const because = `customers must have bought at least ${productsMin} different products, got ${products}`
    return withoutLists(warehouse, because)
  }
  // The store counts one while the kernels compute the other.
  const [comparison, pairs] = await sideBySide([
    compareRecommenders(log, { asOf, seed }, work),
    findPairs(warehouse, asOf, silent(work)),
  ])
  if (!comparison.found) return withoutLists(warehouse, comparison.because)
  const exclusions = excludedProducts(log.products, asOf)
  const moment = { as_of: { instant: asOf } }
  const [nonProducts] = await warehouse.rows<{ n: number }>(query('non_products_sold'), moment)
  const newcomers = (await warehouse.columns(query('customers_without_purchases'), moment, work)).keys('customer_id')
  const made = await makeLists(log, comparison, exclusions, newcomers.length, { asOf, seed }, work)
  const related = relatedProducts(made.similarity, pairs, log.products.ids, exclusions.denied, listLength)
  const description = describe(log, comparison, exclusions, nonProducts!.n, made.lists, pairs)
  stopIfAborted(work)
  const card = cardOf(comparison, description, asOf)
  const modelId = await publishRecommendations(
    warehouse,
    { method: comparison.chosen.method, asOf, card, model: made.model },
    {
      method: 'popularity',
      asOf,
      card: { ...card, use: 'customers of whom the chosen model knows too little' },
      model: made.popularity,
    },
    {
      customerIds: [...log.customerIds, ...newcomers],
      productIds: log.products.ids,
      lists: made.lists,
      related,
    },
    work,
  )
  return { ...description, modelId }
}

/** Takes back the lists of an earlier run, and says why there are none now. */
async function withoutLists(warehouse: Warehouse, because: string): Promise<NoRecommendations> {
  await clearRecommendations(warehouse)
  return { found: false, because }
}

/** Fits the chosen method to everything and makes every list. */
async function makeLists(
  log: PurchaseLog,
  comparison: Comparison,
  { denied }: Exclusions,
  newcomers: number,
  { asOf, seed }: { readonly asOf: Instant; readonly seed: number },
  work?: Work,
) {
  const { chosen } = comparison
  const history = historiesUpTo(log, asOf)
  const owned = history()
  const [fitted, other] = await sideBySide([
    fitRecommender(chosen, history(chosen), { seed, start: alsOf(comparison.fitted) }, silent(work)),
    chosen.method === 'item-item' ? undefined : fitSimilarity(owned, silent(work)),
  ])
  const similarity = other ?? fitted.model
  if (similarity.kind !== 'item-item') throw new TypeError('the similarity model must be one of items')
  const popularity = chosen.method === 'popularity' ? fitted.model : fitPopularity(owned)
  if (popularity.kind !== 'popularity') throw new TypeError('the popularity model must be one')
  const options = { k: listLength, denied }
  const entries = noEntries()
  const lists = await recommendNew(fitted, owned, options, work)
  const popular = await recommendPopular(popularity, owned, { ...options, users: usersWithRoom(lists) }, silent(work))
  await inTurns(steps(addLists(entries, lists, popular, owned, similarity), work))
  if (newcomers > 0) {
    const nothing = emptyHistory(newcomers, owned)
    const fallback = await recommendPopular(popularity, nothing, options, silent(work))
    const none = { ...fallback, items: fallback.items.map(() => -1) }
    await inTurns(steps(addLists(entries, none, fallback, nothing, similarity, owned.rows), work))
  }
  return { lists: entries, similarity, popularity, model: fitted.model }
}

/** The same steps, each after a look whether to go on. */
function* steps(parts: Generator<void, void>, work?: Work): Generator<void, void> {
  for (const _ of parts) {
    yield
    stopIfAborted(work)
  }
}

const emptyHistory = (customers: number, { columns }: SparseMatrix): SparseMatrix =>
  sparseFromTriplets(customers, columns, [], [])

function describe(
  log: PurchaseLog,
  comparison: Comparison,
  { unavailable, mostlyReturned, denied }: Exclusions,
  notProducts: number,
  lists: ListEntries,
  pairs: readonly ProductPair[],
): Omit<RecommendationsResult, 'modelId'> {
  const { ids, names } = log.products
  const named = (product: number): NamedProduct => ({ productId: ids[product]!, name: names[product]! })
  const numbers = new Map(ids.map((id, number) => [id, number]))
  const counts = new Int32Array(ids.length)
  for (const product of lists.product) counts[product]! += 1
  const most = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b)
  const byModel = new Set(lists.customer.filter((_, entry) => lists.model[entry] === 0))
  const all = new Set(lists.customer)
  return {
    found: true,
    cut: comparison.cut,
    k: listLength,
    customersTested: comparison.customersTested,
    newProducts: comparison.newProducts,
    repeatPurchases: comparison.repeatPurchases,
    chosen: methodNames[comparison.chosen.method],
    chosenBecause: comparison.chosenBecause,
    products: ids.length,
    leftOut: { notProducts, unavailable, mostlyReturned },
    customersServed: all.size,
    customersByPopularity: all.size - byModel.size,
    mostRecommended: most
      .slice(0, shown)
      .filter((product) => counts[product]! > 0)
      .map((product) => ({ ...named(product), customers: counts[product]! })),
    boughtTogether: pairs
      .flatMap(({ first, second, orders, lift }) => {
        const [one, other] = [numbers.get(first), numbers.get(second)]
        if (one === undefined || other === undefined || denied[one] === 1 || denied[other] === 1) return []
        return [{ first: named(one), second: named(other), orders, lift }]
      })
      .slice(0, shown),
    examples: examplesOf(log, lists, named),
  }
}

/** Some customers, evenly spaced among those whose list rests on what they bought. */
function examplesOf(
  log: PurchaseLog,
  lists: ListEntries,
  named: (product: number) => NamedProduct,
): RecommendationsResult['examples'] {
  const starts = Array.from(lists.position.keys()).filter(
    (entry) => lists.position[entry] === 1 && lists.model[entry] === 0 && !Number.isNaN(lists.because[entry]!),
  )
  const step = Math.max(1, Math.floor(starts.length / examplesShown))
  return starts
    .filter((_, at) => at % step === 0)
    .slice(0, examplesShown)
    .map((start) => {
      const customer = lists.customer[start]!
      const entries = Array.from({ length: listLength }, (_, at) => start + at).filter(
        (entry) => lists.customer[entry] === customer,
      )
      return {
        customerId: log.customerIds[customer]!,
        products: entries.map((entry) => {
          const because = lists.because[entry]!
          return { ...named(lists.product[entry]!), because: Number.isNaN(because) ? null : named(because) }
        }),
      }
    })
}

function cardOf(comparison: Comparison, described: Omit<RecommendationsResult, 'modelId'>, asOf: Instant) {
  return {
    fittedAsOf: isoOf(asOf),
    judgedAsOf: isoOf(comparison.cut),
    settings: comparison.chosen,
    chosenBecause: comparison.chosenBecause,
    newProducts: comparison.newProducts,
    repeatPurchases: comparison.repeatPurchases,
    products: described.products,
    leftOut: { ...described.leftOut, unsoldDaysMax },
  }
}
