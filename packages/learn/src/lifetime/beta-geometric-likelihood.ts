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
  const byA = new Float64Array(count)
  const byB = new Float64Array(count)

  return (parameters, gradient) => {
    const [r, alpha, a, b] = parameters as unknown as [number, number, number, number]
    const atStart = logGamma(a + b) - logGamma(b) - logGamma(r)
    const [slopeR, slopeA, slopeB] = [digamma(r), digamma(a + b), digamma(b)]
    for (let at = 0; at < count; at += 1) {
      const x = frequencies[at]!
      const survived = b + x + chancesBefore
      level[at] = logGamma(r + x) + logGamma(survived) - logGamma(a + survived) + atStart
      const slopeEnd = digamma(a + survived)
      byShape[at] = digamma(r + x) - slopeR
      byA[at] = slopeA - slopeEnd
      byB[at] = digamma(survived) - slopeEnd + slopeA - slopeB
    }

    const logAlpha = Math.log(alpha)
    let total = 0
    gradient.fill(0)
    for (let group = 0; group < weights.length; group += 1) {
      const at = frequencyOf[group]!
      const chances = frequencies[at]! + chancesBefore
      const shape = r + frequencies[at]!
      const weight = weights[group]!
      const toEnd = alpha + age[group]!
      const toLast = alpha + recency[group]!
      const logToEnd = Math.log(toEnd)
      const logToLast = Math.log(toLast)
      const failed = b + chances - 1
      // Odds of having dropped out right after the last purchase, against still being there.
      const logOdds = chances > 0 ? Math.log(a / failed) + shape * (logToEnd - logToLast) : -Infinity
      const alive = 1 / (1 + Math.exp(logOdds))
      const gone = logOdds > 0 ? 1 / (1 + Math.exp(-logOdds)) : 1 - alive
      const logEither = logOdds > 0 ? logOdds + Math.log1p(Math.exp(-logOdds)) : Math.log1p(Math.exp(logOdds))
      total += weight * (level[at]! + r * logAlpha - shape * logToEnd + logEither)
      gradient[0]! += weight * (byShape[at]! + logAlpha - alive * logToEnd - gone * logToLast)
      gradient[1]! += weight * (r / alpha - shape * (alive / toEnd + gone / toLast))
      gradient[2]! += weight * (byA[at]! + gone / a)
      gradient[3]! += weight * (byB[at]! - (chances > 0 ? gone / failed : 0))
    }
    return total
  }
}
