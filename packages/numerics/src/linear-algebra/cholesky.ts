import { RapportError } from '../error.ts'

/** The lower triangle L of a symmetric positive definite matrix A = L Lᵀ. */
export interface Cholesky {
  readonly size: number
  /** `[size × size]` row after row; what lies above the diagonal is zero. */
  readonly lower: Float64Array
}

/**
 * The Cholesky factor of a symmetric matrix, or undefined when the matrix is not positive definite.
 *
 * A pivot counts as positive only when it exceeds `tolerance` times its own diagonal value, so a column that is a
 * combination of others is found although rounding left it a little above zero.
 *
 * @param symmetric `[size × size]` row after row; only the lower triangle is read
 * @param tolerance share of a diagonal value that must be left, default 1e-13
 * @throws RapportError `cholesky.shape` when the length is not size²
 *
 * Cost: size³ / 6 multiplications.
 * Source: Golub & Van Loan, "Matrix computations", 4th ed. 2013, algorithm 4.2.1.
 *
 * @example
 * cholesky(Float64Array.of(4, 2, 2, 5), 2)?.lower // Float64Array [2, 0, 1, 2]
 */
export function cholesky(symmetric: Float64Array, size: number, tolerance = 1e-13): Cholesky | undefined {
  if (symmetric.length !== size * size) {
    throw new RapportError('cholesky.shape', `matrix must hold ${size} × ${size} numbers, got ${symmetric.length}`)
  }
  const lower = new Float64Array(size * size)
  for (let row = 0; row < size; row += 1) {
    const rowAt = row * size
    for (let column = 0; column <= row; column += 1) {
      const columnAt = column * size
      let left = symmetric[rowAt + column]!
      for (let at = 0; at < column; at += 1) left -= lower[rowAt + at]! * lower[columnAt + at]!
      if (column < row) {
        lower[rowAt + column] = left / lower[columnAt + column]!
      } else {
        if (!(left > tolerance * symmetric[rowAt + row]!)) return undefined
        lower[rowAt + row] = Math.sqrt(left)
      }
    }
  }
  return { size, lower }
}

/**
 * The x with A x = `right`, from A's Cholesky factor.
 *
 * @param right `[size]`
 * @returns `[size]`, a new array
 *
 * Cost: size² multiplications.
 *
 * @example
 * solveCholesky(cholesky(Float64Array.of(4, 2, 2, 5), 2)!, Float64Array.of(8, 8)) // Float64Array [1.5, 1]
 */
export function solveCholesky({ size, lower }: Cholesky, right: Float64Array): Float64Array {
  const solution = right.slice()
  for (let row = 0; row < size; row += 1) {
    let left = solution[row]!
    for (let at = 0; at < row; at += 1) left -= lower[row * size + at]! * solution[at]!
    solution[row] = left / lower[row * size + row]!
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    // Column-wise, so that this half too reads the factor row after row.
    const value = solution[row]! / lower[row * size + row]!
    solution[row] = value
    for (let at = 0; at < row; at += 1) solution[at]! -= value * lower[row * size + at]!
  }
  return solution
}

/**
 * The inverse of A from its Cholesky factor, `[size × size]` row after row.
 *
 * Cost: size³ multiplications; to solve for one right side `solveCholesky` is cheaper and more exact.
 *
 * @example
 * inverseFromCholesky(cholesky(Float64Array.of(4, 0, 0, 2), 2)!) // Float64Array [0.25, 0, 0, 0.5], up to rounding
 */
export function inverseFromCholesky(factor: Cholesky): Float64Array {
  const { size } = factor
  const inverse = new Float64Array(size * size)
  for (let row = 0; row < size; row += 1) {
    const unit = new Float64Array(size)
    unit[row] = 1
    inverse.set(solveCholesky(factor, unit), row * size)
  }
  return inverse
}
