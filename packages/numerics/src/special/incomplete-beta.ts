import { poissonDeviance } from './deviance.ts'
import { logBeta, stirlingError } from './gamma-function.ts'
import { invertIncreasing } from './invert.ts'

/** xᵃ yᵇ / B(a, b) with y = 1 − x, by its distance from the mode. */
function density(a: number, b: number, x: number, y: number): number {
  const n = a + b
  const error = stirlingError(n) - stirlingError(a) - stirlingError(b)
  const exponent = error - poissonDeviance(a, n * x) - poissonDeviance(b, n * y)
  return Math.exp(exponent) * Math.sqrt((a / n) * (b / (2 * Math.PI)))
}

/** Lentz's algorithm; converges fast for x < (a + 1) / (a + b + 2). */
function fraction(a: number, b: number, x: number): number {
  const tiny = 1e-300
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let k = 1; k < 1_000_000; k += 1) {
    const even = (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k))
    d = 1 / guard(1 + even * d)
    c = guard(1 + even / c)
    value *= d * c
    const odd = (-(a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1))
    d = 1 / guard(1 + odd * d)
    c = guard(1 + odd / c)
    const factor = d * c
    value *= factor
    if (Math.abs(factor - 1) < 1e-16) break
  }
  return value
}

/**
 * I_x(a, b), the regularised incomplete beta function: the share of a beta distribution at or below `x`.
 *
 * @param x a fraction in [0, 1]
 * @param a > 0
 * @param b > 0
 * @param complement 1 − x, for callers who know it more exactly than the difference would be
 * @returns in [0, 1], NaN outside of the domain; relative error below 1e-12 where the value is above 1e-280
 *
 * Cost: O(√max(a, b)) steps.
 * Source: Abramowitz & Stegun 26.5.8; Press et al., Numerical Recipes, 6.4.
 *
 * @example
 * regularisedBeta(0.5, 2, 3) // 0.6875
 */
export function regularisedBeta(x: number, a: number, b: number, complement = 1 - x): number {
  if (!(x >= 0 && x <= 1 && a > 0 && b > 0)) return Number.NaN
  if (x === 0) return 0
  if (complement === 0) return 1
  const front = density(a, b, x, complement)
  const share =
    x < (a + 1) / (a + b + 2) ? (front * fraction(a, b, x)) / a : 1 - (front * fraction(b, a, complement)) / b
  return Math.min(1, Math.max(0, share))
}

/**
 * The x at which I_x(a, b) = p: the quantile of a beta distribution.
 *
 * @param p a fraction in [0, 1]
 * @returns in [0, 1], NaN outside of the domain; relative error below 1e-12, and absolute below 1e-15 beside 1
 *
 * @example
 * betaQuantile(0.6875, 2, 3) // 0.5
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1 && a > 0 && b > 0)) return Number.NaN
  if (p === 0 || p === 1) return p
  // Far below, I_x is xᵃ / (a B(a, b)) to the last digit, and its root may be smaller than any number there is.
  const power = Math.exp((Math.log(p) + Math.log(a) + logBeta(a, b)) / a)
  if (power < 1e-290) return power
  const slope = (x: number): number => density(a, b, x, 1 - x) / (x * (1 - x))
  return invertIncreasing((x) => regularisedBeta(x, a, b), slope, p, 1e-300, 1)
}
