import { checkFinite, type Matrix } from '@rapport/numerics'
import { checkColumns, linearScores } from './linear-scores.ts'
import type { LogisticModel } from './logistic-regression.ts'

/**
 * The probability of class 1 for each row.
 *
 * @param data `[n × d]` with the columns of training, finite
 * @returns `[n]` in [0, 1]
 * @throws RapportError `logistic.columns` when d differs from training, `logistic.missing` when a value is not finite
 *
 * Cost: n d multiplications.
 *
 * @example
 * predictLogistic(fitLogistic(data, labels), data)[0] // 0.23…
 */
export function predictLogistic(model: LogisticModel, data: Matrix): Float64Array {
  return logisticScores(model, data).map(probabilityOf)
}

/**
 * The log odds of class 1 for each row: what `predictLogistic` turns into probabilities.
 *
 * @returns `[n]`
 * @throws RapportError as `predictLogistic`
 */
export const logisticScores = (model: LogisticModel, data: Matrix): Float64Array =>
  linearScores('logistic', model, data)

/** Why rows score as they do. */
export interface LogisticContributions {
  /** Log odds of the average training row. */
  readonly base: number
  /** `[n × d]` what each column adds to the log odds; a row's sum and `base` make its score. */
  readonly contributions: Matrix
}

/**
 * What each column adds to each row's log odds, against the average training row.
 *
 * For a linear model with independent columns these are the Shapley values.
 *
 * @param data `[n × d]` with the columns of training, finite
 * @throws RapportError as `predictLogistic`
 */
export function contributionsOfLogistic(model: LogisticModel, data: Matrix): LogisticContributions {
  checkColumns('logistic', model.coefficients.length, data)
  if (data.rows > 0) checkFinite('logistic', data)
  const values = new Float64Array(data.rows * data.columns)
  for (let row = 0, at = 0; row < data.rows; row += 1) {
    for (let column = 0; column < data.columns; column += 1, at += 1) {
      values[at] = model.coefficients[column]! * (data.values[at]! - model.means[column]!)
    }
  }
  let base = model.intercept
  model.coefficients.forEach((coefficient, column) => {
    base += coefficient * model.means[column]!
  })
  return { base, contributions: { rows: data.rows, columns: data.columns, values } }
}

/** The logistic function, without overflow. */
export function probabilityOf(score: number): number {
  const small = Math.exp(-Math.abs(score))
  return (score >= 0 ? 1 : small) / (1 + small)
}
