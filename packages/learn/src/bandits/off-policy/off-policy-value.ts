import { type Matrix, RapportError, studentTQuantile } from '@rapport/numerics'
import { checkConfidence } from '../../stats/hypothesis-tests/sample.ts'
import { checkPredicted, decisionValues, needsPredictions, type OffPolicyEstimator } from './decision-values.ts'
import { type CheckedLog, checkLog, type LoggedDecisions } from './logged-decisions.ts'
import { chooseSwitch } from './switch-choice.ts'
import { type WeightDiagnostics, weightDiagnostics } from './weight-diagnostics.ts'

export interface OffPolicyOptions {
  /** Default `doubly-robust` where rewards are predicted, else `snips`. */
  readonly estimator?: OffPolicyEstimator
  /** `[n × actions]` the reward that a model expects of each action; not learned from the row it is for. */
  readonly predicted?: Matrix
  /**
   * Limit of the importance weights, above 0: larger ones are cut to it, and `switch-doubly-robust` leaves their
   * decisions to the prediction. Default Infinity, and for the switch what `chooseSwitch` finds.
   */
  readonly weightMax?: number
  /** In (0, 1). Default 0.95. */
  readonly confidence?: number
}

/** What a policy is worth per decision, in the unit of rewards. */
export interface OffPolicyEstimate {
  readonly kind: 'off-policy-value'
  readonly defined: true
  readonly estimator: OffPolicyEstimator
  readonly value: number
  readonly standardError: number
  readonly low: number
  readonly high: number
  readonly n: number
  /** Independent groups (customers) among them, what the interval counts. */
  readonly groups: number
  /** The limit of weights that was used. */
  readonly weightMax: number
  readonly weights: WeightDiagnostics
}

/** `too-few-groups`: fewer than two independent decisions. `no-overlap`: nothing that the policy would do was done. */
export type OffPolicyGap = 'too-few-groups' | 'no-overlap'

export type OffPolicyValue = OffPolicyEstimate | { readonly defined: false; readonly because: OffPolicyGap }

/**
 * What a policy would have earned per decision, from the log of another one.
 *
 * - `ips`: rewards weighted by how much more often the policy would have done what was done; unbiased, wild where weights are.
 * - `snips`: the same over the sum of weights; a little biased, much calmer. The choice without predictions.
 * - `direct`: what a model predicts. As wrong as the model; its interval knows nothing of that.
 * - `doubly-robust`: the prediction, mended by weighted surprises: right when either propensities or predictions are.
 * - `switch-doubly-robust`: the same, but where weights are above a limit the prediction stands as it is.
 *
 * The interval is ± Student's t times the standard error of the decisions' influences, summed by group. It takes the
 * predictions as given; where a model was fitted on this very log, `evaluatePolicy` adds what that costs.
 *
 * @param policy `[n × actions]` chances of each action under the policy to be valued; rows sum to 1
 * @throws RapportError `off-policy.rows`, `.actions`, `.rewards`, `.propensities`, `.groups`, `.policy`, `.predicted`,
 *   `.weight-max`, `.confidence`
 *
 * Cost: O(n · actions).
 * Source: Dudík, Erhan, Langford & Li, "Doubly robust policy evaluation and optimization", Statistical Science 29, 2014;
 * Swaminathan & Joachims, NeurIPS 2015 (SNIPS); Wang, Agarwal & Dudík, ICML 2017 (switch). Agrees with Open Bandit Pipeline.
 *
 * @example
 * const log = { actions: [0, 1, 1, 0], rewards: [0, 1, 0, 1], propensities: [0.5, 0.5, 0.5, 0.5] }
 * offPolicyValue(log, policyOf([1, 1, 1, 1], 2)) // value 0.5 with snips
 */
export function offPolicyValue(log: LoggedDecisions, policy: Matrix, options: OffPolicyOptions = {}): OffPolicyValue {
  const { predicted, confidence = 0.95 } = options
  const { estimator = predicted ? 'doubly-robust' : 'snips' } = options
  checkConfidence('off-policy', confidence)
  const checked = checkLog(log, policy)
  if (predicted) checkPredicted(predicted, policy)
  else if (needsPredictions(estimator)) {
    throw new RapportError('off-policy.predicted', `${estimator} needs predicted rewards, got none`)
  }
  const gap = gapOf(checked, estimator)
  if (gap) return { defined: false, because: gap }
  const used = needsPredictions(estimator) ? predicted : undefined
  const weightMax = limitOf(options.weightMax, estimator, checked, policy, used)
  const { value, influence } = decisionValues(estimator, checked, policy, used, weightMax)
  const { standardError, low, high } = groupedInterval(value, influence, checked, confidence)
  return {
    kind: 'off-policy-value',
    defined: true,
    estimator,
    value,
    standardError,
    low,
    high,
    n: checked.n,
    groups: checked.groupCount,
    weightMax,
    weights: weightDiagnostics(checked.weights, weightMax),
  }
}

/** Why there is no value; undefined when there is one. */
export function gapOf(log: CheckedLog, estimator: OffPolicyEstimator): OffPolicyGap | undefined {
  if (log.groupCount < 2) return 'too-few-groups'
  // Without a model nothing at all is known then, and 0 ± 0 would look like knowledge.
  if (!needsPredictions(estimator) && !log.weights.some((weight) => weight > 0)) return 'no-overlap'
  return undefined
}

/** The limit of weights to use: the given one when it makes sense, else the estimator's default. */
export function limitOf(
  given: number | undefined,
  estimator: OffPolicyEstimator,
  log: CheckedLog,
  policy: Matrix,
  predicted: Matrix | undefined,
): number {
  if (given === undefined) {
    return estimator === 'switch-doubly-robust' && predicted ? chooseSwitch(log, policy, predicted) : Infinity
  }
  if (given > 0) return given
  throw new RapportError('off-policy.weight-max', `weightMax must be above 0, got ${given}`)
}

function groupedInterval(
  value: number,
  influence: Float64Array,
  { n, groups, groupCount }: CheckedLog,
  confidence: number,
): { standardError: number; low: number; high: number } {
  const sums = new Float64Array(groupCount)
  influence.forEach((part, row) => {
    sums[groups[row]!]! += part
  })
  let squares = 0
  for (const sum of sums) squares += sum * sum
  const standardError = Math.sqrt((squares * groupCount) / (groupCount - 1)) / n
  const half = studentTQuantile((1 + confidence) / 2, groupCount - 1) * standardError
  return { standardError, low: value - half, high: value + half }
}
