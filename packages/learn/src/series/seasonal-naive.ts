import { checkForecast, type Forecast, type ForecastOptions, normalForecast } from './forecast.ts'
import { checkedSeries, checkPeriod, exactUnit, type SeriesTooShort, tooShort } from './series.ts'

export interface SeasonalNaiveOptions {
  /** Values a season: 12 for months of a year, 7 for days of a week. Default 1, where the last value is repeated. */
  readonly period?: number
}

/** What `fitSeasonalNaive` found. Plain data. */
export interface SeasonalNaiveModel {
  readonly kind: 'seasonal-naive'
  readonly period: number
  /** `[period]` the newest known value of each season, the one of the next step first. */
  readonly last: Float64Array
  /** Root of the mean squared difference to one season before, in the series' own units. */
  readonly sigma: number
}

/**
 * The forecast that any other has to beat: what was seen one season ago comes again.
 *
 * @param values `[n]` oldest first; missing (NaN) values take their season's value before
 * @returns the model, or why there is none: no pair of values one season apart, or a season that was never seen
 * @throws RapportError `seasonal-naive.series`, `seasonal-naive.period`
 *
 * Cost: O(n).
 * Source: Hyndman & Athanasopoulos, "Forecasting: principles and practice", 3rd ed. 2021, §5.2 and §5.5.
 *
 * @example
 * const model = fitSeasonalNaive([1, 5, 2, 6], { period: 2 })
 * model.kind === 'seasonal-naive' && forecastSeasonalNaive(model, { horizon: 3 }).mean // Float64Array [2, 6, 2]
 */
export function fitSeasonalNaive(
  values: ArrayLike<number>,
  { period = 1 }: SeasonalNaiveOptions = {},
): SeasonalNaiveModel | SeriesTooShort {
  const series = checkedSeries('seasonal-naive', values)
  checkPeriod('seasonal-naive', period)
  const short = tooShort(series, period + 1, `a seasonal naive forecast with a period of ${period}`)
  if (short !== undefined) return short

  const n = series.length
  const unit = exactUnit(series)
  const last = new Float64Array(period).fill(Number.NaN)
  let squares = 0
  let pairs = 0
  for (let at = 0; at < n; at += 1) {
    const value = series[at]!
    if (Number.isNaN(value)) continue
    // Slot 0 is the season of the first value after the series.
    const slot = (((at - n) % period) + period) % period
    const before = at >= period ? series[at - period]! : Number.NaN
    if (!Number.isNaN(before)) {
      squares += (value / unit - before / unit) ** 2
      pairs += 1
    }
    last[slot] = value
  }
  if (pairs === 0 || last.some(Number.isNaN)) {
    const observations = n - series.filter(Number.isNaN).length
    const message = `a seasonal naive forecast needs every season seen, and one of them twice in a row, within ${n} values`
    return { kind: 'too-short', observations, needed: period + 1, message }
  }
  return { kind: 'seasonal-naive', period, last, sigma: unit * Math.sqrt(squares / pairs) }
}

/**
 * The next values by `fitSeasonalNaive`; bounds widen by one step's variance a season.
 *
 * @throws RapportError `forecast.horizon`, `forecast.confidence`
 */
export function forecastSeasonalNaive({ period, last, sigma }: SeasonalNaiveModel, options: ForecastOptions): Forecast {
  const { horizon, confidence } = checkForecast(options)
  const mean = Float64Array.from({ length: horizon }, (_, step) => last[step % period]!)
  const deviation = mean.map((_, step) => sigma * Math.sqrt(Math.floor(step / period) + 1))
  return normalForecast(mean, deviation, confidence)
}
