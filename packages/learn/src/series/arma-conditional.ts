import type { Objective } from '@rapport/numerics'
import { meanOfErrors } from './arma-density.ts'
import {
  type ArmaBlocks,
  armaFromFree,
  filteredAll,
  freeSlopes,
  lagsOf,
  multipliedOut,
  seasonalPolynomial,
} from './arma-polynomials.ts'

/**
 * Half the logarithm of an ARMA model's mean squared error, given that all before the series was at its mean, with its slopes:
 * of free numbers, as `armaFromFree` takes them.
 *
 * Errors count from the longest lag of the autoregression on. As every slope is the errors or the series once more through the
 * same filter, shifted, value and slopes cost three filters whatever the number of coefficients.
 *
 * @param series `[n]` differenced
 * @param hasMean whether the mean that makes the squares least is taken off
 *
 * Cost: some 3 n times the lags that count, and n d.
 * Source: Box, Jenkins, Reinsel & Ljung, "Time series analysis", 5th ed. 2015, §7.1.2 and §7.2.1.
 */
export function conditionalError(
  series: Float64Array,
  blocks: ArmaBlocks,
  period: number,
  hasMean: boolean,
): Objective {
  const n = series.length
  const ones = hasMean ? new Float64Array(n).fill(1) : new Float64Array(0)
  return (free, gradient) => {
    const coefficients = armaFromFree(free, blocks)
    const out = multipliedOut(coefficients, period)
    // Of a short series at least half counts.
    const from = Math.min(out.autoregressive.length, n >> 1)
    const [ar, ma] = [lagsOf(out.autoregressive.map((value) => -value)), lagsOf(out.movingAverage)]
    const errors = errorsOf(series, ar, ma)
    const oneErrors = errorsOf(ones, ar, ma)
    const mean = meanOfErrors(errors, oneErrors, from)
    if (hasMean) for (let at = 0; at < n; at += 1) errors[at]! -= mean * oneErrors[at]!
    let squares = 0
    for (let at = from; at < n; at += 1) squares += errors[at]! ** 2

    const centred = hasMean ? series.map((value) => value - mean) : series
    const [values, past] = [errorsOf(centred, [], ma), errorsOf(errors, [], ma)]
    const { autoregressive, movingAverage, seasonalAutoregressive, seasonalMovingAverage } = coefficients
    // Each block's slopes are taken behind the other polynomial of its side.
    const sides = [
      { of: values, behind: seasonalPolynomial(seasonalAutoregressive, period, -1), size: blocks[0], step: 1 },
      { of: past, behind: seasonalPolynomial(seasonalMovingAverage, period, 1), size: blocks[1], step: 1 },
      { of: values, behind: seasonalPolynomial(autoregressive, 1, -1), size: blocks[2], step: period },
      { of: past, behind: seasonalPolynomial(movingAverage, 1, 1), size: blocks[3], step: period },
    ]
    let at = 0
    for (const { of, behind, size, step } of sides) {
      if (size === 0) continue
      const moved = filteredAll(behind, of)
      for (let index = 1; index <= size; index += 1, at += 1) {
        let slope = 0
        for (let time = Math.max(from, index * step); time < n; time += 1) {
          slope -= errors[time]! * moved[time - index * step]!
        }
        gradient[at] = slope
      }
    }
    // A series that is exactly constant has errors of rounding, not of nothing.
    const perValue = squares / (n - from) + 1e-28
    freeSlopes(free, blocks, gradient)
    for (let axis = 0; axis < gradient.length; axis += 1) gradient[axis]! /= (n - from) * perValue
    return Math.log(perValue) / 2
  }
}

/** e_t = w_t + Σ ar w_{t−lag} − Σ ma e_{t−lag}, all before the first value being 0. */
function errorsOf(
  series: Float64Array,
  ar: readonly (readonly [number, number])[],
  ma: readonly (readonly [number, number])[],
): Float64Array {
  const n = series.length
  const errors = series.slice()
  for (const [lag, value] of ar) {
    for (let at = lag; at < n; at += 1) errors[at]! += value * series[at - lag]!
  }
  if (ma.length === 0) return errors
  for (let at = 0; at < n; at += 1) {
    let error = errors[at]!
    for (const [lag, value] of ma) if (lag <= at) error -= value * errors[at - lag]!
    errors[at] = error
  }
  return errors
}
