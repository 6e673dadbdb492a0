import { betaQuantile, regularisedBeta } from './incomplete-beta.ts'
import { normalCdf, normalQuantile } from './normal.ts'

/**
 * The share of Student's t distribution at or below `t`.
 *
 * @param t any number
 * @param freedom degrees of freedom > 0, whole or not; Infinity gives the normal distribution
 * @returns in [0, 1], NaN outside of the domain; exact in the left tail, so ask for `studentTCdf(-t, …)` for the right one
 *
 * @example
 * studentTCdf(2.2281388519649385, 10) // 0.975
 */
export function studentTCdf(t: number, freedom: number): number {
  if (Number.isNaN(t) || !(freedom > 0)) return Number.NaN
  if (freedom === Infinity) return normalCdf(t)
  if (t === 0) return 0.5
  const square = t * t
  const tail = 0.5 * regularisedBeta(1 / (1 + square / freedom), freedom / 2, 0.5, 1 / (1 + freedom / square))
  return t < 0 ? tail : 1 - tail
}

/**
 * The value that a variable with Student's t distribution stays at or below with probability `p`.
 *
 * @param p a fraction in [0, 1]
 * @param freedom degrees of freedom > 0, whole or not; Infinity gives the normal distribution
 * @returns −∞ at 0, ∞ at 1, NaN outside of the domain; relative error below 1e-11, given that 1 − p is exact
 *
 * @example
 * studentTQuantile(0.975, 10) // 2.2281388519649385
 */
export function studentTQuantile(p: number, freedom: number): number {
  if (!(p >= 0 && p <= 1 && freedom > 0)) return Number.NaN
  if (freedom === Infinity) return normalQuantile(p)
  if (p === 0.5) return 0
  const both = 2 * Math.min(p, 1 - p)
  // freedom / (freedom + t²) is beta distributed, and so is its complement: the smaller of the two keeps its digits.
  let square: number
  if (both < 0.5) {
    const share = betaQuantile(both, freedom / 2, 0.5)
    square = (freedom * (1 - share)) / share
  } else {
    const share = betaQuantile(1 - both, 0.5, freedom / 2)
    square = (freedom * share) / (1 - share)
  }
  return p < 0.5 ? -Math.sqrt(square) : Math.sqrt(square)
}
