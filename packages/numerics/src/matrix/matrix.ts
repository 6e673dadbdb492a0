import { RapportError } from '../error.ts'
import { checkMatrix, kindOf } from './check-matrix.ts'

/** A dense matrix, row-major: the value at (row, column) lies at `row * columns + column`. Missing is NaN. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  /** `[rows × columns]`, row after row. */
  readonly values: Float64Array | Float32Array
}

/**
 * A matrix over `values`, which it keeps and does not copy.
 *
 * @throws RapportError `matrix.shape` when the sizes are not whole numbers ≥ 0 or do not match `values`
 *
 * @example
 * matrix(2, 3, Float64Array.of(1, 2, 3, 4, 5, 6)).columns // 3
 */
export function matrix(rows: number, columns: number, values?: Float64Array | Float32Array): Matrix {
  if (!Number.isInteger(rows) || !Number.isInteger(columns) || rows < 0 || columns < 0) {
    throw new RapportError('matrix.shape', `rows and columns must be whole numbers ≥ 0, got ${rows} × ${columns}`)
  }
  const held = values ?? new Float64Array(rows * columns)
  if (held.length !== rows * columns) {
    throw new RapportError(
      'matrix.shape',
      `values must hold ${rows} × ${columns} = ${rows * columns} numbers, got ${held.length}`,
    )
  }
  return { rows, columns, values: held }
}

/**
 * A matrix from rows of equal length, for tests and small tables.
 *
 * @throws RapportError `matrix.ragged` when a row's length differs from the first one's, `matrix.values` when a value is no
 *   number, as null is not: missing is NaN
 *
 * @example
 * matrixFromRows([[1, 2], [3, 4]]).values // Float64Array [1, 2, 3, 4]
 */
export function matrixFromRows(rows: readonly (readonly number[])[]): Matrix {
  const columns = rows[0]?.length ?? 0
  const ragged = rows.findIndex((row) => row.length !== columns)
  if (ragged >= 0) {
    throw new RapportError(
      'matrix.ragged',
      `every row must have ${columns} values as row 0 has, row ${ragged} has ${rows[ragged]!.length}`,
    )
  }
  rows.forEach((row, at) => {
    const wrong = row.findIndex((value) => typeof value !== 'number')
    if (wrong < 0) return
    throw new RapportError(
      'matrix.values',
      `every value must be a number (NaN where it is missing), got ${kindOf(row[wrong])} at row ${at}, column ${wrong}`,
    )
  })
  return matrix(rows.length, columns, Float64Array.from(rows.flat()))
}

/** Row `row` as a view: writing to it writes to the matrix. */
export function rowOf(data: Matrix, row: number): Float64Array | Float32Array {
  return data.values.subarray(row * data.columns, (row + 1) * data.columns)
}

/** A copy of column `column`, `[rows]`. */
export function columnOf(data: Matrix, column: number): Float64Array {
  const copy = new Float64Array(data.rows)
  for (let row = 0, at = column; row < data.rows; row += 1, at += data.columns) copy[row] = data.values[at]!
  return copy
}

/** The rows at `indices`, in that order, as a new matrix of the same precision. */
export function takeRows(data: Matrix, indices: ArrayLike<number>): Matrix {
  const { columns, values } = data
  const taken =
    values instanceof Float32Array
      ? new Float32Array(indices.length * columns)
      : new Float64Array(indices.length * columns)
  for (let to = 0; to < indices.length; to += 1) {
    const from = indices[to]! * columns
    taken.set(values.subarray(from, from + columns), to * columns)
  }
  return { rows: indices.length, columns, values: taken }
}

/**
 * Refuses a matrix that a method cannot use.
 *
 * @throws RapportError `<method>.data` when it is no matrix (as `checkMatrix`) or has no rows or columns, or
 *   `<method>.missing` when a value is not finite
 */
export function checkFinite(method: string, data: Matrix): void {
  checkMatrix(method, data)
  if (data.rows === 0 || data.columns === 0) {
    throw new RapportError(
      `${method}.data`,
      `data must have at least one row and one column, got ${data.rows} × ${data.columns}`,
    )
  }
  const at = firstNotFinite(data.values)
  if (at >= 0) {
    const row = Math.floor(at / data.columns)
    throw new RapportError(
      `${method}.missing`,
      `every value must be finite, got ${data.values[at]} at row ${row}, column ${at - row * data.columns}`,
    )
  }
}

/** Squares of values between these, and sums of many of them, are far from both ends of the range of numbers. */
const squarable = { least: 2 ** -300, most: 2 ** 300 }

/**
 * Refuses values whose squares would leave the range of numbers, after which distances and variances mean nothing.
 * Missing values pass.
 *
 * @param least size that the largest value must have, unless all are 0; give 0 for rows that a fitted model is used on
 * @throws RapportError `<method>.range`
 */
export function checkSquarable(method: string, { values }: Pick<Matrix, 'values'>, least = squarable.least): void {
  let largest = 0
  for (let at = 0; at < values.length; at += 1) {
    const size = Math.abs(values[at]!)
    if (size > largest) largest = size
  }
  if (largest === 0 || (largest >= least && largest <= squarable.most)) return
  throw new RapportError(
    `${method}.range`,
    `the largest value must be between 1e-90 and 1e90 in size, so that squares are numbers, got ${largest}: scale the columns`,
  )
}

/** A plain loop: `findIndex` calls back for every value, which costs ten times as much on millions of them. */
function firstNotFinite(values: Float64Array | Float32Array): number {
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]!
    // Only infinities and NaN are not zero when taken from themselves.
    if (value - value !== 0) return at
  }
  return -1
}
