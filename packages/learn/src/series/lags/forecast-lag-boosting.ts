import { RapportError } from '@rapport/numerics'
import { checkForecast, type Forecast, type ForecastOptions, normalForecast } from '../forecast.ts'
import { restored } from './differencing.ts'
import type { LagBoostingModel } from './lag-boosting.ts'
import { stepsAhead } from './steps-ahead.ts'

/**
 * The next values by `fitLagBoosting`; medians where logarithms were learned from. Bounds are normal around them, as wide as
 * the errors were that forecasts from moments of the past made as many steps ahead.
 *
 * @throws RapportError `forecast.horizon` also when it is beyond the model's, `forecast.confidence`
 */
export function forecastLagBoosting(model: LagBoostingModel, options: ForecastOptions): Forecast {
  const { horizon, confidence } = checkForecast(options)
  if (horizon > model.horizon) {
    throw new RapportError(
      'forecast.horizon',
      `horizon must be at most the ${model.horizon} steps that the model was fitted for, got ${horizon}`,
    )
  }
  const { models, columns, tail, n, differences, unit, leftUnit, logarithm } = model
  const [ahead] = stepsAhead({
    ...{ models, columns, learned: tail, origins: [tail.length], horizon },
    timeOfFirst: n - tail.length,
  })
  const steps = ahead!.map((value) => value * leftUnit)
  const mean = restored(differences, steps).map((value) => value * unit)
  const deviation = model.deviations.slice(0, horizon).map((value) => value * unit)
  const forecast = normalForecast(mean, deviation, confidence)
  if (!logarithm) return forecast
  return { ...forecast, mean: mean.map(Math.exp), low: forecast.low.map(Math.exp), high: forecast.high.map(Math.exp) }
}
