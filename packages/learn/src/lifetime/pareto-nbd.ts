import { digamma, gaussLegendre, logGamma, type Work } from '@rapport/numerics'
import {
  checkedPenalty,
  type FittedLikelihood,
  fittedFrom,
  greatestAge,
  meanGap,
  type PurchaseFitOptions,
  roughGroupsMax,
} from './beta-geometric.ts'
import { type LogLikelihood, maximiseLikelihood } from './maximum-likelihood.ts'
import {
  type CustomerSummaries,
  checkSummaries,
  groupSummaries,
  reasonNotToFit,
  type SummaryGroups,
  thinGroups,
  type Unfitted,
} from './summaries.ts'

/** Parameters in the letters of the paper. */
export interface ParetoParameters {
  /** Purchase rates are gamma distributed with shape r and rate alpha, in units of time. */
  readonly r: number
  readonly alpha: number
  /** Dropout rates are gamma distributed with shape s and rate beta, in units of time. */
  readonly s: number
  readonly beta: number
}

/** Pareto/NBD: a customer may drop out at any moment, not only after a purchase. */
export interface ParetoNbdModel extends FittedLikelihood<ParetoParameters> {
  readonly kind: 'pareto-nbd'
}

/**
 * Pareto/NBD by maximum likelihood; see `fitBgNbd` for what is shared.
 *
 * The likelihood is integrated over the moment of dropping out instead of by two hypergeometric functions: the integrand
 * is smooth and positive, so nothing cancels whichever of alpha and beta is larger, and the gradient comes with it.
 *
 * @returns the model, or why there is none: nobody bought again, or fewer than 10 customers did
 * @throws RapportError as `checkSummaries`; `lifetime.penalty`; `work.aborted`
 *
 * Cost: 24 points a distinct row and step, about ten times BG/NBD.
 * Source: Schmittlein, Morrison & Colombo, "Counting your customers: who are they and what will they do next?",
 * Management Science 33(1), 1987; Fader & Hardie, "A note on deriving the Pareto/NBD model", 2005. Agrees with the Python
 * package lifetimes and R's CLVTools.
 */
export function fitParetoNbd(
  summaries: CustomerSummaries,
  options: PurchaseFitOptions = {},
  work?: Work,
): ParetoNbdModel | Unfitted {
  checkSummaries(summaries)
  const penalty = checkedPenalty(options)
  const reason = reasonNotToFit(summaries)
  if (reason !== undefined) return reason
  const groups = groupSummaries(summaries)
  const rough = thinGroups(groups, roughGroupsMax)
  const scale = meanGap(groups)
  const unit = 1 / greatestAge(groups)
  const starts = [
    [0.5, 0.5, 0.5, 0.5],
    [1, 1, 1, 5],
    [3, 3, 0.5, 2],
  ].map(([r, alpha, s, beta]) => Float64Array.of(r!, alpha! * scale, s!, beta! * scale))
  const estimate = maximiseLikelihood(
    {
      logLikelihood: paretoLikelihood(groups),
      n: groups.n,
      rough: { logLikelihood: paretoLikelihood(rough), n: rough.n },
      starts,
      penalty,
      penaltyUnits: Float64Array.of(1, unit, 1, unit),
    },
    work,
  )
  const named = ([r, alpha, s, beta]: Float64Array): ParetoParameters => ({ r: r!, alpha: alpha!, s: s!, beta: beta! })
  return { kind: 'pareto-nbd', ...fittedFrom(estimate, groups.n, named) }
}

/** The integral over the moment of dropping out, relative to the term of still being there, and its logarithmic slopes. */
export interface Dropout {
  /** Odds of having dropped out between the last purchase and the end, as a logarithm; −∞ when there was no time to. */
  logOdds: number
  /** Averages over the moment y of dropping out, given that: log(alpha + y), 1 / (alpha + y), the same with beta. */
  logAlpha: number
  overAlpha: number
  logBeta: number
  overBeta: number
}

const { points, weights: pointWeights } = gaussLegendre(24)

/**
 * ∫ from the last purchase to the end of s (alpha + y)^−(r + x) (beta + y)^−(s + 1) dy, divided by
 * (alpha + end)^−(r + x) (beta + end)^−s.
 *
 * Over v = log(smaller rate + y) the integrand is smooth on any scale of time. It falls by e^−45 within `span`, so what
 * lies beyond is left out and a large x costs no more points.
 */
