import { gaussLegendre } from '@rapport/numerics'
import { drawNegativeBinomial, negativeBinomial } from './negative-binomial.ts'
import { type Dropout, integrateDropout, type ParetoParameters } from './pareto-nbd.ts'
import type { PurchaseProcess } from './purchase-process.ts'

/**
 * The process of Pareto/NBD.
 *
 * Given that a customer is alive at the end of their age, their purchase rate is gamma distributed with shape r + x and
 * rate alpha + age, and their dropout rate with shape s and rate beta + age.
 */
export function paretoProcess({ r, alpha, s, beta }: ParetoParameters): PurchaseProcess {
  const dropout: Dropout = { logOdds: 0, logAlpha: 0, overAlpha: 0, logBeta: 0, overBeta: 0 }
  return {
    probabilityAlive({ frequency, recency, age }) {
      integrateDropout([r, alpha, s, beta], frequency, recency, age, dropout)
      return 1 / (1 + Math.exp(dropout.logOdds))
    },
    expectedOfNew: (horizon) => (r / alpha) * expectedLife(s, beta, horizon),
    expectedIfAlive: ({ frequency, age }, horizon) =>
      ((r + frequency) / (alpha + age)) * expectedLife(s, beta + age, horizon),
    countsOfNew: (horizon, countMax) => countsUntilDeath(r, alpha, s, beta, horizon, countMax),
    countsIfAlive: ({ frequency, age }, horizon, countMax) =>
      countsUntilDeath(r + frequency, alpha + age, s, beta + age, horizon, countMax),
    drawIfAlive({ frequency, age }, horizon, random, onPurchase) {
      // With a gamma dropout rate, log(1 + life / (beta + age)) is exponential with rate s.
      const end = Math.min(horizon, (beta + age) * Math.expm1(random.exponential(s)))
      const count = drawNegativeBinomial(r + frequency, end / (alpha + age), random)
      for (let purchase = 0; purchase < count; purchase += 1) onPurchase(end * random.uniform())
    },
  }
}

/** Expected time alive within `horizon`: β/(s − 1) (1 − (β/(β + horizon))^(s − 1)), which has a limit at s = 1. */
function expectedLife(s: number, beta: number, horizon: number): number {
  const grown = Math.log1p(horizon / beta)
  const exponent = (1 - s) * grown
  return exponent === 0 ? beta * grown : (beta * grown * Math.expm1(exponent)) / exponent
}

const { points, weights } = gaussLegendre(64)

/** Probabilities of 0 … countMax purchases: alive to the horizon, or an average over the moment of dropping out. */
function countsUntilDeath(
  shape: number,
  rate: number,
  s: number,
  beta: number,
  horizon: number,
  countMax: number,
): Float64Array {
  const grown = Math.log1p(horizon / beta)
  const counts = negativeBinomial(shape, horizon / rate, countMax).chances.map(
    (chance) => chance * Math.exp(-s * grown),
  )
  // Over v = log(1 + moment/beta), in which the moment of dropping out has density s e^(−s v).
  for (let at = 0; at < points.length; at += 1) {
    const v = points[at]! * grown
    const weight = weights[at]! * grown * s * Math.exp(-s * v)
    const { chances } = negativeBinomial(shape, (beta * Math.expm1(v)) / rate, countMax)
    for (let count = 0; count <= countMax; count += 1) counts[count]! += weight * chances[count]!
  }
  return counts
}
