/** Curvature below this share of the largest one is as good as none. */
const flatShare = 1e-9
/** A parameter that lies in flat directions with more than this share of its square is not told by the data. */
const unknownShare = 1e-3

/**
 * The covariance of estimates from the curvature of minus the log-likelihood, over the directions in which it is curved.
 *
 * On the edge of its domain (nobody ever drops out, say) a likelihood is flat in some directions for good. There the
 * parameters have no standard error, yet everything that the likelihood depends on is as well known as ever; so these
 * directions get variance 0 and the others theirs, and what is predicted keeps its uncertainty. What an edge hides on its
 * far side is not in it.
 *
 * @param curvature `[d × d]` symmetric
 * @returns `covariance` `[d × d]`, and `isKnown` `[d]` whether each parameter has a standard error
 */
export function covarianceFrom(curvature: Float64Array, d: number): { covariance: Float64Array; isKnown: boolean[] } {
  const { values, vectors } = eigen(curvature, d)
  const largest = values.reduce((most, value) => Math.max(most, value), 0)
  const isFlat = Array.from(values, (value) => !(value > flatShare * largest))
  const covariance = new Float64Array(d * d)
  const flat = new Float64Array(d)
  for (let direction = 0; direction < d; direction += 1) {
    for (let row = 0; row < d; row += 1) {
      const along = vectors[row * d + direction]!
      if (isFlat[direction]) flat[row]! += along * along
      else {
        for (let column = 0; column < d; column += 1) {
          covariance[row * d + column]! += (along * vectors[column * d + direction]!) / values[direction]!
        }
      }
    }
  }
  return { covariance, isKnown: Array.from(flat, (share) => share < unknownShare) }
}

/**
 * A lower triangular L with L Lᵀ = `covariance`, which may be 0 in some directions: Cholesky's steps, with the column left
 * empty where nothing remains of the diagonal.
 */
export function semidefiniteFactor(covariance: Float64Array, d: number): Float64Array {
  const lower = new Float64Array(d * d)
  for (let column = 0; column < d; column += 1) {
    let left = covariance[column * d + column]!
    for (let before = 0; before < column; before += 1) left -= lower[column * d + before]! ** 2
    if (!(left > 1e-12 * covariance[column * d + column]!)) continue
    const pivot = Math.sqrt(left)
    for (let row = column; row < d; row += 1) {
      let rest = covariance[row * d + column]!
      for (let before = 0; before < column; before += 1) rest -= lower[row * d + before]! * lower[column * d + before]!
      lower[row * d + column] = rest / pivot
    }
  }
  return lower
}

/** Eigenvalues and (in columns) eigenvectors of a small symmetric matrix by Jacobi's rotations. */
function eigen(matrix: Float64Array, d: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice()
  const vectors = new Float64Array(d * d)
  for (let at = 0; at < d; at += 1) vectors[at * d + at] = 1
  // Jacobi converges quadratically: a dozen sweeps leave nothing off the diagonal.
  for (let sweep = 0; sweep < 30; sweep += 1) {
    for (let p = 0; p < d; p += 1) for (let q = p + 1; q < d; q += 1) rotate(a, vectors, d, p, q)
  }
  return { values: Float64Array.from({ length: d }, (_, at) => a[at * d + at]!), vectors }
}

function rotate(a: Float64Array, vectors: Float64Array, d: number, p: number, q: number): void {
  const off = a[p * d + q]!
  if (off === 0) return
  const ratio = (a[q * d + q]! - a[p * d + p]!) / (2 * off)
  const tangent = Math.sign(ratio || 1) / (Math.abs(ratio) + Math.hypot(ratio, 1))
  const cosine = 1 / Math.hypot(tangent, 1)
  const sine = tangent * cosine
  const turn = (values: Float64Array, one: number, other: number): void => {
    const [left, right] = [values[one]!, values[other]!]
    values[one] = cosine * left - sine * right
    values[other] = sine * left + cosine * right
  }
  for (let at = 0; at < d; at += 1) turn(a, at * d + p, at * d + q)
  for (let at = 0; at < d; at += 1) turn(a, p * d + at, q * d + at)
  for (let at = 0; at < d; at += 1) turn(vectors, at * d + p, at * d + q)
}
