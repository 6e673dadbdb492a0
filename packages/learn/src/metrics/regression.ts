import { checkList, RapportError } from '@rapport/numerics'
import { checkedMetricWeights } from '../linear/checked-numbers.ts'
import { defined, type Metric, type MetricOptions, missing } from './metric.ts'
import { midRanks } from './mid-ranks.ts'
import { ascendingOrder } from './order.ts'

/**
 * Mean absolute error, in the values' own units.
 *
 * @param predicted `[n]` finite
 * @param actual `[n]` finite
 * @throws RapportError `metrics.lengths`, `metrics.values`, `metrics.weights`
 *
 * @example
 * meanAbsoluteError([1, 2], [2, 4]) // { defined: true, value: 1.5 }
 */
export function meanAbsoluteError(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  options: MetricOptions = {},
): Metric {
  return meanLoss(predicted, actual, Math.abs, options)
}

/**
 * Root of the mean squared error, in the values' own units; large misses weigh more than in `meanAbsoluteError`.
 *
 * @throws RapportError as `meanAbsoluteError`
 */
export function rootMeanSquaredError(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  options: MetricOptions = {},
): Metric {
  const mean = meanLoss(predicted, actual, (difference) => difference * difference, options)
  return mean.defined ? defined(Math.sqrt(mean.value)) : mean
}

/** A quantile that is predicted. */
export interface PinballOptions extends MetricOptions {
  /** Share of values that should lie below the prediction, in (0, 1). */
  readonly quantile: number
}

/**
 * The pinball loss of a predicted quantile: each unit too low costs `quantile`, each too high 1 − `quantile`. Least where
 * the predictions are that quantile; half of the mean absolute error for the median.
 *
 * @param predicted `[n]` finite
 * @param actual `[n]` finite
 * @returns ≥ 0, in the values' own units
 * @throws RapportError `metrics.quantile`, and as `meanAbsoluteError`
 *
 * Source: Koenker & Bassett, "Regression quantiles", Econometrica 46(1), 1978. As scikit-learn's `mean_pinball_loss`.
 *
 * @example
 * pinball([10, 10], [12, 9], { quantile: 0.9 }) // { defined: true, value: 0.95 }
 */
export function pinball(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  { quantile, ...options }: PinballOptions,
): Metric {
  if (!(quantile > 0 && quantile < 1)) {
    throw new RapportError('metrics.quantile', `quantile must be between 0 and 1, got ${quantile}`)
  }
  return meanLoss(predicted, actual, (above) => (above > 0 ? (1 - quantile) * above : -quantile * above), options)
}

/**
 * Spearman's rank correlation, with ties sharing their mean rank.
 *
 * @returns −1 … 1, or `constant` when a side has one value only
 * @throws RapportError as `meanAbsoluteError`
 *
 * @example
 * spearman([1, 2, 3], [10, 20, 15]) // { defined: true, value: 0.5 }
 */
export function spearman(left: ArrayLike<number>, right: ArrayLike<number>): Metric {
  const [first, second] = checkedPair(left, right)
  if (first.length === 0) return missing('no-rows')
  const ranks = midRanks(first)
  const others = midRanks(second)
  const centre = (ranks.length + 1) / 2
  let both = 0
  let own = 0
  let other = 0
  ranks.forEach((rank, row) => {
    both += (rank - centre) * (others[row]! - centre)
    own += (rank - centre) ** 2
    other += (others[row]! - centre) ** 2
  })
  return own === 0 || other === 0 ? missing('constant') : defined(both / Math.sqrt(own * other))
}

/**
 * How well predictions rank customers by their actual value: the Gini index of actual value in predicted order over
 * that in perfect order. 1 is perfect, 0 no better than chance.
 *
 * Equal predictions share what their customers bring, so that the order of the rows never matters.
 *
 * @param predicted `[n]` finite
 * @param actual `[n]` each ≥ 0
 * @returns −1 … 1, or the reason that there is none
 * @throws RapportError `metrics.negative` when an actual value is below 0, and as `meanAbsoluteError`
 *
 * @example
 * normalisedGini([3, 2, 1], [30, 20, 10]) // { defined: true, value: 1 }
 */
export function normalisedGini(predicted: ArrayLike<number>, actual: ArrayLike<number>): Metric {
  const [scores, values] = checkedPair(predicted, actual)
  const negative = values.findIndex((value) => value < 0)
  if (negative >= 0) {
    throw new RapportError('metrics.negative', `actual must be at least 0, got ${values[negative]} at row ${negative}`)
  }
  if (scores.length === 0) return missing('no-rows')
  const best = areaInOrder(values, values)
  return best > 0 ? defined(areaInOrder(scores, values) / best) : missing('constant')
}

/** Twice the area between the diagonal and the curve of value gathered from the lowest score up, not scaled. */
function areaInOrder(scores: Float64Array, values: Float64Array): number {
  const order = ascendingOrder(scores)
  const centre = (scores.length + 1) / 2
  let area = 0
  for (let first = 0; first < order.length; ) {
    let after = first
    let sum = 0
    while (after < order.length && scores[order[after]!] === scores[order[first]!]) {
      sum += values[order[after]!]!
      after += 1
    }
    area += sum * ((first + 1 + after) / 2 - centre)
    first = after
  }
  return area
}

function meanLoss(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  loss: (difference: number) => number,
  { weights }: MetricOptions,
): Metric {
  const [predicted, actual] = checkedPair(left, right)
  const given = weights && checkedMetricWeights('metrics', predicted.length, weights)
  let [sum, total] = [0, 0]
  predicted.forEach((value, row) => {
    const weight = given ? given[row]! : 1
    sum += weight * loss(value - actual[row]!)
    total += weight
  })
  return total > 0 ? defined(sum / total) : missing('no-rows')
}

function checkedPair(left: ArrayLike<number>, right: ArrayLike<number>): [Float64Array, Float64Array] {
  for (const values of [left, right]) checkList('metrics.values', 'values', values)
  if (left.length !== right.length) {
    throw new RapportError('metrics.lengths', `both sides must have one length, got ${left.length} and ${right.length}`)
  }
  const pair: [Float64Array, Float64Array] = [Float64Array.from(left), Float64Array.from(right)]
  for (const values of pair) {
    const wrong = values.findIndex((value) => !Number.isFinite(value))
    if (wrong >= 0) {
      throw new RapportError('metrics.values', `every value must be finite, got ${values[wrong]} at row ${wrong}`)
    }
  }
  return pair
}
