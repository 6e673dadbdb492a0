/** A tall matrix as an orthonormal one times an upper triangle, kept as reflections. */
export interface Triangularised {
  /** m columns of `[m]`: the upper triangle R, zeros below. */
  readonly triangle: readonly Float64Array[]
  /** m columns of `[n]`, orthonormal: the Q with Q R = the matrix. Computed when asked for. */
  readonly orthonormal: () => Float64Array[]
}

/** The squares of anything smaller vanish. */
const tiny = 1e-140

/**
 * QR decomposition of a tall matrix by Householder reflections, which stays orthonormal whatever the rank.
 *
 * @param columns m columns of `[n]`, n ≥ m, values up to 1e150; what is left of one below 1e-140 counts as 0. They are overwritten
 *
 * Cost: 2 n m² multiplications, and as many again for Q.
 * Source: Golub & Van Loan, "Matrix computations", 4th ed. 2013, algorithms 5.2.1 and 5.1.1.
 */
export function triangularise(columns: readonly Float64Array[]): Triangularised {
  const m = columns.length
  const scales = new Float64Array(m)
  const diagonal = new Float64Array(m)
  for (let k = 0; k < m; k += 1) {
    const own = columns[k]!
    const length = Math.sqrt(dotFrom(own, own, k))
    if (length < tiny) continue
    diagonal[k] = own[k]! > 0 ? -length : length
    own[k]! -= diagonal[k]!
    scales[k] = 2 / dotFrom(own, own, k)
    for (let later = k + 1; later < m; later += 1) reflect(columns[later]!, own, scales[k]!, k)
  }
  const triangle = columns.map((column, at) =>
    Float64Array.from({ length: m }, (_, row) => (row < at ? column[row]! : row === at ? diagonal[at]! : 0)),
  )
  return {
    triangle,
    orthonormal: () =>
      columns.map((column, at) => {
        const unit = new Float64Array(column.length)
        unit[at] = 1
        for (let k = at; k >= 0; k -= 1) reflect(unit, columns[k]!, scales[k]!, k)
        return unit
      }),
  }
}

function reflect(target: Float64Array, mirror: Float64Array, scale: number, from: number): void {
  if (scale === 0) return
  const share = scale * dotFrom(target, mirror, from)
  for (let row = from; row < target.length; row += 1) target[row]! -= share * mirror[row]!
}

function dotFrom(left: Float64Array, right: Float64Array, from: number): number {
  let sum = 0
  for (let row = from; row < left.length; row += 1) sum += left[row]! * right[row]!
  return sum
}
