import { RapportError, type Work } from '@rapport/numerics'
import { betaGeometricLikelihood } from './beta-geometric-likelihood.ts'
import { type Estimate, maximiseLikelihood } from './maximum-likelihood.ts'
import {
  type CustomerSummaries,
  checkSummaries,
  groupSummaries,
  reasonNotToFit,
  type SummaryGroups,
  thinGroups,
  type Unfitted,
} from './summaries.ts'

export interface PurchaseFitOptions {
  /**
   * Weight of the sum of squared parameters, per customer, which keeps the parameters of small data sets from running
   * away; time is counted in greatest ages for it, as the Python package lifetimes does. Default 0.
   */
  readonly penalty?: number
}

/** Parameters in the letters of the paper. */
export interface BetaGeometricParameters {
  /** Shape of the gamma distribution of purchase rates; small means that customers differ much. */
  readonly r: number
  /** Rate of that distribution, in units of time: the mean purchase rate is r / alpha. */
  readonly alpha: number
  /** Chances of dropping out after a purchase are beta distributed, with mean a / (a + b). */
  readonly a: number
  readonly b: number
}

/** What all fitted purchase models carry beside their parameters. */
export interface FittedLikelihood<Parameters> {
  readonly parameters: Parameters
  /** Of the parameters; NaN when the data do not tell them apart. */
  readonly standardErrors: Parameters
  /** `[4 × 4]` covariance of the parameters' logarithms, in the order they are listed. */
  readonly logCovariance: Float64Array
  /** Summed over customers, without the penalty. */
  readonly logLikelihood: number
  /** False when the search ended before the likelihood was flat, or where it is flat for good (see `standardErrors`). */
  readonly converged: boolean
  /** Customers fitted: the sum of the weights. */
  readonly n: number
}

/** BG/NBD: every repeat purchase may be the last, so a customer who never bought again counts as alive. */
export interface BgNbdModel extends FittedLikelihood<BetaGeometricParameters> {
  readonly kind: 'bg-nbd'
}

/** MBG/NBD: the first purchase may be the last one too, so one-time buyers may be gone. */
export interface MbgNbdModel extends FittedLikelihood<BetaGeometricParameters> {
  readonly kind: 'mbg-nbd'
}

/**
 * BG/NBD by maximum likelihood: how often customers buy, how likely they stop, and how much both differ among them.
 *
 * @param summaries one row a customer, any one unit of time
 * @returns the model, or why there is none: nobody bought again, or fewer than 10 customers did
 * @throws RapportError as `checkSummaries`; `lifetime.penalty` when the penalty is negative; `work.aborted`
 *
 * Cost: O(distinct rows) a pass, about 20 passes: a million customers with times in whole days take about a second, with
 * no two histories alike about three.
 * Source: Fader, Hardie & Lee, "Counting your customers the easy way: an alternative to the Pareto/NBD model", Marketing
 * Science 24(2), 2005. Agrees with the Python package lifetimes.
 *
 * @example
 * const model = fitBgNbd({ frequency, recency, age })
 * if (model.kind === 'unfitted') console.log(model.message)
 * else probabilityAlive(model, { frequency, recency, age })
 */
export function fitBgNbd(
  summaries: CustomerSummaries,
  options: PurchaseFitOptions = {},
  work?: Work,
): BgNbdModel | Unfitted {
  const fitted = fitBetaGeometric(summaries, 0, options, work)
  return 'kind' in fitted ? fitted : { kind: 'bg-nbd', ...fitted }
}

/**
 * MBG/NBD by maximum likelihood; see `fitBgNbd`. The better default where many customers bought only once.
 *
 * Source: Batislam, Denizel & Filiztekin, "Empirical validation and comparison of models for customer base analysis",
 * Int. J. Research in Marketing 24, 2007. Agrees with lifetimes and BTYDplus.
 */
export function fitMbgNbd(
  summaries: CustomerSummaries,
  options: PurchaseFitOptions = {},
  work?: Work,
): MbgNbdModel | Unfitted {
  const fitted = fitBetaGeometric(summaries, 1, options, work)
  return 'kind' in fitted ? fitted : { kind: 'mbg-nbd', ...fitted }
}

/** Groups that the starts are compared on: a thousand tell good ones from bad ones, and the refinement does the rest. */
export const roughGroupsMax = 1_000

function fitBetaGeometric(
  summaries: CustomerSummaries,
  chancesBefore: 0 | 1,
  options: PurchaseFitOptions,
  work: Work | undefined,
): FittedLikelihood<BetaGeometricParameters> | Unfitted {
  checkSummaries(summaries)
  const penalty = checkedPenalty(options)
  const reason = reasonNotToFit(summaries)
  if (reason !== undefined) return reason
  const groups = groupSummaries(summaries)
  const rough = thinGroups(groups, roughGroupsMax)
  const scale = meanGap(groups)
  const starts = [
    [0.3, 0.3, 0.8, 2.5],
    [1, 1, 0.3, 3],
    [3, 3, 2, 8],
    [0.1, 0.1, 1, 1],
  ].map(([r, alpha, a, b]) => Float64Array.of(r!, alpha! * scale, a!, b!))
  const estimate = maximiseLikelihood(
    {
      logLikelihood: betaGeometricLikelihood(groups, chancesBefore),
      n: groups.n,
      rough: { logLikelihood: betaGeometricLikelihood(rough, chancesBefore), n: rough.n },
      starts,
      penalty,
      penaltyUnits: Float64Array.of(1, 1 / greatestAge(groups), 1, 1),
    },
    work,
  )
  return fittedFrom(estimate, groups.n, ([r, alpha, a, b]) => ({ r: r!, alpha: alpha!, a: a!, b: b! }))
}

/** @throws RapportError `lifetime.penalty` when the penalty is negative or not finite */
export function checkedPenalty({ penalty = 0 }: PurchaseFitOptions): number {
  if (!(penalty >= 0 && penalty < Infinity)) {
    throw new RapportError('lifetime.penalty', `penalty must be a finite number ≥ 0, got ${penalty}`)
  }
  return penalty
}

/** Time per repeat purchase over all customers: what rates are guessed from. */
export function meanGap({ frequency, age, weights }: SummaryGroups): number {
  let purchases = 0
  let time = 0
  for (let group = 0; group < weights.length; group += 1) {
    purchases += weights[group]! * frequency[group]!
    time += weights[group]! * age[group]!
  }
  return time / purchases
}

export const greatestAge = ({ age }: SummaryGroups): number => age.reduce((most, value) => Math.max(most, value), 0)

export function fittedFrom<Parameters>(
  estimate: Estimate,
  n: number,
  named: (values: Float64Array) => Parameters,
): FittedLikelihood<Parameters> {
  return {
    parameters: named(estimate.parameters),
    standardErrors: named(estimate.standardErrors),
    logCovariance: estimate.logCovariance,
    logLikelihood: estimate.logLikelihood,
    converged: estimate.converged,
    n,
  }
}
