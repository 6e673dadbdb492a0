import { type Matrix, RapportError, type Work } from '@rapport/numerics'
import { fitLeastSquares, type LeastSquaresModel, predictLeastSquares } from '../linear/least-squares.ts'
import { predictLogistic } from '../linear/logistic-prediction.ts'
import { fitLogistic, type LogisticModel } from '../linear/logistic-regression.ts'
import type { BoostingRegressionModel } from '../trees/boosting-model.ts'
import { type BoostingRegressionOptions, fitBoostingRegression } from '../trees/fit-boosting-regression.ts'
import { fitForestRegression } from '../trees/forest/fit-forest.ts'
import type { ForestModel } from '../trees/forest/forest-model.ts'
import type { ForestOptions } from '../trees/forest/forest-options.ts'
import { predictForestRegression } from '../trees/forest/predict-forest.ts'
import { predictBoostingRegression } from '../trees/predict-boosting.ts'

/** A method that predicts a number from columns, with its options: what rewards and later value are learned with. */
export type Regressor =
  /** Ridge regression; penalty as in `fitLeastSquares`, default 1. */
  | { readonly kind: 'linear'; readonly penalty?: number }
  /** For rewards of 0 and 1; penalty as in `fitLogistic`, default 1. */
  | { readonly kind: 'logistic'; readonly penalty?: number }
  | ({ readonly kind: 'boosting' } & Omit<BoostingRegressionOptions, 'weights'>)
  | ({ readonly kind: 'forest' } & Omit<ForestOptions, 'weights'>)

/** What a regressor found. Plain data; `constant` where there was nothing to learn from. */
export type RegressorModel =
  | { readonly kind: 'constant'; readonly value: number }
  | LeastSquaresModel
  | LogisticModel
  | BoostingRegressionModel
  | ForestModel

/**
 * Fits a regressor; rows that are fewer than two, or all of one value, give a constant.
 *
 * @param data `[n × d]`, n ≥ 1, d ≥ 1
 * @param targets `[n]` finite; 0 or 1 for `logistic`
 * @param weights `[n]` each ≥ 0; default all 1
 * @throws RapportError as the method, and `regressor.rows` without a row
 */
export async function fitRegressor(
  regressor: Regressor,
  data: Matrix,
  targets: Float64Array,
  { weights, work }: { readonly weights?: Float64Array | undefined; readonly work?: Work | undefined } = {},
): Promise<RegressorModel> {
  if (targets.length === 0) throw new RapportError('regressor.rows', 'there must be a row to learn from, got none')
  if (targets.every((target) => target === targets[0])) return { kind: 'constant', value: targets[0]! }
  const weighted = weights ? { weights } : {}
  switch (regressor.kind) {
    case 'linear':
      return fitLeastSquares(data, targets, { penalty: regressor.penalty ?? 1, ...weighted })
    case 'logistic':
      return fitLogistic(data, targets, { penalty: regressor.penalty ?? 1, ...weighted }, work)
    case 'boosting':
      return fitBoostingRegression(data, targets, { ...regressor, ...weighted }, work)
    case 'forest':
      return fitForestRegression(data, targets, { ...regressor, ...weighted }, work)
  }
}

/** `[n]` what the model expects of each row. */
export function predictRegressor(model: RegressorModel, data: Matrix): Float64Array {
  switch (model.kind) {
    case 'constant':
      return new Float64Array(data.rows).fill(model.value)
    case 'least-squares':
      return predictLeastSquares(model, data)
    case 'logistic':
      return predictLogistic(model, data)
    case 'boosting-regression':
      return predictBoostingRegression(model, data)
    case 'forest':
      return predictForestRegression(model, data)
  }
}
