import {
  type ArimaModel,
  applyForecastMargins,
  type EtsModel,
  type Forecaster,
  fitArima,
  fitAutoArima,
  fitCroston,
  fitEts,
  fitForecastMargins,
  fitLagBoosting,
  fitSeasonalNaive,
  fitTheta,
  fitTsb,
  forecastArima,
  forecastEts,
  forecastFromPast,
  forecastIntermittent,
  forecastLagBoosting,
  forecastSeasonalNaive,
  forecastTheta,
  type LagBoostingModel,
  type LagBoostingOptions,
} from '../../series/index.ts'
import { estimator } from '../estimator.contract.ts'
import { demandInputs, seriesInputs } from '../other-inputs.contract.ts'

const year = { horizon: 12 }
const order = { autoregressive: 1, differences: 1, movingAverage: 1 }

const lastSeason: Forecaster = (values, horizon) => {
  const model = fitSeasonalNaive(values)
  return model.kind === 'too-short' ? model : forecastSeasonalNaive(model, { horizon, confidence: 0.5 })
}
const coming = { mean: Float64Array.of(2, 3), low: Float64Array.of(1, 1), high: Float64Array.of(3, 5), confidence: 0.5 }

const ets = (name: 'fitEts' | 'fitEts of a given form', fit: (values: Float64Array) => ReturnType<typeof fitEts>) =>
  estimator({ name, inputs: seriesInputs(), fit, use: (model: EtsModel) => forecastEts(model, year) })

const lagBoosting = (name: `fit${string}`, options: Omit<LagBoostingOptions, 'seed' | 'workers'>) =>
  estimator({
    name,
    inputs: seriesInputs(),
    fit: (values, workers) => fitLagBoosting(values, { ...options, workers, seed: 1 }),
    use: (model: LagBoostingModel) => forecastLagBoosting(model, options),
  })

export const seriesEstimators = [
  estimator({
    name: 'fitSeasonalNaive',
    inputs: seriesInputs(),
    fit: (values) => fitSeasonalNaive(values, { period: 12 }),
    use: (model) => forecastSeasonalNaive(model, year),
  }),
  ets('fitEts', (values) => fitEts(values)),
  ets('fitEts of a given form', (values) =>
    fitEts(values, { period: 4, form: { error: 'additive', trend: 'additive', damped: true, season: 'additive' } }),
  ),
  estimator({
    name: 'fitTheta',
    inputs: seriesInputs(),
    fit: (values) => fitTheta(values, { period: 12 }),
    use: (model) => forecastTheta(model, year),
  }),
  estimator({
    name: 'fitArima',
    inputs: seriesInputs(),
    fit: (values) => fitArima(values, { order }),
    use: (model: ArimaModel) => forecastArima(model, year),
  }),
  estimator({
    name: 'fitAutoArima',
    inputs: seriesInputs(),
    fit: (values) => fitAutoArima(values),
    use: (model: ArimaModel) => forecastArima(model, year),
  }),
  estimator({
    name: 'fitCroston',
    inputs: demandInputs(),
    fit: (values) => fitCroston(values),
    use: (model) => forecastIntermittent(model, year),
  }),
  estimator({
    name: 'fitTsb',
    inputs: demandInputs(),
    fit: (values) => fitTsb(values),
    use: (model) => forecastIntermittent(model, year),
  }),
  lagBoosting('fitLagBoosting', { horizon: 12, period: 4, rowsPerLeafMin: 5, rounds: 20 }),
  lagBoosting('fitLagBoosting direct', {
    horizon: 3,
    rowsPerLeafMin: 5,
    rounds: 5,
    strategy: 'direct',
    loss: 'absolute',
  }),
  estimator({
    name: 'fitForecastMargins',
    inputs: seriesInputs(),
    fit: async (values) => fitForecastMargins((await forecastFromPast(values, lastSeason, { horizon: 2 })).past),
    use: (model) => applyForecastMargins(model, coming),
  }),
]
