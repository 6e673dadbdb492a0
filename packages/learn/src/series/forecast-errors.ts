import { RapportError } from '@rapport/numerics'
import { defined, type Metric, missing } from '../metrics/metric.ts'

/**
 * Symmetric mean absolute percentage error as the M competitions define it, as a fraction: the mean of
 * 2 |actual − forecast| / (|actual| + |forecast|). A pair of zeros counts as no error.
 *
 * @param forecast `[n]` finite
 * @param actual `[n]` finite; positions where it is missing (NaN) are left out
 * @returns 0 … 2, or `no-rows`
 * @throws RapportError `forecast-errors.lengths`, `forecast-errors.values`
 *
 * @example
 * smape([110], [90]) // { defined: true, value: 0.2 }
 */
export function smape(forecast: ArrayLike<number>, actual: ArrayLike<number>): Metric {
  return meanOverSteps(forecast, actual, (expected, seen) => {
    const size = Math.abs(expected) + Math.abs(seen)
    return size === 0 ? 0 : (2 * Math.abs(seen - expected)) / size
  })
}

/**
 * Mean absolute scaled error: the mean absolute error over that of the seasonal naive forecast within the training values.
 * Below 1 is better than repeating the last season was, one step ahead.
 *
 * @param training the values that the forecast was made from, oldest first; missing (NaN) ones are left out
 * @param period values a season
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
): Metric {
  const error = meanOverSteps(forecast, actual, (expected, seen) => Math.abs(seen - expected))
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
): Metric {
  if (forecast.length !== actual.length) {
    throw new RapportError(
      'forecast-errors.lengths',
      `forecast and actual must have one length, got ${forecast.length} and ${actual.length}`,
    )
  }
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
    sum += loss(expected, seen)
    count += 1
  }
  return count > 0 ? defined(sum / count) : missing('no-rows')
}
