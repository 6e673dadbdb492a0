import { normalQuantile } from '@rapport/numerics'
import type { PurchaseSummaries } from './summarise.ts'

/** How the first purchase compares with the later ones of the same customer. */
export interface FirstSpendRatio {
  /** Geometric mean, over customers who bought again, of first spend over (geometric) mean later spend. */
  readonly value: number
  /** 95 % interval. */
  readonly lower: number
  readonly upper: number
  /** Customers compared. */
  readonly n: number
}

/** What spend models are fitted to, and which purchases that is. */
export interface SpendOfPurchases {
  /** Whether the first purchase is among those averaged over. */
  readonly basis: 'all-purchases' | 'repeat-purchases'
  /** What the choice rests on; null where fewer than two customers can be compared. */
  readonly firstToLater: FirstSpendRatio | null
  /** `[n]` see `SpendSummaries`. */
  readonly frequency: Float64Array
  readonly spendCount: Float64Array
  readonly meanSpend: Float64Array
}

/**
 * A first purchase counts as one more purchase unless it is larger or smaller than later ones by more than this factor.
 * In the shops tried, with ratios up to 1.18, spend of a hold-out was still told better with it than without.
 */
const differenceMax = 1.25

/**
 * Spend per purchase over all purchases of each customer, or over the repeat purchases where the first one is
 * systematically different (a trial size, a starter kit).
 *
 * The Gamma-Gamma model takes purchases of a customer as draws from one distribution. The custom of leaving the first one
 * out, as lifetimes does, keeps to the purchases that the transaction model counts, but tells nothing about customers who
 * bought once and little about those who bought twice, who are most of a shop where purchases are rare. The first purchase
 * says as much about spend as any other, unless it differs for a reason of its own; so that is tested, pairing each
 * customer's first purchase with their own later ones, on logarithms, where a few huge orders do not decide.
 *
 * @param summaries with spend
 * @returns repeat purchases only where the whole 95 % interval of the ratio lies above 1.25 or below 1 / 1.25, else all
 *
 * @example
 * const spend = summariseSpend(summarise(purchases, { calibrationEnd }))
 * fitGammaGamma(spend) // on spend.basis
 */
export function summariseSpend(summaries: PurchaseSummaries): SpendOfPurchases {
  const { frequency, meanSpend, firstSpend } = summaries
  const firstToLater = firstSpendRatio(summaries)
  const isDifferent =
    firstToLater !== null && (firstToLater.lower > differenceMax || firstToLater.upper < 1 / differenceMax)
  if (isDifferent) {
    return { basis: 'repeat-purchases', firstToLater, frequency, spendCount: frequency, meanSpend }
  }
  return {
    basis: 'all-purchases',
    firstToLater,
    frequency,
    spendCount: frequency.map((x) => x + 1),
    meanSpend: meanSpend.map((spend, row) => (firstSpend[row]! + frequency[row]! * spend) / (frequency[row]! + 1)),
  }
}

/** Customers with a purchase day that brought nothing have no logarithm of it and are not compared. */
function firstSpendRatio({ frequency, firstSpend, meanLogSpend }: PurchaseSummaries): FirstSpendRatio | null {
  const differences = firstSpend
    .map((spend, row) => (frequency[row]! > 0 ? Math.log(spend) - meanLogSpend[row]! : Number.NaN))
    .filter(Number.isFinite)
  const n = differences.length
  if (n < 2) return null
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / n
  const variance = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0) / (n - 1)
  const half = normalQuantile(0.975) * Math.sqrt(variance / n)
  return { value: Math.exp(mean), lower: Math.exp(mean - half), upper: Math.exp(mean + half), n }
}
