import { checkList, digamma, logGamma, RapportError, type Work } from '@rapport/numerics'
import { checkTotalWeight } from '../linear/checked-numbers.ts'
import { checkedPenalty, type FittedLikelihood, fittedFrom, type PurchaseFitOptions } from './beta-geometric.ts'
import { type LogLikelihood, maximiseLikelihood } from './maximum-likelihood.ts'
import { repeatBuyersMin, type Unfitted } from './summaries.ts'

/** What customers spend per purchase. One value a customer; those whose spend is not known are left out of a fit. */
export interface SpendSummaries {
  /** `[n]` repeat purchases, ≥ 0. */
  readonly frequency: Float64Array
  /** `[n]` purchases that `meanSpend` averages over, ≥ 0. Default `frequency`, the repeat purchases; see `summariseSpend`. */
  readonly spendCount?: Float64Array
  /** `[n]` mean money per purchase, one currency, > 0 where there is one to average. */
  readonly meanSpend: Float64Array
  /** `[n]` how many customers each row stands for, > 0. Default 1 each. */
  readonly weights?: Float64Array
}

/** Parameters in the letters of the paper. */
export interface GammaGammaParameters {
  /** Shape of a customer's own spread around their mean; large means that they always spend about the same. */
  readonly p: number
  /** Shape of how customers' means differ; at or below 1 the mean over all customers does not exist. */
  readonly q: number
  /** Scale, in money: the mean over all customers is p v / (q − 1). */
  readonly v: number
}

export interface GammaGammaModel extends FittedLikelihood<GammaGammaParameters> {
  readonly kind: 'gamma-gamma'
}

/**
 * The Gamma-Gamma model of spend by maximum likelihood: how much a customer spends per purchase, drawn towards everyone's
 * mean the more, the fewer purchases of theirs are known.
 *
 * It assumes that spend does not depend on how often a customer buys: see `spendIndependence`.
 *
 * @returns the model, or why there is none: fewer than 10 customers whose spend is known, or all of them spend the same
 * @throws RapportError `lifetime.shape`, `lifetime.frequency`, `lifetime.spend`, `lifetime.weights` for impossible values,
 * `lifetime.penalty`, `work.aborted`
 *
 * Source: Fader & Hardie, "The Gamma-Gamma model of monetary value", 2013, eq. 1a. Agrees with the Python package lifetimes.
 */
export function fitGammaGamma(
  summaries: SpendSummaries,
  options: PurchaseFitOptions = {},
  work?: Work,
): GammaGammaModel | Unfitted {
  checkSpend(summaries)
  const penalty = checkedPenalty(options)
  const buyers = buyersOf(summaries)
  const rows = buyers.count.length
  if (rows < repeatBuyersMin) {
    const message = `at least ${repeatBuyersMin} customers must have a purchase to learn spend from, ${rows} have`
    return { kind: 'unfitted', because: 'too-few-repeat-buyers', message }
  }
  if (buyers.meanSpend.every((spend) => spend === buyers.meanSpend[0])) {
    const message = `all ${rows} customers spend ${buyers.meanSpend[0]} a purchase, so there is no spread to learn`
    return { kind: 'unfitted', because: 'equal-spend', message }
  }
  const middle = buyers.meanSpend.slice().sort()[rows >> 1]!
  const rough = thinned(buyers, 10_000)
  const starts = [
    [6, 4, 2.5],
    [2, 2, 1],
    [1, 1.2, 0.5],
  ].map(([p, q, v]) => Float64Array.of(p!, q!, v! * middle))
  const estimate = maximiseLikelihood(
    {
      logLikelihood: gammaGammaLikelihood(buyers),
      n: buyers.n,
      rough: { logLikelihood: gammaGammaLikelihood(rough), n: rough.n },
      starts,
      penalty,
      penaltyUnits: Float64Array.of(1, 1, 1),
    },
    work,
  )
  const named = ([p, q, v]: Float64Array): GammaGammaParameters => ({ p: p!, q: q!, v: v! })
  return { kind: 'gamma-gamma', ...fittedFrom(estimate, buyers.n, named) }
}

/**
 * What each customer will spend per purchase, on average.
 *
 * @param summaries a customer without a purchase to average gets everyone's mean; their `meanSpend` is not read
 * @returns `[n]` money; Infinity where the fitted tail is so heavy that the mean does not exist (q ≤ 1 and no purchase)
 * @throws RapportError as `fitGammaGamma`
 *
 * Source: Fader & Hardie 2013, eq. 5.
 */
export function expectedSpend({ parameters }: GammaGammaModel, summaries: SpendSummaries): Float64Array {
  checkSpend(summaries)
  const { p, q, v } = parameters
  return spendCountOf(summaries).map((x, row) => {
    const below = p * x + q - 1
    if (!(below > 0)) return Infinity
    return (p * (v + (x === 0 ? 0 : x * summaries.meanSpend[row]!))) / below
  })
}

/** `[n]` the purchases that mean spend averages over. */
export const spendCountOf = ({ frequency, spendCount }: SpendSummaries): Float64Array => spendCount ?? frequency

