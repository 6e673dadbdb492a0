import {
  type AlsModel,
  fitAls,
  fitItemItem,
  fitPopularity,
  type ItemItemModel,
  type PopularityModel,
  type Recommendations,
  type RecommendOptions,
  recommendAls,
  recommendItemItem,
  recommendPopular,
} from '@rapport/learn'
import { nextTurn, type SparseMatrix } from '@rapport/numerics'
import type { Work } from '../base/index.ts'

export type Method = 'popularity' | 'item-item' | 'als'

export const methodNames: Readonly<Record<Method, string>> = {
  popularity: 'popularity',
  'item-item': 'item-item',
  als: 'ALS',
}

/** One way to recommend, before it is fitted. */
export interface Settings {
  readonly method: Method
  /** Popularity over so many days before the cut, or over the whole history. */
  readonly days?: number
  /** A purchase of so many days ago counts half. */
  readonly halfLifeDays?: number
}

/** What is tried of each method; the inner validation split chooses. */
export const candidates: readonly Settings[] = [
  { method: 'popularity' },
  { method: 'popularity', days: 90 },
  { method: 'item-item' },
  { method: 'item-item', halfLifeDays: 180 },
  { method: 'als' },
  { method: 'als', halfLifeDays: 180 },
]

export const describeSettings = ({ days, halfLifeDays }: Settings): string =>
  days !== undefined
    ? `of the last ${days} days`
    : halfLifeDays !== undefined
      ? `purchases of ${halfLifeDays} days ago counting half`
      : 'all purchases counting alike'

export type FittedModel = PopularityModel | ItemItemModel | AlsModel

export interface FittedRecommender {
  readonly settings: Settings
  /** `[customers × products]` what it was fitted to. */
  readonly history: SparseMatrix
  readonly model: FittedModel
}

/** Items kept for each item: enough for lists of ten with what must not be shown left out. */
const neighbours = 50
/** Of ALS; in a small shop a quarter of its customers or products, as more would only learn them by heart. */
const factorsMax = 64
/** Below so many products the weighting of item-item can vanish for customers who have nearly all of them. */
const weightedFrom = 50

/** ALS ends with the round that takes less than this share off the loss: more only changes the fourth digit of the NDCG. */
const tolerance = 2e-4
const roundsMax = 20

/**
 * Fits to what was bought up to a cut.
 *
 * @param history `[customers × products]` what was bought, weighed by the settings
 * @param start what ALS goes on from: a model of the same log up to this or an earlier cut, so that nothing later shows
 */
export async function fitRecommender(
  settings: Settings,
  history: SparseMatrix,
  { seed, start }: { readonly seed: number; readonly start?: AlsModel | undefined },
  work?: Work,
): Promise<FittedRecommender> {
  await nextTurn(work)
  switch (settings.method) {
    case 'popularity':
      return { settings, history, model: fitPopularity(history) }
    case 'item-item':
      return { settings, history, model: await fitSimilarity(history, work) }
    case 'als': {
      const factors = Math.max(4, Math.min(factorsMax, Math.floor(Math.min(history.rows, history.columns) / 4)))
      const options = { seed, factors, tolerance, rounds: roundsMax, ...(start && { start }) }
      return { settings, history, model: await fitAls(history, options, work) }
    }
  }
}

export const fitSimilarity = (history: SparseMatrix, work?: Work): Promise<ItemItemModel> =>
  fitItemItem(history, { neighbours, weighting: history.columns < weightedFrom ? 'none' : 'tf-idf' }, work)

/**
 * Lists of products that customers do not have yet.
 *
 * @param owned `[customers × products]` what counts as had: the whole history, whatever the method looks at
 */
export function recommendNew(
  { model, history }: FittedRecommender,
  owned: SparseMatrix,
  options: RecommendOptions,
  work?: Work,
): Promise<Recommendations> {
  switch (model.kind) {
    case 'popularity':
      return recommendPopular(model, owned, options, work)
    case 'item-item':
      return recommendItemItem(model, history, options, work)
    case 'als':
      return recommendAls(model, history, options, work)
  }
}

/**
 * How much speaks for each product that a customer had already: for ordering what may be bought again.
 *
 * @returns for a customer one score for each of the customer's entries in `owned`
 */
export function ownScores(
  { model, history }: FittedRecommender,
  owned: SparseMatrix,
): (customer: number) => Float64Array {
  const ownOf = (customer: number): Int32Array =>
    owned.columnIndices.subarray(owned.rowStarts[customer]!, owned.rowStarts[customer + 1]!)
  if (model.kind === 'popularity') {
    return (customer) => {
      const own = ownOf(customer)
      const scores = new Float64Array(own.length)
      for (let place = 0; place < own.length; place += 1) scores[place] = model.usersByItem[own[place]!]!
      return scores
    }
  }
  if (model.kind === 'als') {
    const { columns, values } = model.itemFactors
    const factors = model.userFactors.values
    return (customer) => {
      const own = ownOf(customer)
      const scores = new Float64Array(own.length)
      for (let place = 0; place < own.length; place += 1) {
        const [user, item] = [customer * columns, own[place]! * columns]
        let sum = 0
        for (let factor = 0; factor < columns; factor += 1) sum += factors[user + factor]! * values[item + factor]!
        scores[place] = sum
      }
      return scores
    }
  }
  const { rowStarts, columnIndices, values } = model.similarity
  const places = new Int32Array(owned.columns).fill(-1)
  return (customer) => {
    const own = ownOf(customer)
    for (let place = 0; place < own.length; place += 1) places[own[place]!] = place
    const sums = new Float64Array(own.length)
    for (let at = history.rowStarts[customer]!; at < history.rowStarts[customer + 1]!; at += 1) {
      const past = history.columnIndices[at]!
      for (let near = rowStarts[past]!; near < rowStarts[past + 1]!; near += 1) {
        const place = places[columnIndices[near]!]!
        if (place >= 0) sums[place]! += history.values[at]! * values[near]!
      }
    }
    for (let place = 0; place < own.length; place += 1) places[own[place]!] = -1
    return sums
  }
}
