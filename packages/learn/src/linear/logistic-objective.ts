import type { Matrix } from '@rapport/numerics'

/** The penalised logistic loss at some coefficients, and its derivatives. */
export interface LogisticPoint {
  /** Σ wᵣ log(1 + exp(−sᵣ zᵣ)) + penalty / 2 · Σ coefficient², with s = ±1 and z the linear score; the intercept is free. */
  readonly objective: number
  /** `[d + 1]` derivative by the intercept and by each coefficient. */
  readonly gradient: Float64Array
  /** `[n]` wᵣ pᵣ (1 − pᵣ): what each row adds to the curvature. */
  readonly curvature: Float64Array
  /** `[n]` log odds of class 1. */
  readonly scores: Float64Array
}

/** Checked data of a fit. */
export interface LogisticProblem {
  readonly data: Matrix
  /** `[n]` 0 or 1. */
  readonly labels: Uint8Array
  readonly weights: Float64Array
  readonly penalty: number
}

/** Where a fit ended. */
export interface LogisticMinimum {
  /** `[d + 1]`, the intercept first. */
  readonly coefficients: Float64Array
  readonly point: LogisticPoint
  readonly rounds: number
  readonly converged: boolean
}

export const rowsPerTile = 256

/**
 * Objective, gradient and row curvatures in one pass over the data.
 *
 * @param data `[n × d]`, finite
 * @param labels `[n]` 0 or 1
 * @param weights `[n]` each ≥ 0
 * @param coefficients `[d + 1]`, the intercept first
 * @param penalty λ ≥ 0, on all but the intercept
 *
 * Cost: 2 n d multiplications and n exponentials. Rows come in tiles of 256, summed apart and joined in order, which
 * keeps a tile in cache between its two uses and rounding small in long sums.
 */
export function logisticPoint(
  data: Matrix,
  labels: Uint8Array,
  weights: Float64Array,
  coefficients: Float64Array,
  penalty: number,
): LogisticPoint {
  const { rows, columns } = data
  const gradient = new Float64Array(columns + 1)
  const tileGradient = new Float64Array(columns + 1)
  const curvature = new Float64Array(rows)
  const scores = new Float64Array(rows)
  const residuals = new Float64Array(rowsPerTile)
  const copy = new Float64Array(data.values instanceof Float32Array ? rowsPerTile * columns : 0)
  let objective = 0
  for (let first = 0; first < rows; first += rowsPerTile) {
    const count = Math.min(rowsPerTile, rows - first)
    const tile = tileOf(data, first, count, copy)
    tileGradient.fill(0)
    scoreTile(tile, columns, first, count, coefficients, scores)
    objective += addTile(tile, columns, first, count, labels, weights, scores, residuals, tileGradient, curvature)
    for (let at = 0; at <= columns; at += 1) gradient[at]! += tileGradient[at]!
  }
  for (let at = 1; at <= columns; at += 1) {
    objective += 0.5 * penalty * coefficients[at]! ** 2
    gradient[at]! += penalty * coefficients[at]!
  }
  return { objective, gradient, curvature, scores }
}

/** Rows as doubles, so that the loops below only ever see one kind of array. */
export function tileOf(data: Matrix, first: number, count: number, copy: Float64Array): Float64Array {
  const part = data.values.subarray(first * data.columns, (first + count) * data.columns)
  if (part instanceof Float64Array) return part
  copy.set(part)
  return copy
}

function scoreTile(
  tile: Float64Array,
  columns: number,
  first: number,
  count: number,
  coefficients: Float64Array,
  scores: Float64Array,
): void {
  for (let row = 0; row < count; row += 1) {
    scores[first + row] = linearScore(tile, row * columns, columns, coefficients)
  }
}

function addTile(
  tile: Float64Array,
  columns: number,
  first: number,
  count: number,
  labels: Uint8Array,
  weights: Float64Array,
  scores: Float64Array,
  residuals: Float64Array,
  gradient: Float64Array,
  curvature: Float64Array,
): number {
  let loss = 0
  for (let row = 0; row < count; row += 1) {
    const score = scores[first + row]!
    const weight = weights[first + row]!
    // One exponential of a negative number serves loss and probability, and never overflows.
    const small = Math.exp(-Math.abs(score))
    const probability = (score >= 0 ? 1 : small) / (1 + small)
    const label = labels[first + row]!
    loss += weight * (Math.log1p(small) + Math.max(score, 0) - label * score)
    curvature[first + row] = (weight * small) / ((1 + small) * (1 + small))
    residuals[row] = weight * (probability - label)
  }
  addGradient(tile, columns, count, residuals, gradient)
  return loss
}

/** Four rows at a time, so that each sum is read and written once for four products. */
function addGradient(
  tile: Float64Array,
  columns: number,
  count: number,
  residuals: Float64Array,
  gradient: Float64Array,
): void {
  let row = 0
  for (; row + 3 < count; row += 4) {
    const first = row * columns
    const second = first + columns
    const third = second + columns
    const fourth = third + columns
    const residual0 = residuals[row]!
    const residual1 = residuals[row + 1]!
    const residual2 = residuals[row + 2]!
    const residual3 = residuals[row + 3]!
    gradient[0]! += residual0 + residual1 + (residual2 + residual3)
    for (let column = 0; column < columns; column += 1) {
      gradient[column + 1]! +=
        residual0 * tile[first + column]! +
        residual1 * tile[second + column]! +
        (residual2 * tile[third + column]! + residual3 * tile[fourth + column]!)
    }
  }
  for (; row < count; row += 1) {
    gradient[0]! += residuals[row]!
    for (let column = 0; column < columns; column += 1) {
      gradient[column + 1]! += residuals[row]! * tile[row * columns + column]!
    }
  }
}

/**
 * intercept + x · coefficients for the row that begins at `at`.
 *
 * Four sums side by side: one sum would wait for itself at every addition.
 */
export function linearScore(values: Float64Array, at: number, columns: number, coefficients: Float64Array): number {
  let sum0 = coefficients[0]!
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let column = 0
  for (; column + 3 < columns; column += 4) {
    sum0 += values[at + column]! * coefficients[column + 1]!
    sum1 += values[at + column + 1]! * coefficients[column + 2]!
    sum2 += values[at + column + 2]! * coefficients[column + 3]!
    sum3 += values[at + column + 3]! * coefficients[column + 4]!
  }
  for (; column < columns; column += 1) sum0 += values[at + column]! * coefficients[column + 1]!
  return sum0 + sum1 + (sum2 + sum3)
}
