import {
  type Forecast,
  type Forecaster,
  fitAutoArima,
  fitEts,
  fitLagBoosting,
  fitSeasonalNaive,
  fitTheta,
  forecastArima,
  forecastEts,
  forecastLagBoosting,
  forecastSeasonalNaive,
  forecastTheta,
  type SeriesTooShort,
} from '@rapport/learn'

/** Days of a week repeat; of a year there are seldom enough. */
export const period = 7

export type MethodName = 'seasonal naive' | 'ETS' | 'Theta' | 'ARIMA' | 'boosting on lags'

/** The plainest, which is the baseline, first. */
export const methods: Readonly<Record<MethodName, Forecaster>> = {
  'seasonal naive': (values, horizon) =>
    made(fitSeasonalNaive(values, { period }), (model) => forecastSeasonalNaive(model, { horizon, confidence })),
  Theta: (values, horizon) =>
    made(fitTheta(values, { period }), (model) => forecastTheta(model, { horizon, confidence })),
  ETS: (values, horizon) =>
    made(fitEts(values, { period }), (model) => forecastEts(model, { horizon, confidence, seed: 1 })),
  ARIMA: (values, horizon) =>
    made(fitAutoArima(values, { period }), (model) => forecastArima(model, { horizon, confidence })),
  'boosting on lags': async (values, horizon) =>
    made(await fitLagBoosting(values, { horizon, period, seed: 1 }), (model) =>
      forecastLagBoosting(model, { horizon, confidence }),
    ),
}

export const confidence = 0.8

const made = <Model extends { readonly kind: string }>(
  model: Model | SeriesTooShort,
  forecast: (model: Exclude<Model, SeriesTooShort>) => Forecast,
): Forecast | SeriesTooShort =>
  model.kind === 'too-short' ? (model as SeriesTooShort) : forecast(model as Exclude<Model, SeriesTooShort>)
