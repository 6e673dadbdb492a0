// Reference: statsforecast's thetamodel and auto_theta and statsmodels' seasonal_decompose, versions in the file; made by
// golden/make/series-theta.py.
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { seasonalFigure } from './decomposition.ts'
import { fitted } from './forecast.contract.ts'
import { fitTheta, forecastTheta } from './theta.ts'

interface Fit {
  values: number[]
  model: 'STM' | 'OTM'
  alpha: number
  level: number
  theta: number
  residuals: number[]
  mean: number[]
}
interface Golden {
  passengers: number[]
  fits: Fit[]
  seasonal: Record<'additive' | 'multiplicative', { figure: number[]; mean: number[] }>
}
const { values: golden, agree } = readGolden<Golden>(new URL('golden/theta.json', import.meta.url))

test.each(golden.fits)('$model at the parameters of statsforecast forecasts the same', (fit) => {
  const found = fitted(fitTheta(fit.values, { theta: fit.theta }))
  const smoothed = fit.values.at(-1)! - fit.residuals.at(-1)! * (1 - fit.alpha)
  // The level after the last value, from its residual: what was expected plus the part of the error that is taken in.
  const last = forecastTheta({ ...found, smoothing: fit.alpha, level: 0, n: found.n - 1 }, { horizon: 1 }).mean[0]!
  const model = { ...found, smoothing: fit.alpha, level: smoothed - (1 - fit.alpha) * last }
  agree('Theta', forecastTheta(model, { horizon: 24 }).mean, fit.mean, 1e-10)
})

test.each(golden.fits)(
  '$model leaves no more squared error than statsforecast, whose smoothing ends at 0.99',
  (fit) => {
    const found = fitted(fitTheta(fit.values, { theta: fit.model === 'STM' ? 2 : 'optimised' }))
    const squares = fit.values.reduce((sum, value, at) => sum + (value - found.fitted[at]!) ** 2, 0)
    const theirs = fit.residuals.reduce((sum, residual) => sum + residual * residual, 0)
    expect(squares).toBeLessThanOrEqual(theirs)
    // Optimised, statsforecast leaves the first three errors out and so finds another theta.
    if (fit.model === 'OTM') return
    for (const [step, value] of forecastTheta(found, { horizon: 24 }).mean.entries()) {
      expect(Math.abs(value / fit.mean[step]! - 1)).toBeLessThan(0.01)
    }
  },
)

test.each(['additive', 'multiplicative'] as const)('%s seasons as statsmodels and statsforecast', (season) => {
  const { figure, mean } = golden.seasonal[season]
  const ours = seasonalFigure(Float64Array.from(golden.passengers), 12, season)
  agree('classical seasons', ours, figure, 1e-10)
  const found = fitted(fitTheta(golden.passengers, { period: 12, season }))
  for (const [step, value] of forecastTheta(found, { horizon: 24 }).mean.entries()) {
    expect(Math.abs(value / mean[step]! - 1)).toBeLessThan(0.01)
  }
})
