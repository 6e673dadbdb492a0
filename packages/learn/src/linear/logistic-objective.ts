import { borrowKernels, type Matrix } from '@rapport/numerics'

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
 * Cost: 2 n d multiplications and n exponentials, by a kernel. Rows come in tiles of 256, summed apart and joined in order,
 * which keeps a tile in cache between its two uses and rounding small in long sums.
 */
export function logisticPoint(
  data: Matrix,
  labels: Uint8Array,
  weights: Float64Array,
  coefficients: Float64Array,
  penalty: number,
): LogisticPoint {
  const { columns } = data
  const { gradient, curvature, scores, loss } = sumTiles(data, labels, weights, coefficients)
  let objective = loss
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

/** Everything but the penalty. */
function sumTiles(
  { rows, columns, values }: Matrix,
  labels: Uint8Array,
  weights: Float64Array,
  coefficients: Float64Array,
): Omit<LogisticPoint, 'objective'> & { readonly loss: number } {
  const curvature = new Float64Array(rows)
  const scores = new Float64Array(rows)
  return borrowKernels(({ arena, kernel }) => {
    const tileRows = 4 * Math.ceil(Math.min(rows, rowsPerTile) / 4)
    const tile = arena.float64(tileRows * columns)
    const ownLabels = arena.uint8(tileRows)
    const perRow = [arena.float64(tileRows), arena.float64(tileRows), arena.float64(tileRows)] as const
    const perColumn = [arena.float64(columns + 1), arena.float64(columns + 1)] as const
    const scratch = arena.float64(tileRows + columns + 1)
    const [tileView, labelView] = [tile.view, ownLabels.view]
    const [weightView, scoreView, curvatureView] = [perRow[0].view, perRow[1].view, perRow[2].view]
    perColumn[0].view.set(coefficients)
    const pointers = [ownLabels, perRow[0], perColumn[0], perRow[1], perRow[2], perColumn[1], scratch].map(
      ({ at }) => at,
    )
    const run = kernel('logisticTile')
    let loss = 0
    for (let first = 0; first < rows; first += rowsPerTile) {
      const count = Math.min(rowsPerTile, rows - first)
      const filled = 4 * Math.ceil(count / 4)
      tileView.set(values.subarray(first * columns, (first + count) * columns))
      labelView.set(labels.subarray(first, first + count))
      weightView.set(weights.subarray(first, first + count))
      // Rows of zeros without weight fill the last four up.
      tileView.fill(0, count * columns, filled * columns)
      labelView.fill(0, count, filled)
      weightView.fill(0, count, filled)
      loss += run(tile.at, filled, columns, ...pointers)!
      scores.set(scoreView.subarray(0, count), first)
      curvature.set(curvatureView.subarray(0, count), first)
    }
    return { gradient: perColumn[1].view.slice(), curvature, scores, loss }
  })
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
