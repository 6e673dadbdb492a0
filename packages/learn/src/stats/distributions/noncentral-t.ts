import { logGamma, normalCdf, RapportError, regularisedBeta } from '@rapport/numerics'

/**
 * The share of the noncentral t distribution at or below `t`: how a t statistic is distributed when there is a difference.
 *
 * @param freedom > 0
 * @param shift the true difference in standard errors, |shift| ≤ 37
 * @returns 0 … 1, absolute error below 1e-12
 * @throws RapportError `noncentral-t.parameters`
 *
 * Source: Lenth, "Algorithm AS 243: cumulative distribution function of the noncentral t distribution", Applied Statistics 38, 1989.
 *
 * @example
 * noncentralTCdf(2, 10, 0) // 0.963…, that of Student's t
 */
export function noncentralTCdf(t: number, freedom: number, shift: number): number {
  if (Number.isNaN(t) || !(freedom > 0 && freedom < Infinity) || !(Math.abs(shift) <= 37)) {
    throw new RapportError(
      'noncentral-t.parameters',
      `t must be a number, freedom above 0 and |shift| at most 37, got ${t}, ${freedom}, ${shift}`,
    )
  }
  if (t < 0) return 1 - noncentralTCdf(-t, freedom, -shift)
  const square = t * t
  const share = t === Infinity ? 1 : square / (freedom + square)
  const rest = t === Infinity ? 0 : freedom / (freedom + square)
  const half = (shift * shift) / 2
  let even = Math.exp(-half)
  let odd = (shift * Math.exp(-half - logGamma(1.5))) / Math.SQRT2
  let [sum, seen] = [0, 0]
  for (let term = 0; term < 5000; term += 1) {
    sum +=
      even * regularisedBeta(share, term + 0.5, freedom / 2, rest) +
      odd * regularisedBeta(share, term + 1, freedom / 2, rest)
    seen += even
    // Weights of what is left are those of a Poisson variable above its mean.
    if (term > half && 1 - seen < 1e-15) break
    even *= half / (term + 1)
    odd *= half / (term + 1.5)
  }
  return Math.min(1, Math.max(0, normalCdf(-shift) + sum / 2))
}
