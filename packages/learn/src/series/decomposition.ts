/** How seasons join a series: added to it, or as factors of it. */
export type SeasonKind = 'additive' | 'multiplicative'

/**
 * What each season adds to (or multiplies) a series, by the classical decomposition: distances (or ratios) to a centred
 * moving average over one period, averaged by season and made to sum to 0 (or average 1).
 *
 * @param series `[n]` oldest first, missing (NaN) values left out; at least two periods
 * @returns `[period]`, the season of the first value first; neutral for a season that was never seen
 *
 * Source: Hyndman & Athanasopoulos, "Forecasting: principles and practice", 3rd ed. 2021, §3.4. Agrees with R's
 * `decompose` and statsmodels' `seasonal_decompose`.
 */
export function seasonalFigure(series: Float64Array, period: number, kind: SeasonKind): Float64Array {
  const isFactor = kind === 'multiplicative'
  const sums = new Float64Array(period)
  const counts = new Float64Array(period)
  const reach = Math.floor(period / 2)
  for (let centre = reach; centre < series.length - reach; centre += 1) {
    const value = series[centre]!
    const average = centredAverage(series, centre, period)
    if (Number.isNaN(value) || Number.isNaN(average)) continue
    sums[centre % period]! += isFactor ? value / average : value - average
    counts[centre % period]! += 1
  }
  const figure = sums.map((sum, slot) => (counts[slot]! > 0 ? sum / counts[slot]! : isFactor ? 1 : 0))
  const mean = figure.reduce((sum, value) => sum + value, 0) / period
  return figure.map((value) => (isFactor ? value / mean : value - mean))
}

/** Over an even period the two ends count half each. */
function centredAverage(series: Float64Array, centre: number, period: number): number {
  const reach = Math.floor(period / 2)
  let sum = 0
  for (let at = centre - reach; at <= centre + reach; at += 1) sum += series[at]!
  if (period % 2 === 0) sum -= (series[centre - reach]! + series[centre + reach]!) / 2
  return sum / period
}

/**
 * True when the autocorrelation one period back is further from 0 than chance and the shorter lags explain, at 90 %, and
 * there are three periods to tell from. The test of the M4 competition's benchmarks.
 */
export function isSeasonal(series: Float64Array, period: number): boolean {
  if (period < 2 || series.length < 3 * period) return false
  const there = series.filter((value) => !Number.isNaN(value))
  const mean = there.reduce((sum, value) => sum + value, 0) / there.length
  const centred = series.map((value) => (Number.isNaN(value) ? 0 : value - mean))
  const product = (lag: number): number => {
    let sum = 0
    for (let at = lag; at < centred.length; at += 1) sum += centred[at]! * centred[at - lag]!
    return sum
  }
  const variance = product(0)
  if (!(variance > 0)) return false
  let spread = 1
  for (let lag = 1; lag < period; lag += 1) spread += 2 * (product(lag) / variance) ** 2
  return Math.abs(product(period) / variance) > 1.645 * Math.sqrt(spread / there.length)
}
