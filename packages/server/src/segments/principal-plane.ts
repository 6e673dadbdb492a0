import type { Matrix } from '@rapport/numerics'

/** The two directions in which rows differ most. */
export interface PrincipalPlane {
  /** `[d]` means, taken off first. */
  readonly center: Float64Array
  /** `[d]` each, of length 1; the largest entry is positive, so that the picture never flips between runs. */
  readonly axes: readonly [Float64Array, Float64Array]
  /** Share of the variance in the plane, 0 … 1. */
  readonly explained: number
}

/**
 * The first two principal components, by Jacobi's rotations of the covariance matrix.
 *
 * @param data `[n × d]`, finite, n ≥ 1, d ≥ 1; with one column the second axis is zero
 *
 * Cost: O(n · d² + d³).
 */
export function principalPlane(data: Matrix): PrincipalPlane {
  const { columns: d } = data
  const { center, covariance } = covarianceOf(data)
  const { values, vectors } = jacobi(covariance, d)
  const order = Array.from({ length: d }, (_, at) => at).sort((left, right) => values[right]! - values[left]!)
  const axis = (place: number): Float64Array => {
    const column = order[place]
    if (column === undefined) return new Float64Array(d)
    const vector = Float64Array.from({ length: d }, (_, row) => vectors[row * d + column]!)
    const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
    return largest < 0 ? vector.map((value) => -value) : vector
  }
  const total = values.reduce((sum, value) => sum + value, 0)
  const inPlane = order.slice(0, 2).reduce((sum, column) => sum + values[column]!, 0)
  return { center, axes: [axis(0), axis(1)], explained: total > 0 ? inPlane / total : 0 }
}

/** Where a row lies in the plane. */
export function projected({ center, axes }: PrincipalPlane, row: ArrayLike<number>): [x: number, y: number] {
  let x = 0
  let y = 0
  for (let column = 0; column < center.length; column += 1) {
    const difference = row[column]! - center[column]!
    x += difference * axes[0][column]!
    y += difference * axes[1][column]!
  }
  return [x, y]
}

function covarianceOf({ rows, columns: d, values }: Matrix): { center: Float64Array; covariance: Float64Array } {
  const center = new Float64Array(d)
  for (let at = 0; at < values.length; at += 1) center[at % d]! += values[at]! / rows
  const covariance = new Float64Array(d * d)
  for (let row = 0; row < rows; row += 1) {
    for (let left = 0; left < d; left += 1) {
      const difference = values[row * d + left]! - center[left]!
      for (let right = left; right < d; right += 1) {
        covariance[left * d + right]! += (difference * (values[row * d + right]! - center[right]!)) / rows
      }
    }
  }
  for (let left = 0; left < d; left += 1) {
    for (let right = 0; right < left; right += 1) covariance[left * d + right] = covariance[right * d + left]!
  }
  return { center, covariance }
}

/** Turns a symmetric matrix diagonal, one pair of rows after another, until what is off the diagonal is next to nothing. */
function jacobi(symmetric: Float64Array, d: number): { values: Float64Array; vectors: Float64Array } {
  const a = symmetric.slice()
  const vectors = new Float64Array(d * d)
  for (let at = 0; at < d; at += 1) vectors[at * d + at] = 1
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let off = 0
    for (let p = 0; p < d; p += 1) for (let q = p + 1; q < d; q += 1) off += a[p * d + q]! ** 2
    if (off < 1e-22) break
    for (let p = 0; p < d; p += 1) for (let q = p + 1; q < d; q += 1) rotate(a, vectors, d, p, q)
  }
  return { values: Float64Array.from({ length: d }, (_, at) => a[at * d + at]!), vectors }
}

function rotate(a: Float64Array, vectors: Float64Array, d: number, p: number, q: number): void {
  const between = a[p * d + q]!
  if (between === 0) return
  const ratio = (a[q * d + q]! - a[p * d + p]!) / (2 * between)
  const tangent = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1))
  const cosine = 1 / Math.sqrt(tangent * tangent + 1)
  const sine = tangent * cosine
  const turn = (of: Float64Array, left: number, right: number): void => {
    const before = of[left]!
    of[left] = cosine * before - sine * of[right]!
    of[right] = sine * before + cosine * of[right]!
  }
  for (let at = 0; at < d; at += 1) turn(a, at * d + p, at * d + q)
  for (let at = 0; at < d; at += 1) turn(a, p * d + at, q * d + at)
  for (let at = 0; at < d; at += 1) turn(vectors, at * d + p, at * d + q)
}
