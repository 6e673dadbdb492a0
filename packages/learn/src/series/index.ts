export { type AnomalyBands, type AnomalyOptions, findAnomalies } from './anomaly-bands.ts'
export { type ArimaModel, type ArimaOptions, fitArima } from './arima.ts'
export { forecastArima } from './arima-forecast.ts'
export type { ArimaOrder, ArmaCoefficients } from './arma-polynomials.ts'
export { type AutoArimaOptions, fitAutoArima } from './auto-arima.ts'
export { isSeasonal, type SeasonKind, seasonalFigure } from './decomposition.ts'
export { type EtsModel, type EtsOptions, type EtsStates, fitEts } from './ets.ts'
export { type EtsForecastOptions, forecastEts } from './ets-forecast.ts'
export { type EtsForm, type EtsPart, etsName } from './ets-form.ts'
export type { Forecast, ForecastOptions } from './forecast.ts'
export { mase, smape } from './forecast-errors.ts'
export {
  applyForecastMargins,
  type ForecastMargins,
  type ForecastMarginsOptions,
  fitForecastMargins,
} from './forecast-margins.ts'
export {
  type CrostonOptions,
  fitCroston,
  fitTsb,
  forecastIntermittent,
  type IntermittentModel,
  type TsbOptions,
} from './intermittent.ts'
export * from './lags/index.ts'
export { type Forecaster, forecastFromPast, type PastForecast, type PastOptions } from './past-forecasts.ts'
export {
  evaluateRollingOrigin,
  judgePastForecasts,
  type RollingOriginOptions,
  type RollingOriginResult,
} from './rolling-origin.ts'
export {
  fitSeasonalNaive,
  forecastSeasonalNaive,
  type SeasonalNaiveModel,
  type SeasonalNaiveOptions,
} from './seasonal-naive.ts'
export type { SeriesTooShort } from './series.ts'
export { decomposeStl, type StlDecomposition, type StlOptions } from './stl.ts'
export type { StraightLine } from './straight-line.ts'
export { fitTheta, forecastTheta, type ThetaModel, type ThetaOptions } from './theta.ts'
export { findUsualBands, type PastDays, type UsualBands, type UsualBandsOptions } from './usual-bands.ts'
