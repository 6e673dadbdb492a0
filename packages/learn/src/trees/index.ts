export type {
  BoostingClassesModel,
  BoostingModel,
  BoostingRankingModel,
  BoostingRegressionModel,
  ColumnBins,
  TreeNodes,
} from './boosting-model.ts'
export type { BoostingOptions, EarlyStopping, MonotoneColumns } from './boosting-options.ts'
export { featureGains } from './feature-gains.ts'
export { type BinaryBoostingOptions, fitBoosting } from './fit-boosting.ts'
export { type ClassesBoostingOptions, fitBoostingClasses } from './fit-boosting-classes.ts'
export { type BoostingRankingOptions, fitBoostingRanking } from './fit-boosting-ranking.ts'
export { type BoostingRegressionOptions, fitBoostingRegression } from './fit-boosting-regression.ts'
export { fitForest, fitForestRegression } from './forest/fit-forest.ts'
export { fitTree, fitTreeRegression, type TreeOptions } from './forest/fit-tree.ts'
export type { ForestModel } from './forest/forest-model.ts'
export type { ForestOptions } from './forest/forest-options.ts'
export { predictForest, predictForestRegression } from './forest/predict-forest.ts'
export type { RegressionLoss } from './objectives/regression-loss.ts'
export {
  predictBoosting,
  predictBoostingClasses,
  predictBoostingMargin,
  predictBoostingRegression,
} from './predict-boosting.ts'
