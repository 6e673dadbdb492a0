import {
  checkFinite,
  cholesky,
  inverseFromCholesky,
  type Matrix,
  RapportError,
  solveCholesky,
  weightedGram,
} from '@rapport/numerics'
import { centreColumns } from './centred-columns.ts'
import { checkedNumbers, checkedWeights, checkPenalty } from './checked-numbers.ts'
import { linearScores } from './linear-scores.ts'

export interface LeastSquaresOptions {
  /** λ ≥ 0: λ · Σ coefficient² is added to the squared errors; the intercept is never penalised. Default 0. */
  readonly penalty?: number
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice in the coefficients. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/** What `fitLeastSquares` found. Plain data. */
export interface LeastSquaresModel {
  readonly kind: 'least-squares'
  readonly intercept: number
  /** `[d]` change of the target per unit of each column. */
  readonly coefficients: Float64Array
  /**
   * `[d + 1]` of the intercept and each coefficient; null with a penalty, or when there are no more rows with weight than
   * coefficients.
   */
  readonly standardErrors: Float64Array | null
  readonly penalty: number
  /** Share of the targets' variance that the fit explains, 0 … 1; null when the targets do not vary. */
  readonly explained: number | null
}

/**
 * Linear regression by least squares, with a ridge penalty where wanted.
 *
 * Columns are centred before their products are summed, so large means (years, amounts) cost no digits.
 *
 * @param data `[n × d]`, finite
 * @param targets `[n]` finite
 * @throws RapportError `least-squares.data`, `least-squares.missing`, `least-squares.targets`, `least-squares.weights`,
 *   `least-squares.penalty`, and without a penalty `least-squares.dependent` (a column is constant or a combination of others)
 *
 * Cost: n d² / 2 multiplications, and a copy of the data.
 * Source: Hastie, Tibshirani & Friedman, "The elements of statistical learning", 2nd ed. 2009, §3.2 and §3.4.
 *
 * @example
 * fitLeastSquares(matrixFromRows([[0], [1], [2]]), [1, 3, 5]).coefficients // Float64Array [2]
 */
export function fitLeastSquares(
  data: Matrix,
  targets: ArrayLike<number>,
  { penalty = 0, weights: given }: LeastSquaresOptions = {},
): LeastSquaresModel {
  checkFinite('least-squares', data)
  checkPenalty('least-squares', penalty)
  const weights = checkedWeights('least-squares', data.rows, given)
  const checked = checkedNumbers('least-squares', 'targets', data.rows, targets)
  const { centred, means, total } = centreColumns(data, checked, weights)
  const { columns } = data
  const size = columns + 1
  // The targets are the last column; the leading ones, orthogonal to centred columns, are dropped.
  const products = weightedGram(centred, weights)
  const productOf = (row: number, column: number): number => products[(row + 1) * (size + 1) + column + 1]!
  const gram = new Float64Array(columns * columns)
  for (let row = 0; row < columns; row += 1) {
    for (let column = 0; column < columns; column += 1) gram[row * columns + column] = productOf(row, column)
    gram[row * columns + row]! += penalty
  }
  const factor = cholesky(gram, columns, constantShare)
  if (factor === undefined) {
    throw new RapportError(
      'least-squares.dependent',
      'columns must be independent of each other and not constant when penalty is 0, got some that are not: drop them or set a penalty above 0',
    )
  }
  const right = Float64Array.from({ length: columns }, (_, column) => productOf(column, columns))
  const coefficients = solveCholesky(factor, right)
  let intercept = means[columns]!
  for (let column = 0; column < columns; column += 1) intercept -= coefficients[column]! * means[column]!

  const errors = squaredErrors(centred, coefficients, weights)
  const spread = productOf(columns, columns)
  const free = weights.filter((weight) => weight > 0).length - size
  const inverse = penalty === 0 && free > 0 ? inverseFromCholesky(factor) : null
  return {
    kind: 'least-squares',
    intercept,
    coefficients,
    standardErrors: inverse && standardErrors(inverse, means.subarray(0, columns), errors / free, total),
    penalty,
    explained: spread > 0 ? Math.max(0, 1 - errors / spread) : null,
  }
}

/** Share of a column's own squares that must be left for it to count as independent of the others. */
const constantShare = 1e-12

/**
 * The expected target of each row, `[n]`.
 *
 * @param data `[n × d]` with the columns of training, finite
 * @throws RapportError `least-squares.columns` when d differs from training, `least-squares.missing`
 */
export const predictLeastSquares = (model: LeastSquaresModel, data: Matrix): Float64Array =>
  linearScores('least-squares', model, data)

function squaredErrors({ rows, columns, values }: Matrix, coefficients: Float64Array, weights: Float64Array): number {
  let sum = 0
  for (let row = 0; row < rows; row += 1) {
    let error = values[(row + 1) * columns - 1]!
    for (let column = 0; column < columns - 1; column += 1)
      error -= coefficients[column]! * values[row * columns + column]!
    sum += weights[row]! * error * error
  }
  return sum
}

function standardErrors(inverse: Float64Array, means: Float64Array, variance: number, total: number): Float64Array {
  const d = means.length
  let ofIntercept = 1 / total
  for (let row = 0; row < d; row += 1) {
    for (let column = 0; column < d; column += 1)
      ofIntercept += means[row]! * inverse[row * d + column]! * means[column]!
  }
  return Float64Array.from({ length: d + 1 }, (_, at) =>
    Math.sqrt(variance * (at === 0 ? ofIntercept : inverse[(at - 1) * d + at - 1]!)),
  )
}