export function integrateDropout(
  [r, alpha, s, beta]: readonly [number, number, number, number],
  x: number,
  last: number,
  end: number,
  into: Dropout,
): void {
  const smaller = Math.min(alpha, beta)
  const shape = r + x
  // With y from `last` on, the integrand over v falls at least as fast as e^(−slope v) does.
  const start = Math.log(smaller + last)
  const whole = Math.log((smaller + end) / (smaller + last))
  const atEnd = shape * Math.log(alpha + end) + s * Math.log(beta + end)
  const atLast = shape * Math.log(alpha + last) + (s + 1) * Math.log(beta + last)
  const drop = shape * Math.log(alpha + end) + (s + 1) * Math.log(beta + end) - atLast
  const span = drop > 60 ? shrunkSpan([shape, alpha, s, beta], smaller, start, whole, atLast) : whole
  let sum = 0
  let [logAlpha, overAlpha, logBeta, overBeta] = [0, 0, 0, 0]
  for (let at = 0; at < points.length; at += 1) {
    const reached = Math.exp(start + span * points[at]!)
    const toAlpha = alpha + (reached - smaller)
    const toBeta = beta + (reached - smaller)
    const [logToAlpha, logToBeta] = [Math.log(toAlpha), Math.log(toBeta)]
    const weight = pointWeights[at]! * reached * Math.exp(atLast - shape * logToAlpha - (s + 1) * logToBeta)
    sum += weight
    logAlpha += weight * logToAlpha
    overAlpha += weight / toAlpha
    logBeta += weight * logToBeta
    overBeta += weight / toBeta
  }
  into.logOdds = span > 0 ? Math.log(sum * span * s) - atLast + atEnd : -Infinity
  into.logAlpha = span > 0 ? logAlpha / sum : 0
  into.overAlpha = span > 0 ? overAlpha / sum : 0
  into.logBeta = span > 0 ? logBeta / sum : 0
  into.overBeta = span > 0 ? overBeta / sum : 0
}

/** The part of the whole span after which the integrand has fallen by e^−45, to a tenth, by bisection. */
function shrunkSpan(
  [shape, alpha, s, beta]: readonly [number, number, number, number],
  smaller: number,
  start: number,
  whole: number,
  atLast: number,
): number {
  let low = 0
  let high = whole
  for (let round = 0; round < 30; round += 1) {
    const middle = (low + high) / 2
    const y = Math.exp(start + middle) - smaller
    const fallen = shape * Math.log(alpha + y) + (s + 1) * Math.log(beta + y) - atLast
    if (fallen > 45) high = middle
    else low = middle
    if (high < 1.1 * low) break
  }
  return high
}

/** The log-likelihood of Pareto/NBD with its gradient by (r, alpha, s, beta). */
export function paretoLikelihood(groups: SummaryGroups): LogLikelihood {
  const { recency, age, weights, frequencies, frequencyOf } = groups
  const level = new Float64Array(frequencies.length)
  const byShape = new Float64Array(frequencies.length)
  const dropout: Dropout = { logOdds: 0, logAlpha: 0, overAlpha: 0, logBeta: 0, overBeta: 0 }

  return (parameters, gradient) => {
    const [r, alpha, s, beta] = parameters as unknown as [number, number, number, number]
    const [logGammaR, slopeR, logOfAlpha, logOfBeta] = [logGamma(r), digamma(r), Math.log(alpha), Math.log(beta)]
    for (let at = 0; at < frequencies.length; at += 1) {
      level[at] = logGamma(r + frequencies[at]!) - logGammaR + r * logOfAlpha + s * logOfBeta
      byShape[at] = digamma(r + frequencies[at]!) - slopeR
    }
    let total = 0
    gradient.fill(0)
    for (let group = 0; group < weights.length; group += 1) {
      const at = frequencyOf[group]!
      const end = age[group]!
      const weight = weights[group]!
      const shape = r + frequencies[at]!
      integrateDropout([r, alpha, s, beta], frequencies[at]!, recency[group]!, end, dropout)
      const alive = 1 / (1 + Math.exp(dropout.logOdds))
      const gone = 1 - alive
      const [endAlpha, endBeta] = [Math.log(alpha + end), Math.log(beta + end)]
      const logEither =
        dropout.logOdds > 0
          ? dropout.logOdds + Math.log1p(Math.exp(-dropout.logOdds))
          : Math.log1p(Math.exp(dropout.logOdds))
      total += weight * (level[at]! - shape * endAlpha - s * endBeta + logEither)
      gradient[0]! += weight * (byShape[at]! + logOfAlpha - alive * endAlpha - gone * dropout.logAlpha)
      gradient[1]! += weight * (r / alpha - shape * (alive / (alpha + end) + gone * dropout.overAlpha))
      gradient[2]! += weight * (logOfBeta - alive * endBeta + gone * (1 / s - dropout.logBeta))
      gradient[3]! += weight * (s / beta - (alive * s) / (beta + end) - gone * (s + 1) * dropout.overBeta)
    }
    return total
  }
}
