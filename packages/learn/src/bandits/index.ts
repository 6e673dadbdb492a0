export type { OffPolicyEstimator } from './off-policy/decision-values.ts'
export { type EvaluatePolicyOptions, evaluatePolicy } from './off-policy/evaluate-policy.ts'
export { type LoggedDecisions, policyOf, uniformPolicy } from './off-policy/logged-decisions.ts'
export {
  type OffPolicyEstimate,
  type OffPolicyGap,
  type OffPolicyOptions,
  type OffPolicyValue,
  offPolicyValue,
} from './off-policy/off-policy-value.ts'
export { type PredictRewardsOptions, predictRewards } from './off-policy/predict-rewards.ts'
export type { WeightDiagnostics } from './off-policy/weight-diagnostics.ts'
export type { Regressor, RegressorModel } from './regressor.ts'
