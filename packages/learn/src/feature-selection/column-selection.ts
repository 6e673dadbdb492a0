import { columnOf, type Matrix, matrix, RapportError } from '@rapport/numerics'
import { checkNotInfinite, meanAndDeviation } from '../preparation/scaling.ts'

/** Which columns of a matrix to keep, and why. Plain data: save it beside the model that was trained on them. */
export interface ColumnSelection {
  readonly kind: 'column-selection'
  /** Columns of the data that it chooses from. */
  readonly columns: number
  /** The kept columns, rising. */
  readonly kept: Int32Array
  /** `[columns]` the score of each: variance, information, size of a coefficient. */
  readonly scores: Float64Array
}

export interface SelectionOptions {
  /** Keeps scores above this. Default: any. */
  readonly above?: number
  /** Keeps at most this many, those of the highest scores; of equals the earlier. Default: all. */
  readonly most?: number
}

/**
 * Keeps the columns of high scores.
 *
 * Scores that come from labels (information, coefficients, permutation) belong to the training rows of a fold: a choice
 * that saw the test rows flatters them.
 *
 * @param scores `[d]` without NaN
 * @throws RapportError `column-selection.scores`, `column-selection.most`, `column-selection.none` when no column is left
 *
 * @example
 * selectColumns([0.1, 0, 0.7], { above: 0 }).kept // Int32Array [0, 2]
 */
export function selectColumns(
  scores: ArrayLike<number>,
  { above = -Infinity, most = scores.length }: SelectionOptions = {},
): ColumnSelection {
  const held = Float64Array.from(scores)
  const wrong = held.findIndex(Number.isNaN)
  if (wrong >= 0) {
    throw new RapportError('column-selection.scores', `every score must be a number, got NaN of column ${wrong}`)
  }
  if (!Number.isInteger(most) || most < 1) {
    throw new RapportError('column-selection.most', `most must be a whole number ≥ 1, got ${most}`)
  }
  const ranked = Array.from(held.keys())
    .filter((column) => held[column]! > above)
    .sort((left, right) => held[right]! - held[left]! || left - right)
  if (ranked.length === 0) {
    throw new RapportError('column-selection.none', `at least one of ${held.length} columns must score above ${above}`)
  }
  return {
    kind: 'column-selection',
    columns: held.length,
    kept: Int32Array.from(ranked.slice(0, most)).sort(),
    scores: held,
  }
}

/**
 * The kept columns.
 *
 * @returns `[n × kept]`
 * @throws RapportError `column-selection.columns` when `data` has others than the selection was made for
 */
export function applySelection({ columns, kept }: ColumnSelection, data: Matrix): Matrix {
  if (data.columns !== columns) {
    throw new RapportError('column-selection.columns', `data must have ${columns} columns, got ${data.columns}`)
  }
  const values = new Float64Array(data.rows * kept.length)
  for (let row = 0, at = 0; row < data.rows; row += 1) {
    for (const column of kept) {
      values[at] = data.values[row * columns + column]!
      at += 1
    }
  }
  return matrix(data.rows, kept.length, values)
}

/**
 * The variance of each column over the values that are there, to leave out what hardly varies.
 *
 * @param data `[n × d]`, n ≥ 1, finite or NaN
 * @returns `[d]` of the population; exactly 0 for a constant column and one without values
 * @throws RapportError `variance.data`, `variance.infinite`
 *
 * @example
 * selectColumns(columnVariances(matrixFromRows([[1, 5], [2, 5]])), { above: 0 }).kept // Int32Array [0]
 */
export function columnVariances(data: Matrix): Float64Array {
  checkNotInfinite('variance', data)
  return Float64Array.from({ length: data.columns }, (_, at) => {
    const values = columnOf(data, at).filter((value) => !Number.isNaN(value))
    // The mean of equal numbers may miss them by a rounding.
    if (values.every((value) => value === values[0])) return 0
    return meanAndDeviation(values).spread ** 2
  })
}
