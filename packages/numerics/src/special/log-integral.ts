/**
 * log ∫ exp(f(y)) dy over the whole line, for a smooth f with one mode whose sides fall at least like a line.
 *
 * The trapezoid rule after y = mode + width · sinh(s): it converges geometrically for such integrands, reaches
 * exponential sides in a few hundred points whatever their rate, and never overflows since only differences of f are
 * exponentiated.
 *
 * @param f the logarithm of the integrand; may be −∞ in its far tails
 * @param mode where f is largest, roughly
 * @param width about one standard deviation of the integrand's middle; at most 4 for functions of a logit, whose poles
 * lie at a distance of π from the line
 *
 * Source: Trefethen & Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56(3), 2014.
 */
export function logIntegral(f: (y: number) => number, mode: number, width: number): number {
  const step = 1 / 24
  const peak = f(mode)
  let sum = 1
  for (const side of [-1, 1]) {
    let below = 0
    for (let k = 1; k < 800 && below < 3; k += 1) {
      const s = side * k * step
      const term = Math.exp(f(mode + width * Math.sinh(s)) - peak) * Math.cosh(s)
      sum += term
      // The mode is only rough, so three small terms in a row end a side, not one.
      below = term < 1e-17 * sum ? below + 1 : 0
    }
  }
  return peak + Math.log(sum * step * width)
}
