export { type AucDifference, rocAucDifference } from './auc-difference.ts'
export { type AucInterval, type AucIntervalOptions, rocAucInterval } from './auc-interval.ts'
export {
  type CalibrationBin,
  type CalibrationCurveOptions,
  calibrationCurve,
  expectedCalibrationError,
} from './calibration-curve.ts'
export {
  type ClassAgreement,
  type ClassAgreementOptions,
  type ClassQuality,
  classAgreement,
} from './class-agreement.ts'
export { classBrier, classLogLoss, classRocAuc } from './class-probabilities.ts'
export { type Confusion, type ConfusionOptions, confusion } from './confusion.ts'
export { type ClassSeparation, kolmogorovSmirnov } from './kolmogorov-smirnov.ts'
export { type LiftOptions, type LiftPoint, lift, liftCurve } from './lift.ts'
export { type Metric, type MetricGap, type MetricOptions, metricValue } from './metric.ts'
export { type MetricIntervalOptions, metricInterval, type PairMetric } from './metric-interval.ts'
export { midRanks } from './mid-ranks.ts'
export { ascendingOrder } from './order.ts'
export { brier, logLoss } from './probability.ts'
export {
  type BestThreshold,
  bestThreshold,
  costThreshold,
  expectedProfit,
  type Payoffs,
  type ProfitOptions,
} from './profit.ts'
export { type NoCurve, type PrecisionRecallCurve, prAuc, prCurve, type RocCurve, rocAuc, rocCurve } from './ranking.ts'
export {
  type NoRanking,
  type RankingOptions,
  type RankingQuality,
  rankingQuality,
  type UserRanking,
} from './ranking-at-k.ts'
export type { Estimate, EstimateOptions } from './ranking-interval.ts'
export {
  meanAbsoluteError,
  normalisedGini,
  type PinballOptions,
  pinball,
  rootMeanSquaredError,
  spearman,
} from './regression.ts'