interface Buyers {
  /** `[n]` purchases averaged over, > 0. */
  readonly count: Float64Array
  readonly meanSpend: Float64Array
  readonly weights: Float64Array
  readonly n: number
}

/** @throws RapportError `lifetime.shape`, `lifetime.frequency`, `lifetime.spend`, `lifetime.weights` */
export function checkSpend({ frequency, spendCount = frequency, meanSpend, weights }: SpendSummaries): void {
  for (const [name, values] of Object.entries({ frequency, spendCount, meanSpend, ...(weights && { weights }) })) {
    checkList(
      name === 'meanSpend' ? 'lifetime.spend' : name === 'weights' ? 'lifetime.weights' : 'lifetime.frequency',
      name,
      values,
    )
  }
  const n = frequency.length
  const lengths = [n, meanSpend.length, spendCount.length, weights?.length ?? n]
  if (n === 0 || lengths.some((length) => length !== n)) {
    const got = lengths.join(', ')
    throw new RapportError('lifetime.shape', `arrays must have one equal length of at least 1, got ${got}`)
  }
  for (let row = 0; row < n; row += 1) {
    if (!(frequency[row]! >= 0 && frequency[row]! < Infinity)) {
      throw new RapportError('lifetime.frequency', `frequency must be ≥ 0, got ${frequency[row]} at row ${row}`)
    }
    if (!(spendCount[row]! >= 0 && spendCount[row]! < Infinity)) {
      throw new RapportError('lifetime.frequency', `spend count must be ≥ 0, got ${spendCount[row]} at row ${row}`)
    }
    if (spendCount[row]! > 0 && !(meanSpend[row]! > 0 && meanSpend[row]! < Infinity)) {
      const got = `got ${meanSpend[row]} at row ${row}`
      throw new RapportError('lifetime.spend', `mean spend must be above 0 where there are purchases, ${got}`)
    }
    if (weights !== undefined && !(weights[row]! > 0 && weights[row]! < Infinity)) {
      throw new RapportError(
        'lifetime.weights',
        `weights must be finite and above 0, got ${weights[row]} at row ${row}`,
      )
    }
  }
  if (weights !== undefined) checkTotalWeight('lifetime.weights', weights)
}

function buyersOf(summaries: SpendSummaries): Buyers {
  const count = spendCountOf(summaries)
  const { meanSpend, weights = new Float64Array(count.length).fill(1) } = summaries
  const isBuyer = (_: number, row: number): boolean => count[row]! > 0
  const kept = weights.filter(isBuyer)
  return {
    count: count.filter(isBuyer),
    meanSpend: meanSpend.filter(isBuyer),
    weights: kept,
    n: kept.reduce((sum, weight) => sum + weight, 0),
  }
}

function thinned(buyers: Buyers, rowsMax: number): Buyers {
  const stride = Math.ceil(buyers.count.length / rowsMax)
  const isKept = (_: number, row: number): boolean => row % stride === 0
  const weights = buyers.weights.filter(isKept)
  return {
    count: buyers.count.filter(isKept),
    meanSpend: buyers.meanSpend.filter(isKept),
    weights,
    n: weights.reduce((sum, weight) => sum + weight, 0),
  }
}

/** The log-likelihood of Gamma-Gamma with its gradient by (p, q, v). */
export function gammaGammaLikelihood({ count, meanSpend, weights }: Omit<Buyers, 'n'>): LogLikelihood {
  const byCount = new Map<number, { readonly shape: number; level: number; slope: number; byQ: number }>()
  for (const x of count) byCount.set(x, { shape: x, level: 0, slope: 0, byQ: 0 })
  const entryOf = Array.from(count, (x) => byCount.get(x)!)
  const logSpend = meanSpend.map(Math.log)
  const logTotal = meanSpend.map((spend, row) => Math.log(spend * count[row]!))

  return (parameters, gradient) => {
    const [p, q, v] = parameters as unknown as [number, number, number]
    const [logGammaQ, slopeQ, logV] = [logGamma(q), digamma(q), Math.log(v)]
    for (const entry of byCount.values()) {
      const both = p * entry.shape + q
      const slopeBoth = digamma(both)
      entry.level = logGamma(both) - logGamma(p * entry.shape) - logGammaQ
      entry.slope = slopeBoth - digamma(p * entry.shape)
      entry.byQ = slopeBoth - slopeQ
    }
    let total = 0
    gradient.fill(0)
    for (let row = 0; row < weights.length; row += 1) {
      const entry = entryOf[row]!
      const x = entry.shape
      const weight = weights[row]!
      const scale = v + x * meanSpend[row]!
      const logScale = Math.log(scale)
      const toTotal = logTotal[row]! - logScale
      total += weight * (entry.level + q * (logV - logScale) + p * x * toTotal - logSpend[row]!)
      gradient[0]! += weight * x * (entry.slope + toTotal)
      gradient[1]! += weight * (entry.byQ + logV - logScale)
      gradient[2]! += weight * (q / v - (p * x + q) / scale)
    }
    return total
  }
}
