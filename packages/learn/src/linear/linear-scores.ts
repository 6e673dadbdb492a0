import { checkFinite, type Matrix, RapportError } from '@rapport/numerics'
import { linearScore, rowsPerTile, tileOf } from './logistic-objective.ts'

/** What every model with one weighted sum a row has. */
export interface LinearSum {
  readonly intercept: number
  /** `[d]` */
  readonly coefficients: Float64Array
}

/**
 * intercept + x · coefficients for each row, `[n]`.
 *
 * @param method whose name the errors carry
 * @param data `[n × d]` with the columns of training, finite
 * @throws RapportError `<method>.columns` when d differs from training, `<method>.missing` when a value is not finite
 */
export function linearScores(method: string, model: LinearSum, data: Matrix): Float64Array {
  checkColumns(method, model.coefficients.length, data)
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
  if (!scores.every(Number.isFinite)) checkFinite(method, data)
  return scores
}

/** @throws RapportError `<method>.columns` when the data do not have the columns of training */
export function checkColumns(method: string, columns: number, data: Matrix): void {
  if (data.columns !== columns) {
    throw new RapportError(
      `${method}.columns`,
      `data must have the ${columns} columns of training, got ${data.columns}`,
    )
  }
}
