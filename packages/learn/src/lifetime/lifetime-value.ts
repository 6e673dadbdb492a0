import { RapportError, type Work } from '@rapport/numerics'
import { conditionalExpectedPurchases } from './expectations.ts'
import { expectedSpend, type GammaGammaModel } from './gamma-gamma.ts'
import type { PurchaseModel } from './purchase-process.ts'
import type { CustomerSummaries } from './summaries.ts'

/** Histories with what was spent: everything both models need. */
export interface ValueSummaries extends CustomerSummaries {
  /** `[n]` purchases that `meanSpend` averages over. Default `frequency`, the repeat purchases; see `summariseSpend`. */
  readonly spendCount?: Float64Array
  /** `[n]` mean money per purchase; not read where there is none to average. */
  readonly meanSpend: Float64Array
}

export interface LifetimeModels {
  readonly purchases: PurchaseModel
  readonly spend: GammaGammaModel
}

export interface LifetimeValueOptions {
  /** Periods looked ahead, a whole number from 1 to 10,000. */
  readonly periods: number
  /** Length of a period in the unit of time the purchase model was fitted in. Default 1. */
  readonly periodLength?: number
  /** Share of the spend that is profit, in (0, 1]. */
  readonly margin: number
  /** Money of the next period is worth 1 / (1 + rate) of today's; ≥ 0, for instance 0.01 a month. */
  readonly discountRatePerPeriod: number
}

export interface LifetimeValues {
  /** `[n]` expected purchases within all periods, not discounted. */
  readonly purchases: Float64Array
  /** `[n]` expected money per purchase. */
  readonly spend: Float64Array
  /** `[n]` expected profit, discounted from the end of the period that it falls in. */
  readonly value: Float64Array
}

/**
 * What each customer is expected to be worth from now to the horizon.
 *
 * Purchases of each period are discounted from that period's end: the profit of period k counts (1 + rate)^−k, the first
 * period included.
 *
 * @returns Infinity for customers whose expected spend does not exist, see `expectedSpend`
 * @throws RapportError `lifetime.periods`, `lifetime.margin`, `lifetime.discount`, or as the fits
 *
 * Source: Fader & Hardie 2005, "RFM and CLV". Agrees with `customer_lifetime_value` of the Python package lifetimes.
 */
export function customerLifetimeValue(
  models: LifetimeModels,
  summaries: ValueSummaries,
  options: LifetimeValueOptions,
  work?: Work,
): LifetimeValues {
  const steps = lifetimeValueSteps(models, summaries, options, work)
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

/** The same with a pause after every period, for a caller that has other things to do in between. */
export function* lifetimeValueSteps(
  models: LifetimeModels,
  summaries: ValueSummaries,
  options: LifetimeValueOptions,
  work?: Work,
): Generator<void, LifetimeValues> {
  const { periods, periodLength, margin, discountRatePerPeriod } = checkLifetimeValue(options)
  const spend = expectedSpend(models.spend, summaries)
  const discounted = new Float64Array(spend.length)
  let before = new Float64Array(spend.length)
  const inner: Work = work?.signal === undefined ? {} : { signal: work.signal }
  for (let period = 1; period <= periods; period += 1) {
    yield
    const reached = conditionalExpectedPurchases(models.purchases, summaries, period * periodLength, inner)
    const factor = (1 + discountRatePerPeriod) ** -period
    for (let row = 0; row < reached.length; row += 1) discounted[row]! += factor * (reached[row]! - before[row]!)
    before = Float64Array.from(reached)
    work?.onProgress?.({ stage: 'lifetime value', done: period, total: periods })
  }
  const value = discounted.map((purchases, row) => (purchases === 0 ? 0 : margin * purchases * spend[row]!))
  return { purchases: before, spend, value }
}

/** @throws RapportError `lifetime.periods`, `lifetime.period`, `lifetime.margin`, `lifetime.discount` */
export function checkLifetimeValue(options: LifetimeValueOptions): Required<LifetimeValueOptions> {
  const { periods, periodLength = 1, margin, discountRatePerPeriod } = options
  if (!(Number.isInteger(periods) && periods >= 1 && periods <= 10_000)) {
    throw new RapportError('lifetime.periods', `periods must be a whole number from 1 to 10000, got ${periods}`)
  }
  if (!(periodLength > 0 && periodLength < Infinity)) {
    throw new RapportError('lifetime.period', `a period must be longer than 0, got ${periodLength}`)
  }
  if (!(margin > 0 && margin <= 1)) {
    throw new RapportError('lifetime.margin', `margin must be a share above 0 and at most 1, got ${margin}`)
  }
  if (!(discountRatePerPeriod >= 0 && discountRatePerPeriod < Infinity)) {
    throw new RapportError('lifetime.discount', `the discount rate must be at least 0, got ${discountRatePerPeriod}`)
  }
  return { periods, periodLength, margin, discountRatePerPeriod }
}
