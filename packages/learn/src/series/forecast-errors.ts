import { RapportError } from '@rapport/numerics'
import { checkTotalWeight } from '../linear/checked-numbers.ts'
import { defined, type Metric, type MetricOptions, missing } from '../metrics/metric.ts'

/**
 * Symmetric mean absolute percentage error as the M competitions define it, as a fraction: the mean of
 * 2 |actual − forecast| / (|actual| + |forecast|). A pair of zeros counts as no error.
 *
 * @param forecast `[n]` finite
 * @param actual `[n]` finite; positions where it is missing (NaN) are left out
 * @returns 0 … 2, or `no-rows`
 * @throws RapportError `forecast-errors.lengths`, `forecast-errors.values`, `forecast-errors.weights`
 *
 * @example
 * smape([110], [90]) // { defined: true, value: 0.2 }
 */
export function smape(forecast: ArrayLike<number>, actual: ArrayLike<number>, options: MetricOptions = {}): Metric {
  const loss = (expected: number, seen: number): number => {
    const size = Math.abs(expected) + Math.abs(seen)
    return size === 0 ? 0 : (2 * Math.abs(seen - expected)) / size
  }
  return meanOverSteps(forecast, actual, loss, options)
}

/**
 * Mean absolute scaled error: the mean absolute error over that of the seasonal naive forecast within the training values.
 * Below 1 is better than repeating the last season was, one step ahead.
 *
 * @param training the values that the forecast was made from, oldest first; missing (NaN) ones are left out
 * @param period values a season
 * @param options weights of the steps forecast; the training values all count alike
 * @returns ≥ 0, `no-rows`, or `constant` when the training values repeat themselves exactly or are too few
 * @throws RapportError as `smape`
 *
 * Source: Hyndman & Koehler, "Another look at measures of forecast accuracy", International Journal of Forecasting 22(4),
 * 2006.
 *
 * @example
 * mase([4], [6], [1, 2, 3], 1) // { defined: true, value: 2 }
 */
export function mase(
  forecast: ArrayLike<number>,
  actual: ArrayLike<number>,
  training: ArrayLike<number>,
  period: number,
  options: MetricOptions = {},
): Metric {
  const error = meanOverSteps(forecast, actual, (expected, seen) => Math.abs(seen - expected), options)
  if (!error.defined) return error
  let [sum, pairs] = [0, 0]
  for (let at = period; at < training.length; at += 1) {
    const difference = Math.abs(training[at]! - training[at - period]!)
    if (Number.isNaN(difference)) continue
    sum += difference
    pairs += 1
  }
  return sum > 0 ? defined((error.value * pairs) / sum) : missing('constant')
}

function meanOverSteps(
  forecast: ArrayLike<number>,
  actual: ArrayLike<number>,
  loss: (expected: number, seen: number) => number,
  { weights }: MetricOptions,
): Metric {
  if (forecast.length !== actual.length) {
    throw new RapportError(
      'forecast-errors.lengths',
      `forecast and actual must have one length, got ${forecast.length} and ${actual.length}`,
    )
  }
  if (weights !== undefined) checkWeights(weights, forecast.length)
  let [sum, count] = [0, 0]
  for (let step = 0; step < forecast.length; step += 1) {
    const [expected, seen] = [forecast[step]!, actual[step]!]
    if (!Number.isFinite(expected) || Math.abs(seen) === Infinity) {
      throw new RapportError(
        'forecast-errors.values',
        `every value must be finite, got ${expected} and ${seen} at step ${step}`,
      )
    }
    if (Number.isNaN(seen)) continue
    const weight = weights === undefined ? 1 : weights[step]!
    sum += weight * loss(expected, seen)
    count += weight
  }
  return count > 0 ? defined(sum / count) : missing('no-rows')
}

function checkWeights(weights: ArrayLike<number>, steps: number): void {
  const wrong = Array.from(weights).findIndex((weight) => !(weight >= 0 && weight < Infinity))
  if (weights.length === steps && wrong < 0) {
    checkTotalWeight('forecast-errors.weights', weights)
    return
  }
  const got = wrong < 0 ? `${weights.length} of them` : `${weights[wrong]} at step ${wrong}`
  throw new RapportError(
    'forecast-errors.weights',
    `weights must hold a finite number of at least 0 a step (${steps}), got ${got}`,
  )
}
