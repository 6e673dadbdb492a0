export type { ArmOutcomes } from './arm-outcomes.ts'
export {
  type AssignmentCheck,
  type AssignmentFault,
  type AssignmentOptions,
  checkAssignment,
} from './assignment/check-assignment.ts'
export { fitClassTransformation } from './learners/class-transformation.ts'
export type { ArmMeans, CrossFitOptions } from './learners/cross-fit.ts'
export { fitDrLearner } from './learners/dr-learner.ts'
export type { EffectOptions, LearnerOptions } from './learners/learner-options.ts'
export { type PredictUpliftOptions, predictUplift } from './learners/predict-uplift.ts'
export { fitRLearner } from './learners/r-learner.ts'
export { fitSLearner, type SLearnerOptions } from './learners/s-learner.ts'
export { fitTLearner } from './learners/t-learner.ts'
export type {
  ClassTransformationModel,
  DrLearnerModel,
  RLearnerModel,
  SLearnerModel,
  TLearnerModel,
  UpliftModel,
  XLearnerModel,
} from './learners/uplift-model.ts'
export { fitXLearner } from './learners/x-learner.ts'
export { type GainScores, gainScores } from './measures/gain-scores.ts'
export { type TopOptions, type TopStrategy, upliftAtTop } from './measures/uplift-at-top.ts'
export {
  type SliceOptions,
  type UpliftSlice,
  upliftBySlice,
  weightedAverageUplift,
} from './measures/uplift-by-slice.ts'
export {
  type UpliftEstimate,
  type UpliftIntervalOptions,
  type UpliftIntervals,
  upliftIntervals,
} from './measures/uplift-intervals.ts'
export {
  auuc,
  type QiniOptions,
  qini,
  type UpliftCurvePoint,
  type UpliftGap,
  type UpliftScore,
  upliftCurve,
} from './measures/uplift-scores.ts'
export { crossFitOutcomes } from './policy/cross-fit-outcomes.ts'
export {
  type PolicyEstimate,
  type PolicyValue,
  type PolicyValueOptions,
  policyValue,
  treatAbove,
} from './policy/policy-value.ts'
export type { Divergence } from './trees/divergence.ts'
export { type ArmedRows, fitUpliftForest, fitUpliftTree } from './trees/fit-uplift-forest.ts'
export { predictArmResponses, predictUpliftForest, type UpliftForestModel } from './trees/uplift-forest-model.ts'
export type { UpliftForestOptions, UpliftTreeOptions } from './trees/uplift-tree-options.ts'
export type { TrialRows } from './trial-rows.ts'
