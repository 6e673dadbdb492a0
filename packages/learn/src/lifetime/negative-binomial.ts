import { logGamma, type Random, regularisedBeta } from '@rapport/numerics'

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

/**
 * One count of that distribution, from one uniform number: the smallest count whose probability so far exceeds it.
 *
 * Cost: about as many steps as the count.
 */
export function drawNegativeBinomial(shape: number, reach: number, random: Random): number {
  const logNone = -shape * Math.log1p(reach)
  // Where none is impossible to working precision, the sum has no first term: a Poisson count of a gamma mean then.
  if (logNone < -600) return random.poisson(random.gamma(shape, reach))
  const share = reach / (1 + reach)
  const mean = shape * reach
  const u = random.uniform()
  let chance = Math.exp(logNone)
  let below = chance
  let count = 0
  // Far above the mean, what is left lies below the rounding of the sum.
  while (u >= below && (count < mean || chance > 1e-18)) {
    chance *= (share * (shape + count)) / (count + 1)
    count += 1
    below += chance
  }
  return count
}
