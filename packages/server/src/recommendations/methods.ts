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
import type { SparseMatrix } from '@rapport/numerics'
import type { Work } from '../base/index.ts'

type Fitted = AlsModel | ItemItemModel | PopularityModel

/** One way of recommending with its settings. */
export interface Method {
  readonly family: 'popularity' | 'item-item' | 'ALS'
  /** The settings in words. */
  readonly settings: string
  readonly fit: (history: SparseMatrix, work?: Work) => Promise<FittedMethod>
}

export interface FittedMethod {
  readonly model: Fitted
  readonly recommend: (history: SparseMatrix, options: RecommendOptions, work?: Work) => Recommendations
}

const popularity: Method = {
  family: 'popularity',
  settings: 'customers per product',
  fit: async (history) => {
    const model = fitPopularity(history)
    return { model, recommend: (own, options, work) => recommendPopular(model, own, options, work) }
  },
}

const itemItem = (shrinkage: number): Method => ({
  family: 'item-item',
  settings: `cosine, tf-idf, shrinkage ${shrinkage}`,
  fit: async (history, work) => {
    const model = fitItemItem(history, { weighting: 'tf-idf', neighbours: 100, shrinkage }, work)
    return { model, recommend: (own, options, inner) => recommendItemItem(model, own, options, inner) }
  },
})

const als = (factors: number, seed: number): Method => ({
  family: 'ALS',
  settings: `${factors} factors`,
  fit: async (history, work) => {
    const model = await fitAls(history, { factors, seed }, work)
    return { model, recommend: (own, options, inner) => recommendAls(model, own, options, inner) }
  },
})

/** What is tried: few settings per family, told apart on a split inside the training part. */
export const methodsTried = (seed: number): readonly Method[] => [
  popularity,
  itemItem(0),
  itemItem(20),
  als(32, seed),
  als(64, seed),
]
