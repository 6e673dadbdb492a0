import { digamma, logGamma } from '@rapport/numerics'
import type { LogLikelihood } from './maximum-likelihood.ts'
import type { SummaryGroups } from './summaries.ts'

/**
 * The log-likelihood of BG/NBD (`chancesBefore` 0) and MBG/NBD (1), with its gradient by (r, alpha, a, b).
 *
 * A customer has a chance to drop out after every repeat purchase, and in MBG/NBD also right after the first one; that
 * one more chance is all that differs, so both are one formula. What depends on the frequency alone (gamma functions,
 * most of the cost) is computed once for each distinct frequency; everything stays in logarithms.
 *
 * Source: Fader, Hardie & Lee, "Counting your customers the easy way", Marketing Science 24(2), 2005, eq. 6;
 * Batislam, Denizel & Filiztekin, "Empirical validation and comparison of models for customer base analysis", IJRM 24,
 * 2007.
 */
export function betaGeometricLikelihood(groups: SummaryGroups, chancesBefore: 0 | 1): LogLikelihood {
  const { recency, age, weights, frequencies, frequencyOf } = groups
  const count = frequencies.length
  const level = new Float64Array(count)
  const byShape = new Float64Array(count)
  const logFailed = new Float64Array(count)
  const byA = new Float64Array(count)
  const byB = new Float64Array(count)
  const chancesMax = frequencies.reduce((most, x) => Math.max(most, x), 0) + chancesBefore
  const survival = {
    log: new Float64Array(chancesMax + 1),
    byA: new Float64Array(chancesMax + 1),
    byB: new Float64Array(chancesMax + 1),
  }

  return (parameters, gradient) => {
    const [r, alpha, a, b] = parameters as unknown as [number, number, number, number]
    const [levelR, slopeR] = [logGamma(r), digamma(r)]
    sumChances(a, b, survival)
    for (let at = 0; at < count; at += 1) {
      const x = frequencies[at]!
      const chances = x + chancesBefore
      level[at] = logGamma(r + x) - levelR + survival.log[chances]!
      byShape[at] = digamma(r + x) - slopeR
      logFailed[at] = chances > 0 ? Math.log(a / (b + chances - 1)) : -Infinity
      byA[at] = survival.byA[chances]!
      byB[at] = survival.byB[chances]!
    }

    const logAlpha = Math.log(alpha)
    let total = 0
    let [byR, byAlpha, byFirst, bySecond] = [0, 0, 0, 0]
    for (let group = 0; group < weights.length; group += 1) {
      const at = frequencyOf[group]!
      const chances = frequencies[at]! + chancesBefore
      const shape = r + frequencies[at]!
      const weight = weights[group]!
      const toEnd = alpha + age[group]!
      const logToEnd = Math.log(toEnd)
      total += weight * (level[at]! + r * logAlpha - shape * logToEnd)
      if (chances === 0) {
        // Nobody drops out before the first chance to: most customers as a rule, and the cheap ones.
        byR += weight * (byShape[at]! + logAlpha - logToEnd)
        byAlpha += weight * (r / alpha - shape / toEnd)
        continue
      }
      const toLast = alpha + recency[group]!
      const logToLast = Math.log(toLast)
      // Odds of having dropped out right after the last purchase, against still being there.
      const logOdds = logFailed[at]! + shape * (logToEnd - logToLast)
      const lesser = Math.exp(-Math.abs(logOdds))
      const likelier = 1 / (1 + lesser)
      const gone = logOdds > 0 ? likelier : lesser * likelier
      const alive = logOdds > 0 ? lesser * likelier : likelier
      total += weight * (Math.max(logOdds, 0) + Math.log1p(lesser))
      byR += weight * (byShape[at]! + logAlpha - alive * logToEnd - gone * logToLast)
      byAlpha += weight * (r / alpha - shape * (alive / toEnd + gone / toLast))
      byFirst += weight * (byA[at]! + gone / a)
      bySecond += weight * (byB[at]! - gone / (b + chances - 1))
    }
    gradient.set([byR, byAlpha, byFirst, bySecond])
    return total
  }
}

interface Survival {
  /** `[chances + 1]` log of the chance not to have dropped out after so many chances, and its slopes by a and b. */
  readonly log: Float64Array
  readonly byA: Float64Array
  readonly byB: Float64Array
}

/**
 * The chance to survive m chances is B(a, b + m) / B(a, b), the product of (b + j) / (a + b + j). Summed term by term,
 * since gamma functions of large a and b would cancel to noise that a search takes for a better likelihood.
 */
function sumChances(a: number, b: number, { log, byA, byB }: Survival): void {
  for (let chance = 1; chance < log.length; chance += 1) {
    const stayed = b + chance - 1
    log[chance] = log[chance - 1]! - Math.log1p(a / stayed)
    byA[chance] = byA[chance - 1]! - 1 / (a + stayed)
    byB[chance] = byB[chance - 1]! + a / (stayed * (a + stayed))
  }
}
