import { checkFinite, cholesky, inverseFromCholesky, type Matrix, RapportError, solveCholesky } from '@rapport/numerics'
import { centreColumns, centredProducts, interceptOf } from './centred-columns.ts'
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
  /** Rows with weight less coefficients, 0 or more. */
  readonly freedom: number
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
  const columns = centreColumns(data, checked, weights)
  const { gram, right, spread } = centredProducts(columns, weights)
  for (let column = 0; column < data.columns; column += 1) gram[column * data.columns + column]! += penalty
  const factor = cholesky(gram, data.columns, constantShare)
  if (factor === undefined) {
    throw new RapportError(
      'least-squares.dependent',
      'columns must be independent of each other and not constant when penalty is 0, got some that are not: drop them or set a penalty above 0',
    )
  }
  const coefficients = solveCholesky(factor, right)
  const errors = squaredErrors(columns.centred, coefficients, weights)
  const free = weights.filter((weight) => weight > 0).length - data.columns - 1
  const inverse = penalty === 0 && free > 0 ? inverseFromCholesky(factor) : null
  return {
    kind: 'least-squares',
    intercept: interceptOf(columns, coefficients),
    coefficients,
    standardErrors:
      inverse && standardErrors(inverse, columns.means.subarray(0, data.columns), errors / free, columns.total),
    freedom: Math.max(0, free),
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
