/** Points and weights of a quadrature rule on [0, 1]. */
export interface QuadratureRule {
  readonly points: Float64Array
  readonly weights: Float64Array
}

/**
 * The Gauss–Legendre rule with `n` points on [0, 1]: exact for polynomials of degree 2 n − 1.
 *
 * @param n number of points, 1 … a few hundred
 *
 * Cost: O(n²).
 * Source: Press et al., Numerical Recipes, 4.6 (Newton's steps on the Legendre polynomial).
 *
 * @example
 * gaussLegendre(2).points // about [0.2113, 0.7887]
 */
export function gaussLegendre(n: number): QuadratureRule {
  const points = new Float64Array(n)
  const weights = new Float64Array(n)
  for (let k = 0; k < n; k += 1) {
    let x = Math.cos((Math.PI * (n - k - 0.25)) / (n + 0.5))
    let slope = 1
    for (let round = 0; round < 10; round += 1) {
      let last = 1
      let beforeLast = 0
      for (let degree = 1; degree <= n; degree += 1) {
        const value = ((2 * degree - 1) * x * last - (degree - 1) * beforeLast) / degree
        beforeLast = last
        last = value
      }
      slope = (n * (x * last - beforeLast)) / (x * x - 1)
      x -= last / slope
    }
    points[k] = (1 + x) / 2
    weights[k] = 1 / ((1 - x * x) * slope * slope)
  }
  return { points, weights }
}
