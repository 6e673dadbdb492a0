import { checkFinite, type Matrix, RapportError } from '@rapport/numerics'
import { linearScore, rowsPerTile, tileOf } from './logistic-objective.ts'
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
export function logisticScores(model: LogisticModel, data: Matrix): Float64Array {
  checkColumns(model, data)
  const coefficients = Float64Array.of(model.intercept, ...model.coefficients)
  const scores = new Float64Array(data.rows)
  const copy = new Float64Array(data.values instanceof Float32Array ? rowsPerTile * data.columns : 0)
  for (let first = 0; first < data.rows; first += rowsPerTile) {
    const count = Math.min(rowsPerTile, data.rows - first)
    const tile = tileOf(data, first, count, copy)
    for (let row = 0; row < count; row += 1) {
      scores[first + row] = linearScore(tile, row * data.columns, data.columns, coefficients)
    }
  }
  // A value that is not finite shows in its score, even beside a coefficient of 0.
  if (!scores.every(Number.isFinite)) checkFinite('logistic', data)
  return scores
}

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
  checkColumns(model, data)
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

function probabilityOf(score: number): number {
  const small = Math.exp(-Math.abs(score))
  return (score >= 0 ? 1 : small) / (1 + small)
}

function checkColumns(model: LogisticModel, data: Matrix): void {
  if (data.columns !== model.coefficients.length) {
    throw new RapportError(
      'logistic.columns',
      `data must have the ${model.coefficients.length} columns of training, got ${data.columns}`,
    )
  }
}
