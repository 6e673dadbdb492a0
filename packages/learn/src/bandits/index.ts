export {
  type Bandit,
  type BernoulliThompson,
  banditChances,
  chooseAction,
  type EpsilonGreedy,
  type GaussianThompson,
  type LinearThompson,
  type LinUcb,
  type LogisticThompson,
  type Outcome,
  type Situation,
  type Ucb1,
  updateBandit,
} from './bandit.ts'
export type { Choice } from './choice.ts'
export { type FittedQModel, type FittedQOptions, fitFittedQ, predictFittedQ, type Transitions } from './fitted-q.ts'
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
export {
  type BanditOptions,
  type ContextBanditOptions,
  startBernoulliThompson,
  startEpsilonGreedy,
  startGaussianThompson,
  startLinearThompson,
  startLinUcb,
  startLogisticThompson,
  startUcb1,
} from './start-bandit.ts'
