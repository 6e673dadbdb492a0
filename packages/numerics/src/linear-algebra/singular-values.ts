import { triangularise } from './householder.ts'

/** A matrix as left vectors × singular values × right vectors, transposed. */
export interface SingularValues {
  /** `[m]` falling, ≥ 0. */
  readonly values: Float64Array
  /** m columns of `[n]`; zeros where the value is 0. Computed when asked for. */
  readonly left: () => Float64Array[]
  /** m columns of `[m]`, orthonormal also where values are 0. */
  readonly right: readonly Float64Array[]
}

const sweepsMax = 60

/**
 * The singular value decomposition of a tall matrix: QR first, then one-sided Jacobi rotations of the triangle, which find
 * small singular values to nearly as many digits as large ones.
 *
 * @param columns m columns of `[n]`, n ≥ m, finite; not changed
 *
 * Cost: 2 n m² multiplications and some 8 sweeps of 4 m³.
 * Source: Demmel & Veselić, "Jacobi's method is more accurate than QR", SIAM J. Matrix Anal. Appl. 13(4), 1992.
 *
 * @example
 * singularValues([Float64Array.of(3, 0), Float64Array.of(0, 4)]).values // Float64Array [4, 3]
 */
export function singularValues(columns: readonly Float64Array[]): SingularValues {
  const m = columns.length
  // Near 1 neither squares nor their sums overflow or vanish.
  const size = columns.reduce((most, column) => column.reduce((top, value) => Math.max(top, Math.abs(value)), most), 0)
  const scale = size > 0 ? size : 1
  const { triangle, orthonormal } = triangularise(columns.map((column) => column.map((value) => value / scale)))
  const rotated = triangle.map((column) => column.slice())
  const right = triangle.map((_, at) => Float64Array.from({ length: m }, (_, row) => (row === at ? 1 : 0)))
  for (let sweep = 0; sweep < sweepsMax && rotateAll(rotated, right); sweep += 1);
  const lengths = rotated.map((column) => Math.sqrt(dot(column, column)))
  const order = lengths.map((_, at) => at).sort((one, other) => lengths[other]! - lengths[one]!)
  return {
    values: Float64Array.from(order, (at) => scale * lengths[at]!),
    left: () => {
      const basis = orthonormal()
      return order.map((at) => combine(basis, rotated[at]!, lengths[at]!))
    },
    right: order.map((at) => right[at]!),
  }
}

/** One sweep over all pairs of columns; false when all were at right angles already. */
function rotateAll(rotated: readonly Float64Array[], right: readonly Float64Array[]): boolean {
  let turned = false
  for (let first = 0; first < rotated.length; first += 1) {
    for (let second = first + 1; second < rotated.length; second += 1) {
      const one = rotated[first]!
      const other = rotated[second]!
      const both = dot(one, other)
      const square = dot(one, one)
      const otherSquare = dot(other, other)
      if (!(Math.abs(both) > 1e-15 * Math.sqrt(square) * Math.sqrt(otherSquare))) continue
      turned = true
      const halfway = (otherSquare - square) / (2 * both)
      const tangent = (halfway < 0 ? -1 : 1) / (Math.abs(halfway) + Math.hypot(1, halfway))
      const cosine = 1 / Math.hypot(1, tangent)
      rotate(one, other, cosine, cosine * tangent)
      rotate(right[first]!, right[second]!, cosine, cosine * tangent)
    }
  }
  return turned
}

function rotate(one: Float64Array, other: Float64Array, cosine: number, sine: number): void {
  for (let row = 0; row < one.length; row += 1) {
    const value = one[row]!
    one[row] = cosine * value - sine * other[row]!
    other[row] = sine * value + cosine * other[row]!
  }
}

/** Σ columnⱼ shareⱼ / length; zeros when the length is 0. */
function combine(columns: readonly Float64Array[], shares: Float64Array, length: number): Float64Array {
  const sum = new Float64Array(columns[0]!.length)
  if (length === 0) return sum
  columns.forEach((column, at) => {
    const share = shares[at]! / length
    for (let row = 0; row < sum.length; row += 1) sum[row]! += share * column[row]!
  })
  return sum
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let row = 0; row < left.length; row += 1) sum += left[row]! * right[row]!
  return sum
}
