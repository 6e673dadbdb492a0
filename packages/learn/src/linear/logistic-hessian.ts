import {
  type Cholesky,
  cholesky,
  inverseFromCholesky,
  type Matrix,
  RapportError,
  solveCholesky,
  weightedGram,
} from '@rapport/numerics'
import type { InverseHessian } from './curvature-memory.ts'
import { weightedColumns } from './weighted-columns.ts'

/** Above this many columns the Hessian's factor costs more than the rounds that it saves. */
const columnsMaxForHessian = 300
/** With more rows than this the Hessian is estimated from evenly spaced rows: more of them where columns are few. */
const rowsForHessianMin = 32_768
const rowsForHessianMax = 131_072
/** Rows for the Hessian are such that it costs no more than one and a half passes over all rows. */
const costOfHessian = 6
/** Standard errors of a column's effect over its spread that only classes separated in part can have. */
const standardErrorMax = 1e4

/** The matrix that a round's direction starts from. */
export interface StartingHessian {
  readonly invert: InverseHessian
  /** True when it is the Hessian itself, which the memory of earlier rounds could only spoil. */
  readonly exact: boolean
}

/**
 * The Hessian of the logistic objective, or the best stand-in that is worth its cost.
 *
 * Few rows: the Hessian. Many rows: that of evenly spaced rows, rescaled so that its diagonal is the true one (a column
 * that is zero in all of those rows must not look flat). Many columns: the diagonal alone.
 *
 * @throws RapportError `logistic.dependent` or `logistic.separation` when there is no penalty and the Hessian is singular
 */
export function startingHessian(
  data: Matrix,
  curvature: Float64Array,
  penalty: number,
  round: number,
): StartingHessian {
  const stride = hessianStride(data)
  if (data.columns <= columnsMaxForHessian && stride === 1) {
    const factor = cholesky(penalised(weightedGram(data, curvature), data.columns + 1, penalty), data.columns + 1)
    if (factor === undefined) throw singular(round)
    return { invert: (vector) => solveCholesky(factor, vector), exact: true }
  }
  const diagonal = weightedSquares(data, curvature)
  for (let at = 1; at < diagonal.length; at += 1) diagonal[at]! += penalty
  const factor =
    data.columns <= columnsMaxForHessian ? sampledFactor(data, stride, curvature, penalty, diagonal) : undefined
  const invert: InverseHessian = factor
    ? (vector) => solveCholesky(factor, vector)
    : (vector) => vector.map((value, at) => (diagonal[at]! > 0 ? value / diagonal[at]! : 0))
  return { invert, exact: false }
}

/** Every how many rows one stands for all in the Hessian; 1 where all are taken, or it is not used. */
export function hessianStride({ rows, columns }: Matrix): number {
  if (columns > columnsMaxForHessian) return 1
  const affordable = Math.floor((costOfHessian * rows) / columns)
  return Math.max(1, Math.floor(rows / Math.max(rowsForHessianMin, Math.min(rowsForHessianMax, affordable))))
}

function sampledFactor(
  data: Matrix,
  stride: number,
  curvature: Float64Array,
  penalty: number,
  diagonal: Float64Array,
): Cholesky | undefined {
  const taken = new Float64Array(Math.ceil(data.rows / stride))
  for (let at = 0; at < taken.length; at += 1) taken[at] = stride * curvature[at * stride]!
  const size = data.columns + 1
  const sampled = penalised(weightedGram(data, taken, stride), size, penalty)
  const ratios = diagonal.map((value, at) => {
    const seen = sampled[at * size + at]!
    return seen > 0 ? Math.sqrt(value / seen) : 0
  })
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) sampled[row * size + column]! *= ratios[row]! * ratios[column]!
    if (ratios[row] === 0) sampled[row * size + row] = diagonal[row]!
  }
  return cholesky(sampled, size)
}

/**
 * Standard errors of an unpenalised fit: roots of the inverse information matrix's diagonal.
 *
 * @param curvature `[n]` wᵣ pᵣ (1 − pᵣ) at the optimum
 * @param meanWeight of the rows: whether an error is out of all bounds must not depend on the weights' unit
 * @returns `[d + 1]`, the intercept first
 * @throws RapportError `logistic.dependent` or `logistic.separation` when they are not defined
 */
export function fisherStandardErrors(data: Matrix, curvature: Float64Array, meanWeight: number): Float64Array {
  const size = data.columns + 1
  const ones = new Float64Array(data.rows).fill(1)
  if (cholesky(weightedGram(data, ones), size) === undefined) throw singular(0)
  const factor = cholesky(weightedGram(data, curvature), size)
  if (factor === undefined) throw singular(1)
  const inverse = inverseFromCholesky(factor)
  const errors = Float64Array.from({ length: size }, (_, at) => Math.sqrt(inverse[at * size + at]!))
  const squares = weightedSquares(data, ones)
  const spreadOf = (at: number): number => Math.sqrt((meanWeight * squares[at]!) / data.rows)
  if (errors.some((error, at) => error * spreadOf(at) > standardErrorMax)) throw singular(1)
  return errors
}

function singular(round: number): RapportError {
  // In the first round every row has the same curvature, so only the columns themselves can be at fault.
  return round === 0
    ? new RapportError(
        'logistic.dependent',
        'columns must be independent of each other and not constant when penalty is 0, got some that are not: drop them or set a penalty above 0',
      )
    : new RapportError(
        'logistic.separation',
        'classes must overlap when penalty is 0, got columns that separate some rows without error: set a penalty above 0',
      )
}

function penalised(gram: Float64Array, size: number, penalty: number): Float64Array {
  for (let at = 1; at < size; at += 1) gram[at * size + at]! += penalty
  return gram
}

/** `[d + 1]` Σ wᵣ (1, xᵣ)², the diagonal of the weighted gram matrix. */
function weightedSquares(data: Matrix, weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return Float64Array.of(total, ...weightedColumns(data, weights, 'squares'))
}
