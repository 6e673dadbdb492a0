import { regularisedBeta } from './incomplete-beta.ts'
import { normalCdf } from './normal.ts'

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
