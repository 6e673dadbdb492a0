export { type AucInterval, type AucIntervalOptions, midRanks, rocAucInterval } from './auc-interval.ts'
export {
  type CalibrationBin,
  type CalibrationCurveOptions,
  calibrationCurve,
  expectedCalibrationError,
} from './calibration-curve.ts'
export { type Confusion, type ConfusionOptions, confusion } from './confusion.ts'
export { type LiftOptions, type LiftPoint, lift, liftCurve } from './lift.ts'
export { type Metric, type MetricGap, type MetricOptions, metricValue } from './metric.ts'
export { ascendingOrder } from './order.ts'
export { brier, logLoss } from './probability.ts'
export { type NoCurve, type PrecisionRecallCurve, prAuc, prCurve, type RocCurve, rocAuc, rocCurve } from './ranking.ts'
export {
  type NoRanking,
  type RankingOptions,
  type RankingQuality,
  rankingQuality,
  type UserRanking,
} from './ranking-at-k.ts'
export type { Estimate, EstimateOptions } from './ranking-interval.ts'
export { meanAbsoluteError, normalisedGini, rootMeanSquaredError, spearman } from './regression.ts'
