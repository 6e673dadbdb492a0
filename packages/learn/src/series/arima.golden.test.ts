// Reference: statsmodels' SARIMAX on the differenced series, versions in the file; made by golden/make/series-arima.py. It
// stops where the likelihood changes by less than about 1e-9 of itself, so coefficients agree to four digits; ours is never
// less likely.
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { withoutData } from '../../../../tooling/test-data.ts'
import { fitArima } from './arima.ts'
import { forecastArima } from './arima-forecast.ts'
import { runArma } from './arma-likelihood.ts'
import { differencing, filteredBy, multipliedOut } from './arma-polynomials.ts'
import { fitted, readPassengers } from './forecast.contract.ts'

interface Fit {
  name: string
  values: number[]
  order: [number, number, number]
  seasonal: [number, number, number, number]
  constant: boolean
  coefficients: number[]
  variance: number
  logLikelihood: number
  mean: number[]
}
const { values, agree } = readGolden<{ fits: Fit[] }>(new URL('golden/arima.json', import.meta.url))

test.each(values.fits)('$name as statsmodels', (fit) => {
  const [autoregressive, differences, movingAverage] = fit.order
  const [seasonalAutoregressive, seasonalDifferences, seasonalMovingAverage, season] = fit.seasonal
  const period = Math.max(1, season)
  const order = {
    autoregressive,
    differences,
    movingAverage,
    seasonalAutoregressive,
    seasonalDifferences,
    seasonalMovingAverage,
  }
  const model = fitted(fitArima(fit.values, { order, period, constant: fit.constant }))
  expect(model.converged).toBe(true)
  expect(model.logLikelihood).toBeGreaterThan(fit.logLikelihood - 1e-8)
  expect(model.logLikelihood).toBeLessThan(fit.logLikelihood + 1e-4)
  const found = [
    ...model.autoregressive,
    ...model.movingAverage,
    ...model.seasonalAutoregressive,
    ...model.seasonalMovingAverage,
  ]
  for (const [at, value] of fit.coefficients.entries()) {
    expect(Math.abs(found[at]! - value)).toBeLessThan(0.01 * model.standardErrors[at]!)
  }

  // At its own coefficients the likelihood and the forecasts of the differenced series are the same to its last digits.
  const left = [...fit.coefficients]
  const take = (size: number): Float64Array => Float64Array.from(left.splice(0, size))
  const coefficients = {
    autoregressive: take(autoregressive),
    movingAverage: take(movingAverage),
    seasonalAutoregressive: take(seasonalAutoregressive),
    seasonalMovingAverage: take(seasonalMovingAverage),
  }
  const out = multipliedOut(coefficients, period)
  const series = filteredBy(differencing(differences, seasonalDifferences, period), Float64Array.from(fit.values))
  const run = runArma(series, out.autoregressive, out.movingAverage, fit.constant)!
  const n = series.length
  const logLikelihood = -(n * Math.log(2 * Math.PI * fit.variance) + run.logVariances + run.squares / fit.variance) / 2
  agree('ARIMA likelihood and forecasts', logLikelihood, fit.logLikelihood, 1e-7)

  const state = { ...model, ...coefficients, mean: run.mean, state: run.state }
  const differenced = {
    ...state,
    order: { ...model.order, differences: 0, seasonalDifferences: 0 },
    last: new Float64Array(0),
  }
  agree('ARIMA likelihood and forecasts', forecastArima(differenced, { horizon: 6 }).mean, fit.mean, 1e-4)
})

// Reference: R forecast 8.20, `auto.arima` of the logarithm, in the data set's README: coefficients, standard errors,
// likelihood and the year 1961, as printed.
test.skipIf(withoutData)('the airline model as R', () => {
  const order = {
    autoregressive: 0,
    differences: 1,
    movingAverage: 1,
    seasonalDifferences: 1,
    seasonalMovingAverage: 1,
  }
  const model = fitted(fitArima(readPassengers().map(Math.log), { order, period: 12 }))
  expect(model.movingAverage[0]).toBeCloseTo(-0.4018, 4)
  expect(model.seasonalMovingAverage[0]).toBeCloseTo(-0.5569, 4)
  expect(model.standardErrors[0]).toBeCloseTo(0.0896, 4)
  expect(model.standardErrors[1]).toBeCloseTo(0.0731, 4)
  expect(model.sigma ** 2).toBeCloseTo(0.001371, 5)
  expect(model.logLikelihood).toBeCloseTo(244.7, 2)
  const { mean } = forecastArima(model, { horizon: 12 })
  const printed = [
    450.4224, 425.7172, 479.0068, 492.4045, 509.055, 583.3449, 670.0108, 667.0776, 558.1894, 497.2078, 429.872,
    477.2426,
  ]
  // R's own search ends in the fifth digit of the coefficients.
  for (const [step, value] of printed.entries()) expect(Math.exp(mean[step]!) / value).toBeCloseTo(1, 4)
})
