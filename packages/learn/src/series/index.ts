export { type EtsModel, type EtsOptions, type EtsStates, fitEts } from './ets.ts'
export { type EtsForecastOptions, forecastEts } from './ets-forecast.ts'
export { type EtsForm, type EtsPart, etsName } from './ets-form.ts'
export type { Forecast, ForecastOptions } from './forecast.ts'
export {
  fitSeasonalNaive,
  forecastSeasonalNaive,
  type SeasonalNaiveModel,
  type SeasonalNaiveOptions,
} from './seasonal-naive.ts'
export type { SeriesTooShort } from './series.ts'
