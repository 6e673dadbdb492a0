import { poissonDeviance } from './deviance.ts'
import { logGamma, stirlingError } from './gamma-function.ts'
import { invertIncreasing } from './invert.ts'

/** xᵃ e⁻ˣ / Γ(a + 1), by its distance from the mode where a is large enough for log Γ to lose digits. */
function density(a: number, x: number): number {
  if (a < 1) return Math.exp(a * Math.log(x) - x - logGamma(a + 1))
  return Math.exp(-stirlingError(a) - poissonDeviance(a, x)) / Math.sqrt(2 * Math.PI * a)
}

function lowerSeries(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * 1e-17; k += 1) {
    term *= x / (a + k)
    sum += term
  }
  return density(a, x) * sum
}

/** Lentz's algorithm for the continued fraction of the upper function. */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let value = d
  for (let k = 1; k < 1_000_000; k += 1) {
    const an = -k * (k - a)
    b += 2
    d = 1 / nonZero(an * d + b, tiny)
    c = nonZero(b + an / c, tiny)
    const factor = d * c
    value *= factor
    if (Math.abs(factor - 1) < 1e-16) break
  }
  return density(a, x) * a * value
}

const nonZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value)

/**
 * P(a, x), the regularised lower incomplete gamma function: the share of a gamma distribution of shape `a` and scale 1
 * at or below `x`.
 *
 * @param a > 0
 * @param x ≥ 0
 * @returns in [0, 1], NaN outside of the domain; relative error below 1e-13 where the value is above 1e-280
 *
 * Cost: O(√a) steps beside x = a, fewer elsewhere.
 * Source: Abramowitz & Stegun 6.5.29, 6.5.31.
 *
 * @example
 * regularisedGamma(1, 2) // 0.8646647167633873, 1 − e⁻²
 */
export function regularisedGamma(a: number, x: number): number {
  if (!(a > 0 && x >= 0)) return Number.NaN
  if (x === 0) return 0
  if (x === Infinity) return 1
  return Math.min(1, x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x))
}

/**
 * Q(a, x) = 1 − P(a, x), exact in the right tail, x > a + 1; elsewhere as exact as the difference allows.
 *
 * @example
 * regularisedGammaUpper(1, 700) // 9.85967654375977e-305
 */
export function regularisedGammaUpper(a: number, x: number): number {
  if (!(a > 0 && x >= 0)) return Number.NaN
  if (x === 0) return 1
  if (x === Infinity) return 0
  return Math.max(0, x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x))
}

/**
 * The x at which P(a, x) = p: the quantile of a gamma distribution of shape `a` and scale 1.
 *
 * @param p a fraction in [0, 1]
 * @param a > 0
 * @returns ≥ 0; Infinity at p = 1, NaN outside of the domain; relative error below 1e-12 for p in [1e-300, 1 − 1e-12]
 *
 * @example
 * gammaQuantile(0.5, 1) // 0.6931471805599453
 */
export function gammaQuantile(p: number, a: number): number {
  if (!(p >= 0 && p <= 1 && a > 0)) return Number.NaN
  if (p === 0) return 0
  if (p === 1) return Infinity
  // P(a, x) ≤ xᵃ / Γ(a + 1), so the quantile is never below this.
  const lower = Math.exp((Math.log(p) + logGamma(a + 1)) / a)
  // So far below every number of the range, that power is the whole of P.
  if (lower < 1e-290) return lower
  let upper = Math.max(lower * 2, a + 1)
  while (regularisedGamma(a, upper) < p) upper *= 2
  return invertIncreasing(
    (x) => regularisedGamma(a, x),
    (x) => (density(a, x) * a) / x,
    p,
    lower,
    upper,
  )
}
