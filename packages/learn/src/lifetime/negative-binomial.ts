import { logGamma, regularisedBeta } from '@rapport/numerics'

/**
 * The negative binomial distribution: Poisson counts whose mean is gamma distributed.
 *
 * @param shape of the gamma distribution, > 0
 * @param reach its mean divided by `shape`: time over the distribution's rate, ≥ 0
 * @returns `[countMax + 1]` each: P(N = n), and P(N ≥ n), exact in both tails
 */
export function negativeBinomial(
  shape: number,
  reach: number,
  countMax: number,
): { readonly chances: Float64Array; readonly atLeast: Float64Array } {
  const chances = new Float64Array(countMax + 1)
  const atLeast = new Float64Array(countMax + 1)
  const logNone = -shape * Math.log1p(reach)
  const logShare = Math.log(reach) - Math.log1p(reach)
  const share = reach / (1 + reach)
  const offset = logGamma(shape)
  for (let n = 0; n <= countMax; n += 1) {
    const logCoefficient = n === 0 ? 0 : logGamma(shape + n) - offset - logGamma(n + 1)
    chances[n] = Math.exp(logCoefficient + logNone + (n === 0 ? 0 : n * logShare))
    atLeast[n] = n === 0 ? 1 : regularisedBeta(share, n, shape, 1 / (1 + reach))
  }
  return { chances, atLeast }
}
