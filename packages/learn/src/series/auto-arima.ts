import { stopIfAborted, type Work } from '@rapport/numerics'
import { type ArimaModel, fitArima } from './arima.ts'
import { type ArmaCoefficients, hasRootNearUnitCircle, multipliedOut } from './arma-polynomials.ts'
import { differencesNeeded, seasonalDifferencesNeeded } from './differencing-choice.ts'
import { type ArimaCandidate, candidatesMax, searchOrders } from './order-search.ts'
import { checkedSeries, checkPeriod, largestOf, type SeriesTooShort } from './series.ts'

export interface AutoArimaOptions {
  /** Values a season. Default 1, no seasons. */
  readonly period?: number
}

/**
 * ARIMA of the order with the lowest AICc that a stepwise search finds: differences by tests first, then from five simple
 * models on always to a better neighbour.
 *
 * Every candidate is fitted by exact likelihood, where R approximates it for long series. Models with a root within 1 % of
 * the unit circle are passed over.
 *
 * @param values `[n]` finite, oldest first
 * @returns the model, or why there is none
 * @throws RapportError as `fitArima`
 *
 * Cost: 10 to 40 fits, at most 94.
 * Source: Hyndman & Khandakar, "Automatic time series forecasting: the forecast package for R", Journal of Statistical
 * Software 27(3), 2008.
 *
 * @example
 * const model = fitAutoArima(monthlySales.map(Math.log), { period: 12 })
 * if (model.kind === 'arima') forecastArima(model, { horizon: 12 }).mean.map(Math.exp)
 */
export function fitAutoArima(
  values: ArrayLike<number>,
  { period = 1 }: AutoArimaOptions = {},
  work?: Work,
): ArimaModel | SeriesTooShort {
  const given = checkedSeries('arima', values)
  checkPeriod('arima', period)
  const plain = fitArima(given, { order: { autoregressive: 0, differences: 0, movingAverage: 0 } })
  if (plain.kind === 'too-short') return plain
  const series = given.map((value) => value / (largestOf(given) || 1))
  const seasonalDifferences = seasonalDifferencesNeeded(series, period)
  const apart = seasonalDifferences === 0 ? series : series.slice(period).map((value, at) => value - series[at]!)
  const differences = differencesNeeded(apart)
  const optionsOf = ({ p, q, seasonalP, seasonalQ, constant }: ArimaCandidate) => ({
    order: {
      autoregressive: p,
      differences,
      movingAverage: q,
      seasonalAutoregressive: seasonalP,
      seasonalDifferences,
      seasonalMovingAverage: seasonalQ,
    },
    period,
    constant,
  })
  const signal = work?.signal && { signal: work.signal }
  const score = (candidate: ArimaCandidate, seen: number): number => {
    stopIfAborted(work)
    const found = fitArima(given, { ...optionsOf(candidate), starts: 1 }, signal)
    work?.onProgress?.({ stage: 'trying orders', done: seen + 1, total: candidatesMax })
    return found.kind !== 'too-short' && isUsable(found, period) ? found.aicc : Infinity
  }
  const mayHaveConstant = differences + seasonalDifferences <= 1
  const best = searchOrders(score, period, mayHaveConstant)
  const model = fitArima(given, optionsOf(best), signal)
  work?.onProgress?.({ stage: 'trying orders', done: candidatesMax, total: candidatesMax })
  return model
}

function isUsable(coefficients: ArmaCoefficients, period: number): boolean {
  const { autoregressive, movingAverage } = multipliedOut(coefficients, period)
  return !hasRootNearUnitCircle(autoregressive) && !hasRootNearUnitCircle(movingAverage.map((value) => -value))
}
