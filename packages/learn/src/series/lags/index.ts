export { forecastLagBoosting } from './forecast-lag-boosting.ts'
export { fitLagBoosting, type LagBoostingModel } from './lag-boosting.ts'
export type { LagBoostingOptions } from './lag-boosting-options.ts'
export type { LagColumns } from './lag-columns.ts'
