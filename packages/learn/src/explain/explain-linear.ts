import { checkFinite, type Matrix, RapportError } from '@rapport/numerics'
import { checkedWeights } from '../linear/checked-numbers.ts'
import { checkColumns, type LinearSum } from '../linear/linear-scores.ts'
import type { PredictionExplanation } from './explain-trees.ts'

/** What contributions are measured from. */
export interface LinearBackground {
  /** `[m × d]` the rows whose average is the starting point: the training rows, or a group of customers. */
  readonly rows: Matrix
  /** `[m]` each ≥ 0. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/**
 * What each column's value adds to a linear model's score, against the average row of the background: the coefficient
 * times the difference. These are the exact Shapley values when unknown columns are drawn from the background one by
 * one.
 *
 * For any model with an intercept and coefficients: least squares, elastic net, logistic (its log odds), generalised
 * linear (the logarithm of its mean). Of columns that go together, each gets what its own coefficient says.
 *
 * @param data `[n × d]` the columns of training, finite
 * @throws RapportError `explain-linear.columns`, `explain-linear.missing` (a value is not finite),
 *   `explain-linear.background` when it has no rows, `explain-linear.weights`
 *
 * Cost: n d.
 * Source: Štrumbelj & Kononenko, "Explaining prediction models and individual predictions with feature contributions",
 * Knowledge and Information Systems 41, 2014. As shap's `LinearExplainer`.
 *
 * @example
 * const { base, contributions } = explainLinear(model, customers, { rows: training })
 */
export function explainLinear(model: LinearSum, data: Matrix, background: LinearBackground): PredictionExplanation {
  const { coefficients, intercept } = model
  const { rows } = background
  checkColumns('explain-linear', coefficients.length, data)
  checkColumns('explain-linear', coefficients.length, rows)
  if (rows.rows === 0) {
    throw new RapportError('explain-linear.background', 'the background must have at least one row, got none')
  }
  if (data.rows > 0) checkFinite('explain-linear', data)
  checkFinite('explain-linear', rows)
  const means = weightedMeans(rows, checkedWeights('explain-linear', rows.rows, background.weights))
  const values = Float64Array.from(data.values, (value, at) => {
    const column = at % data.columns
    return coefficients[column]! * (value - means[column]!)
  })
  const base = coefficients.reduce((sum, coefficient, column) => sum + coefficient * means[column]!, intercept)
  return { base, contributions: { rows: data.rows, columns: data.columns, values } }
}

function weightedMeans(data: Matrix, weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const means = new Float64Array(data.columns)
  data.values.forEach((value, at) => {
    means[at % data.columns]! += (weights[Math.floor(at / data.columns)]! / total) * value
  })
  return means
}
