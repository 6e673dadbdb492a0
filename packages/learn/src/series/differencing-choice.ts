import { decomposeStl } from './stl.ts'

/**
 * How often a series must be differenced by season: once when seasons make up more than 64 % of what moves it beside its
 * trend, as STL takes it apart; the rule of R's `nsdiffs`.
 *
 * Source: Wang, Smith & Hyndman, "Characteristic-based clustering for time series data", 2006.
 */
export function seasonalDifferencesNeeded(series: Float64Array, period: number): 0 | 1 {
  if (period < 2 || series.length < 2 * period + 1) return 0
  const parts = decomposeStl(series, { period, seasonalWindow: 11 })
  if (parts.kind === 'too-short') return 0
  const both = varianceOf(parts.remainder.map((value, at) => value + parts.season[at]!))
  return both > 0 && 1 - varianceOf(parts.remainder) / both > 0.64 ? 1 : 0
}

/**
 * How often a series must be differenced until the KPSS test at 5 % no longer speaks against a steady level; at most twice,
 * as R's `ndiffs`.
 *
 * Source: Kwiatkowski, Phillips, Schmidt & Shin, Journal of Econometrics 54, 1992, with a truncation at 3 √n / 13.
 */
export function differencesNeeded(series: Float64Array): number {
  let left = series
  for (let rounds = 0; rounds < 2; rounds += 1) {
    if (isConstant(left) || kpss(left) <= criticalAtFivePercent) return rounds
    const before = left
    left = before.slice(1).map((value, at) => value - before[at]!)
  }
  return 2
}

const criticalAtFivePercent = 0.463

/** The KPSS statistic for a level; large when the series wanders. */
export function kpss(series: Float64Array): number {
  const n = series.length
  const mean = series.reduce((sum, value) => sum + value / n, 0)
  const centred = series.map((value) => value - mean)
  let [partial, partials] = [0, 0]
  for (const value of centred) {
    partial += value
    partials += partial * partial
  }
  const lags = Math.trunc((3 * Math.sqrt(n)) / 13)
  let variance = 0
  for (let lag = 0; lag <= lags; lag += 1) {
    let product = 0
    for (let at = lag; at < n; at += 1) product += centred[at]! * centred[at - lag]!
    variance += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * (product / n)
  }
  return partials / (n * n * variance)
}

/** True when nothing but rounding moves the series. */
function isConstant(series: Float64Array): boolean {
  const largest = series.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return series.every((value) => Math.abs(value - series[0]!) <= 1e-12 * largest)
}

function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0)
  return values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0)
}
