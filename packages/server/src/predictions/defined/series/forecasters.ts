import {
  type ArimaModel,
  type Forecast,
  type Forecaster,
  fitArima,
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

/** Forecasters that may keep between two calls what they found; the plainest, which is the baseline, first. */
export const methods: Readonly<Record<MethodName, () => Forecaster>> = {
  'seasonal naive': () => (values, horizon) =>
    made(fitSeasonalNaive(values, { period }), (model) => forecastSeasonalNaive(model, { horizon, confidence })),
  Theta: () => (values, horizon) =>
    made(fitTheta(values, { period }), (model) => forecastTheta(model, { horizon, confidence })),
  ETS: () => (values, horizon) =>
    made(fitEts(values, { period }), (model) => forecastEts(model, { horizon, confidence, seed: 1 })),
  ARIMA: arimaForecaster,
  'boosting on lags': () => async (values, horizon) =>
    made(await fitLagBoosting(values, { horizon, period, seed: 1 }), (model) =>
      forecastLagBoosting(model, { horizon, confidence }),
    ),
}

/** The order is searched for in the first values, of which all later ones are longer: it knows nothing of what comes after. */
function arimaForecaster(): Forecaster {
  let first: ArimaModel | SeriesTooShort | undefined
  return (values, horizon) => {
    const found =
      first?.kind === 'arima'
        ? fitArima(values, { order: first.order, period, constant: first.mean !== 0 })
        : fitAutoArima(values, { period })
    first ??= found
    return made(found, (model) => forecastArima(model, { horizon, confidence }))
  }
}

export const confidence = 0.8

const made = <Model extends { readonly kind: string }>(
  model: Model | SeriesTooShort,
  forecast: (model: Exclude<Model, SeriesTooShort>) => Forecast,
): Forecast | SeriesTooShort =>
  model.kind === 'too-short' ? (model as SeriesTooShort) : forecast(model as Exclude<Model, SeriesTooShort>)
