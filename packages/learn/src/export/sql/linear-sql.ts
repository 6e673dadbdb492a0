import { rowOf } from '@rapport/numerics'
import type {
  ElasticNetModel,
  GeneralisedLinearModel,
  LeastSquaresModel,
  LogisticModel,
  MultinomialModel,
  OnlineModel,
} from '../../linear/index.ts'
import { linear, sigmoid } from './expressions.ts'
import { checkInputs, numbered, type SqlLayers, softmax } from './layers.ts'

/** The expected number, of a generalised model at exposure 1. */
export function sumLayers(
  model: LeastSquaresModel | ElasticNetModel | GeneralisedLinearModel | OnlineModel,
  inputs: readonly string[],
): SqlLayers {
  checkInputs(model.kind, model.coefficients.length, inputs)
  const score = linear(model.intercept, model.coefficients, inputs)
  return [[{ name: 'prediction', sql: model.kind === 'generalised-linear' ? `exp(${score})` : score }]]
}

/** The probability of class 1, or the expected number. */
export const onlineLayers = (model: OnlineModel, inputs: readonly string[]): SqlLayers =>
  model.loss === 'logistic' ? logisticLayers(model, inputs) : sumLayers(model, inputs)

/** The probability of class 1. */
export function logisticLayers(model: LogisticModel | OnlineModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, model.coefficients.length, inputs)
  return [
    [{ name: 'score', sql: linear(model.intercept, model.coefficients, inputs) }],
    [{ name: 'probability', sql: sigmoid('"score"') }],
  ]
}

/** The probability of each class. */
export function multinomialLayers(model: MultinomialModel, inputs: readonly string[]): SqlLayers {
  checkInputs(model.kind, model.coefficients.columns, inputs)
  return softmax(
    Array.from(model.intercepts, (intercept, k) => linear(intercept, rowOf(model.coefficients, k), inputs)),
  )
}

/** Whatever a sum of terms is passed through, as one column. */
export const oneScore = (sql: string, name: string, of: (score: string) => string): SqlLayers => [
  numbered('score', [sql]),
  [{ name, sql: of('"score_0"') }],
]
