import { columnOf, type Matrix, type Work } from '@rapport/numerics'
import {
  fitLeastSquares,
  fitLogistic,
  type LeastSquaresModel,
  type LeastSquaresOptions,
  type LogisticModel,
  type LogisticOptions,
  predictLeastSquares,
  predictLogistic,
} from '../linear/index.ts'
import {
  type BoostingModel,
  type BoostingOptions,
  type BoostingRegressionModel,
  type BoostingRegressionOptions,
  type ForestModel,
  type ForestOptions,
  fitBoosting,
  fitBoostingRegression,
  fitForest,
  fitForestRegression,
  predictBoosting,
  predictBoostingRegression,
  predictForest,
  predictForestRegression,
} from '../trees/index.ts'

/** What a base learner is given to learn from. */
export interface BaseRows {
  readonly data: Matrix
  /** `[n]` finite; 0 and 1 where an outcome is. */
  readonly targets: Float64Array
  /** `[n]` each ≥ 0. */
  readonly weights: Float64Array
  readonly seed: number
}

/**
 * Any method, as those see it that are built on one (learners of uplift, the worth of actions, rewards): rows in, a plain model
 * out; a model and rows in, numbers out.
 */
export interface BaseLearner<Model = BaseModel> {
  readonly fit: (rows: BaseRows, work?: Work) => Model | Promise<Model>
  /** `[n]` expected targets: probabilities where targets are 0 and 1. */
  readonly predict: (model: Model, data: Matrix) => Float64Array
  /** Rows must be finite, so that who has all of them can say which one is not. Default false. */
  readonly needsFinite?: boolean
}

/** Models of the base learners that are ready: each is told by its `kind`. */
export type BaseModel = LogisticModel | LeastSquaresModel | BoostingModel | BoostingRegressionModel | ForestModel

type Base<Options> = Omit<Options, 'weights' | 'seed'>

/** Logistic regression of outcomes of 0 and 1; scale and impute first. */
export const logisticBase = (options: Base<LogisticOptions> = {}): BaseLearner =>
  finite(({ data, targets, weights }, work) => fitLogistic(data, targets, { ...options, weights }, work))

/** Least squares, with a ridge penalty where wanted, of outcomes or effects; impute first. */
export const leastSquaresBase = (options: Base<LeastSquaresOptions> = {}): BaseLearner =>
  finite(({ data, targets, weights }) => fitLeastSquares(data, targets, { ...options, weights }))

/** Gradient boosting of outcomes of 0 and 1. */
export const boostingBase = (options: Base<BoostingOptions> = {}): BaseLearner =>
  base(({ data, targets, ...own }, work) => fitBoosting(data, targets, { ...options, ...own }, work))

/** Gradient boosting of amounts or effects. */
export const boostingRegressionBase = (options: Base<BoostingRegressionOptions> = {}): BaseLearner =>
  base(({ data, targets, ...own }, work) => fitBoostingRegression(data, targets, { ...options, ...own }, work))

/** A random forest of outcomes of 0 and 1. */
export const forestBase = (options: Base<ForestOptions> = {}): BaseLearner =>
  base(({ data, targets, ...own }, work) => fitForest(data, targets, { ...options, ...own }, work))

/** A random forest of amounts or effects. */
export const forestRegressionBase = (options: Base<ForestOptions> = {}): BaseLearner =>
  base(({ data, targets, ...own }, work) => fitForestRegression(data, targets, { ...options, ...own }, work))

const base = (fit: BaseLearner['fit']): BaseLearner => ({ fit, predict: predictBase })
const finite = (fit: BaseLearner['fit']): BaseLearner => ({ ...base(fit), needsFinite: true })

/** What a ready base model says of each row, `[n]`. */
export function predictBase(model: BaseModel, data: Matrix): Float64Array {
  switch (model.kind) {
    case 'logistic':
      return predictLogistic(model, data)
    case 'least-squares':
      return predictLeastSquares(model, data)
    case 'boosting':
      return predictBoosting(model, data)
    case 'boosting-regression':
      return predictBoostingRegression(model, data)
    case 'forest':
      return model.classes === undefined
        ? predictForestRegression(model, data)
        : columnOf(predictForest(model, data), 1)
  }
}
