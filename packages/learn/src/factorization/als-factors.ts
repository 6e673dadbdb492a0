import { type Matrix, type SparseMatrix, seededRandom } from '@rapport/numerics'

/** Factors of one side, `[rows × stride]` row after row; places from `factors` to `stride` stay zero. */
export interface SideFactors {
  readonly rows: number
  readonly stride: number
  readonly values: Float32Array
}

/** Lanes of a vector register: rows are padded to a multiple of it, and sums are kept apart by lane. */
export const lanes = 4

export const strideOf = (factors: number): number => Math.ceil(factors / lanes) * lanes

/** Factors of zero, where a user's side begins: its first sweep depends on the items alone. */
export function zeroFactors(rows: number, factors: number): SideFactors {
  const stride = strideOf(factors)
  return { rows, stride, values: new Float32Array(rows * stride) }
}

/**
 * Small normal factors for every row that has interactions, and zeros for the others: an item nobody took must not lend
 * its random start to the users' first sweep.
 */
export function randomFactors(byRow: SparseMatrix, factors: number, seed: number): SideFactors {
  const side = zeroFactors(byRow.rows, factors)
  const random = seededRandom(seed)
  const scale = 0.1 / Math.sqrt(factors)
  for (let row = 0; row < byRow.rows; row += 1) {
    const isEmpty = byRow.rowStarts[row] === byRow.rowStarts[row + 1]
    for (let factor = 0; factor < factors; factor += 1) {
      const value = random.normal() * scale
      if (!isEmpty) side.values[row * side.stride + factor] = value
    }
  }
  return side
}

/** The factors that a model has for one side, and zeros for every row that has no interactions now. */
export function factorsFrom(byRow: SparseMatrix, { columns, values }: Matrix): SideFactors {
  const side = padFactors(byRow.rows, columns, values)
  for (let row = 0; row < byRow.rows; row += 1) {
    if (byRow.rowStarts[row] === byRow.rowStarts[row + 1]) {
      side.values.fill(0, row * side.stride, (row + 1) * side.stride)
    }
  }
  return side
}

/** Factors without their padding, `[rows × factors]`. */
export function unpadFactors(side: SideFactors, factors: number): Float32Array {
  const values = new Float32Array(side.rows * factors)
  for (let row = 0; row < side.rows; row += 1) {
    values.set(side.values.subarray(row * side.stride, row * side.stride + factors), row * factors)
  }
  return values
}

/** The reverse of `unpadFactors`. */
export function padFactors(rows: number, factors: number, values: ArrayLike<number>): SideFactors {
  const side = zeroFactors(rows, factors)
  for (let row = 0; row < rows; row += 1) {
    for (let factor = 0; factor < factors; factor += 1) {
      side.values[row * side.stride + factor] = values[row * factors + factor]!
    }
  }
  return side
}
