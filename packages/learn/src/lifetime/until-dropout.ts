import { logBeta, logIntegral } from '@rapport/numerics'

/**
 * Expected purchases within `horizon` of a customer who is alive, whose purchase rate is gamma distributed (shape,
 * rate) and who drops out after each purchase with a beta distributed chance (a, b).
 *
 * Equal to (a + b − 1)/(a − 1) (1 − (rate/(rate + horizon))^shape ₂F₁(shape, b; a + b − 1; horizon/(rate + horizon))) of
 * Fader, Hardie & Lee 2005, eq. 9, but summed as Σ P(N > j) E[qʲ] with N negative binomial and q the chance to stay: all
 * terms are positive, so nothing cancels at a = 1, at a + b = 1 or for large counts, where the closed form breaks down.
 * Long sums are replaced by an integral over the logit of the chance.
 *
 * @param horizon ≥ 0
 * @returns ≥ 0, relative error below 1e-10
 *
 * Cost: about as many steps as purchases an immortal customer would make, at most some hundreds.
 */
export function expectedUntilDropout(shape: number, rate: number, a: number, b: number, horizon: number): number {
  if (horizon === 0) return 0
  const share = horizon / (rate + horizon)
  const logStay = -Math.log1p(horizon / rate)
  const mean = (shape * horizon) / rate
  const spread = Math.sqrt(mean * (1 + horizon / rate))
  // The sum is long where counts are large, and its first term vanishes where (rate/(rate + horizon))^shape does.
  if (mean + 12 * spread > 1000 || shape * logStay < -600) return byIntegral(shape, rate, a, b, horizon)
  let chance = Math.exp(shape * logStay)
  let above = -Math.expm1(shape * logStay)
  let staying = 1
  let sum = 0
  for (let j = 0; j < 100_000; j += 1) {
    sum += above * staying
    chance *= (share * (shape + j)) / (j + 1)
    above -= chance
    staying *= (b + j) / (a + b + j)
    // What is left of P(N > j) falls at least geometrically with the ratio of the next chances.
    const ratio = Math.max(share, (share * (shape + j + 1)) / (j + 2))
    if (above <= 0 || (ratio < 1 && above * staying < 1e-14 * sum * (1 - ratio))) break
  }
  return sum
}

/** The same as an integral over p, the chance to drop out, of (1 − (1 + p horizon/rate)^−shape) / p. */
function byIntegral(shape: number, rate: number, a: number, b: number, horizon: number): number {
  const reach = horizon / rate
  const logIntegrand = (y: number): number => {
    const logChance = y < 0 ? y - Math.log1p(Math.exp(y)) : -Math.log1p(Math.exp(-y))
    const logStay = logChance - y
    const bought = -Math.expm1(-shape * Math.log1p(Math.exp(logChance) * reach))
    // Far to the left the difference is p times its slope, and p has cancelled.
    const logBought = bought > 1e-290 ? Math.log(bought) - logChance : Math.log(shape * reach)
    return a * logChance + b * logStay + logBought
  }
  const mode = Math.log(a / b)
  const width = Math.min(4, Math.sqrt(1 / a + 1 / b))
  return Math.exp(logIntegral(logIntegrand, mode, width) - logBeta(a, b))
}
