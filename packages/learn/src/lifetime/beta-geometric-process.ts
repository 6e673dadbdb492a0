import type { Random } from '@rapport/numerics'
import type { BetaGeometricParameters } from './beta-geometric.ts'
import { drawNegativeBinomial, negativeBinomial } from './negative-binomial.ts'
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
      const odds = Math.exp((r + frequency) * Math.log1p((age - recency) / (alpha + recency)))
      return 1 / (1 + (a / (b + chances - 1)) * odds)
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
      const possible = drawNegativeBinomial(r + frequency, horizon / (alpha + age), random)
      if (possible === 0) return
      const made = drawStay(a, b + frequency + chancesBefore, possible, random)
      // Of `possible` moments the last one of a customer who drops out is the `made`-th smallest; those before it lie
      // uniformly, as all of them do for a customer who stays.
      const isLast = made < possible
      const end = isLast ? horizon * random.beta(made, possible - made + 1) : horizon
      if (isLast) onPurchase(end)
      for (let purchase = isLast ? 1 : 0; purchase < made; purchase += 1) onPurchase(end * random.uniform())
    },
  }
}

/**
 * Purchases until a customer drops out, at most `possible`. Their chance to drop out is beta distributed, so after j
 * purchases they are still there with probability B(a, b + j) / B(a, b), which one uniform number is held against.
 */
function drawStay(a: number, b: number, possible: number, random: Random): number {
  const u = random.uniform()
  // No chance to drop out is larger than the first one, so most customers are known to stay without a product.
  if (u < 1 - ((possible - 1) * a) / (a + b)) return possible
  let staying = 1
  for (let made = 1; made < possible; made += 1) {
    staying *= (b + made - 1) / (a + b + made - 1)
    if (u >= staying) return made
  }
  return possible
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
