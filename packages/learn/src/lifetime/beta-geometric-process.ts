import type { BetaGeometricParameters } from './beta-geometric.ts'
import { negativeBinomial } from './negative-binomial.ts'
import type { PurchaseProcess } from './purchase-process.ts'
import { expectedUntilDropout } from './until-dropout.ts'

/**
 * The process of BG/NBD (`chancesBefore` 0) and MBG/NBD (1).
 *
 * Given that a customer is alive at the end of their age, their purchase rate is gamma distributed with shape r + x and
 * rate alpha + age, and their chance to drop out beta distributed with a and b + x (one more with MBG/NBD): every
 * question about their future is the question about a new customer at those parameters.
 */
export function betaGeometricProcess(
  { r, alpha, a, b }: BetaGeometricParameters,
  chancesBefore: 0 | 1,
): PurchaseProcess {
  return {
    probabilityAlive({ frequency, recency, age }) {
      const chances = frequency + chancesBefore
      if (chances === 0) return 1
      const logOdds =
        Math.log(a / (b + chances - 1)) + (r + frequency) * Math.log1p((age - recency) / (alpha + recency))
      return 1 / (1 + Math.exp(logOdds))
    },
    expectedOfNew(horizon) {
      const stays = chancesBefore === 1 ? b / (a + b) : 1
      return stays * expectedUntilDropout(r, alpha, a, b + chancesBefore, horizon)
    },
    expectedIfAlive({ frequency, age }, horizon) {
      return expectedUntilDropout(r + frequency, alpha + age, a, b + frequency + chancesBefore, horizon)
    },
    countsOfNew(horizon, countMax) {
      const counts = countsUntilDropout(r, alpha, a, b + chancesBefore, horizon, countMax)
      if (chancesBefore === 0) return counts
      const stays = b / (a + b)
      return counts.map((chance, count) => chance * stays + (count === 0 ? 1 - stays : 0))
    },
    countsIfAlive({ frequency, age }, horizon, countMax) {
      return countsUntilDropout(r + frequency, alpha + age, a, b + frequency + chancesBefore, horizon, countMax)
    },
    drawIfAlive({ frequency, age }, horizon, random, onPurchase) {
      const rate = random.gamma(r + frequency, 1 / (alpha + age))
      if (!(rate > 0)) return
      let chance: number | undefined
      for (let moment = random.exponential(rate); moment <= horizon; moment += random.exponential(rate)) {
        onPurchase(moment)
        // Drawn by those who buy at all: a beta costs more than all else here.
        chance ??= random.beta(a, b + frequency + chancesBefore)
        if (random.uniform() < chance) return
      }
    },
  }
}

/**
 * Probabilities of 0 … countMax purchases within `horizon`: n purchases and none the last, or the n-th the last and time
 * for at least n.
 *
 * Source: Fader, Hardie & Lee 2005, eq. 8.
 */
function countsUntilDropout(
  shape: number,
  rate: number,
  a: number,
  b: number,
  horizon: number,
  countMax: number,
): Float64Array {
  const { chances, atLeast } = negativeBinomial(shape, horizon / rate, countMax)
  const counts = new Float64Array(countMax + 1)
  let staying = 1
  let stoppingHere = 0
  for (let n = 0; n <= countMax; n += 1) {
    counts[n] = staying * chances[n]! + stoppingHere * atLeast[n]!
    stoppingHere = (staying * a) / (a + b + n)
    staying *= (b + n) / (a + b + n)
  }
  return counts
}
