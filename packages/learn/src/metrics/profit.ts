import { RapportError } from '@rapport/numerics'
import { defined, type Metric, type MetricOptions, missing, type ScoredRows, scoredRows } from './metric.ts'
import { ascendingOrder } from './order.ts'

/**
 * What a decision brings, in money of one currency, a row: reaching a customer who is positive (buys, churns) or not, and
 * leaving one alone. Costs are negative.
 */
export interface Payoffs {
  readonly truePositive: number
  readonly falsePositive: number
  /** Default 0. */
  readonly trueNegative?: number
  /** Default 0. */
  readonly falseNegative?: number
}

export interface ProfitOptions extends MetricOptions {
  readonly payoffs: Payoffs
}

/** The threshold at which reaching brings most. */
export interface BestThreshold {
  readonly defined: true
  /** Reach rows that score at or above it; Infinity when it is best to reach nobody. */
  readonly threshold: number
  /** Mean payoff a row at that threshold. */
  readonly profit: number
  /** Share of rows reached. */
  readonly share: number
}

/**
 * The mean payoff a row of reaching those who score at or above a threshold.
 *
 * @param scores `[n]`
 * @param labels `[n]` 0 or 1
 * @returns in the payoffs' money, or `no-rows`
 * @throws RapportError `profit.payoffs`, and as `confusion`
 *
 * @example
 * expectedProfit([0.9, 0.6, 0.2], [1, 0, 0], { payoffs: { truePositive: 10, falsePositive: -1 } }) // value 3
 */
export function expectedProfit(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  { payoffs, threshold = 0.5, ...options }: ProfitOptions & { readonly threshold?: number },
): Metric {
  const rows = scoredRows(scores, labels, options)
  const { reached, left } = checkedPayoffs(payoffs)
  let [sum, total] = [0, 0]
  for (let row = 0; row < rows.n; row += 1) {
    const label = rows.labels[row]!
    sum += rows.weights[row]! * (rows.scores[row]! >= threshold ? reached[label]! : left[label]!)
    total += rows.weights[row]!
  }
  return total > 0 ? defined(sum / total) : missing('no-rows')
}

/**
 * The threshold by which reaching brings most on these rows, for any score.
 *
 * The best of many on the same rows flatters: choose on out-of-fold scores, and take `expectedProfit` at the chosen
 * threshold on other rows for what to expect. With calibrated probabilities take `costThreshold`, which needs no rows.
 *
 * @param scores `[n]`
 * @param labels `[n]` 0 or 1
 * @returns the highest of thresholds that are equally good, so that the fewest are reached
 * @throws RapportError `profit.payoffs`, and as `confusion`
 *
 * Cost: O(n), a radix sort.
 *
 * @example
 * bestThreshold([0.9, 0.6, 0.2], [1, 0, 0], { payoffs: { truePositive: 10, falsePositive: -1 } }) // threshold 0.9
 */
export function bestThreshold(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  { payoffs, ...options }: ProfitOptions,
): BestThreshold | { readonly defined: false; readonly because: 'no-rows' } {
  const rows = scoredRows(scores, labels, options)
  const total = rows.positives + rows.negatives
  if (total === 0) return { defined: false, because: 'no-rows' }
  const { reached, left } = checkedPayoffs(payoffs)
  const nobody = rows.positives * left[1]! + rows.negatives * left[0]!
  const best = { threshold: Infinity, sum: nobody, weight: 0 }
  let [sum, weight] = [nobody, 0]
  forEachScoreDown(rows, (threshold, positive, negative) => {
    sum += positive * (reached[1]! - left[1]!) + negative * (reached[0]! - left[0]!)
    weight += positive + negative
    if (sum > best.sum) Object.assign(best, { threshold, sum, weight })
  })
  return { defined: true, threshold: best.threshold, profit: best.sum / total, share: best.weight / total }
}

/**
 * The probability from which reaching pays, for calibrated probabilities:
 * (TN − FP) / (TN − FP + TP − FN).
 *
 * @returns 0 … 1
 * @throws RapportError `profit.payoffs` when reaching a negative does not cost, or reaching a positive does not gain: then
 *   there is nothing to weigh
 *
 * Source: Elkan, "The foundations of cost-sensitive learning", IJCAI 2001.
 *
 * @example
 * costThreshold({ truePositive: 9, falsePositive: -1 }) // 0.1
 */
export function costThreshold(payoffs: Payoffs): number {
  const { reached, left } = checkedPayoffs(payoffs)
  const [cost, gain] = [left[0]! - reached[0]!, reached[1]! - left[1]!]
  if (!(cost > 0 && gain > 0)) {
    throw new RapportError(
      'profit.payoffs',
      `reaching a positive must gain and reaching a negative cost, got ${gain} and ${cost}`,
    )
  }
  return cost / (cost + gain)
}

/** Payoffs by label, of those reached and of those left alone. */
function checkedPayoffs({ truePositive, falsePositive, trueNegative = 0, falseNegative = 0 }: Payoffs) {
  const all = [truePositive, falsePositive, trueNegative, falseNegative]
  if (!all.every((payoff) => Number.isFinite(payoff))) {
    throw new RapportError('profit.payoffs', `every payoff must be finite, got ${all.join(', ')}`)
  }
  return { reached: [falsePositive, truePositive], left: [trueNegative, falseNegative] }
}

/** Weights of the classes at each different score that has weight, from the highest down. */
function forEachScoreDown(
  { scores, labels, weights }: ScoredRows,
  visit: (score: number, positive: number, negative: number) => void,
): void {
  const order = ascendingOrder(scores)
  for (let at = order.length - 1; at >= 0; ) {
    const score = scores[order[at]!]!
    const own = [0, 0]
    while (at >= 0 && scores[order[at]!] === score) {
      own[labels[order[at]!]!]! += weights[order[at]!]!
      at -= 1
    }
    if (own[0]! + own[1]! > 0) visit(score, own[1]!, own[0]!)
  }
}
