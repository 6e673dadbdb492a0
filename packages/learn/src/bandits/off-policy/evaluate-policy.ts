import { type Matrix, RapportError, stopIfAborted, studentTQuantile, takeRows, type Work } from '@rapport/numerics'
import type { BaseModel } from '../../base-learners/index.ts'
import { checkConfidence } from '../../stats/hypothesis-tests/sample.ts'
import { decisionValues, type OffPolicyEstimator } from './decision-values.ts'
import { checkLog, type LoggedDecisions } from './logged-decisions.ts'
import { limitOf, type OffPolicyEstimate, type OffPolicyValue, offPolicyValue } from './off-policy-value.ts'
import {
  type PredictRewardsOptions,
  partsOfGroups,
  predictFrom,
  type RewardTask,
  rewardLearner,
  rewardTask,
} from './predict-rewards.ts'

export interface EvaluatePolicyOptions<Model = BaseModel> extends PredictRewardsOptions<Model> {
  /** As in `offPolicyValue`. */
  readonly estimator?: OffPolicyEstimator
  readonly weightMax?: number
  /** In (0, 1). Default 0.95. */
  readonly confidence?: number
  /**
   * Times that a part of the log is left out and models are fitted anew, to see what they add to the error of `direct` and
   * `switch-doubly-robust`; 5 … groups. Default 20.
   */
  readonly refits?: number
}

/**
 * What a policy would have earned per decision, with models of rewards fitted on the log itself by cross-fitting.
 *
 * For `doubly-robust` a model's error moves the value by less than sampling does, and the interval is that of
 * `offPolicyValue`. `direct` and `switch-doubly-robust` take the model at its word, wholly or where weights are large: the log is
 * cut into `refits` parts, each left out once with all models fitted anew, and the spread of these values (the jackknife) is
 * the standard error. What a model of the wrong shape gets wrong for ever stays unseen.
 *
 * @param contexts `[n × d]` what was known when deciding
 * @param policy `[n × actions]` chances of each action under the policy to be valued; rows sum to 1
 * @throws RapportError as `offPolicyValue` and `predictRewards`, `off-policy.refits`, `work.aborted`
 *
 * Cost: folds × actions fits, for `direct` and the switch (1 + refits) times as many.
 * Source: as `offPolicyValue`; Kott, "The delete-a-group jackknife", Journal of Official Statistics 17, 2001.
 *
 * @example
 * await evaluatePolicy(contexts, log, policyOf(choices, 3), { estimator: 'doubly-robust', seed: 1 })
 */
export async function evaluatePolicy<Model = BaseModel>(
  contexts: Matrix,
  log: LoggedDecisions,
  policy: Matrix,
  options: EvaluatePolicyOptions<Model>,
  work?: Work,
): Promise<OffPolicyValue> {
  const { estimator = 'doubly-robust', folds = 5, seed, confidence = 0.95 } = options
  const limits = { confidence, ...(options.weightMax === undefined ? {} : { weightMax: options.weightMax }) }
  checkConfidence('off-policy', confidence)
  const checked = checkLog(log, policy)
  if (estimator === 'ips' || estimator === 'snips' || checked.groupCount < 2) {
    return offPolicyValue(log, policy, { estimator: estimator === 'snips' ? 'snips' : 'ips', ...limits })
  }
  const task = rewardTask(contexts, log, policy.columns, rewardLearner(options), seed)
  const parts = partsOfGroups(task.groups, task.groupCount, folds, seed)
  const every = Int32Array.from({ length: policy.rows }, (_, row) => row)
  const predicted = await predictFrom(task, every, parts, folds, work)
  const found = offPolicyValue(log, policy, { estimator, predicted, ...limits })
  if (estimator === 'doubly-robust' || !found.defined) return found
  const weightMax = limitOf(options.weightMax, estimator, checked, policy, predicted)
  const values = await valuesWithout(task, { ...options, estimator, weightMax, folds }, log, policy, parts, work)
  return withJackknife(found, values, confidence)
}

interface RefitSettings {
  readonly estimator: OffPolicyEstimator
  readonly weightMax: number
  readonly folds: number
  readonly refits?: number
  readonly seed: number
}

/** `[refits]` the value without each part of the log in turn, models fitted anew each time. */
async function valuesWithout<Model>(
  task: RewardTask<Model>,
  { estimator, weightMax, folds, refits = Math.min(20, task.groupCount), seed }: RefitSettings,
  log: LoggedDecisions,
  policy: Matrix,
  parts: Int32Array,
  work: Work | undefined,
): Promise<Float64Array> {
  if (!Number.isInteger(refits) || refits < 5 || refits > task.groupCount) {
    throw new RapportError(
      'off-policy.refits',
      `refits must be a whole number from 5 to ${task.groupCount} (groups), got ${refits}`,
    )
  }
  // Another seed than the folds', or leaving out a part could empty a fold.
  const left = partsOfGroups(task.groups, task.groupCount, refits, (seed + 1) % 2 ** 32)
  const values = new Float64Array(refits)
  for (let refit = 0; refit < refits; refit += 1) {
    stopIfAborted(work)
    const kept = Int32Array.from(left.keys()).filter((row) => left[row] !== refit)
    const predicted = await predictFrom(task, kept, parts, folds, work)
    const keptPolicy = takeRows(policy, kept)
    const keptLog = checkLog(
      {
        actions: kept.map((row) => log.actions[row]!),
        rewards: Float64Array.from(kept, (row) => log.rewards[row]!),
        propensities: Float64Array.from(kept, (row) => log.propensities[row]!),
      },
      keptPolicy,
    )
    values[refit] = decisionValues(estimator, keptLog, keptPolicy, takeRows(predicted, kept), weightMax).value
    work?.onProgress?.({ stage: 'refit without a part of the log', done: refit + 1, total: refits })
  }
  return values
}

function withJackknife(found: OffPolicyEstimate, values: Float64Array, confidence: number): OffPolicyEstimate {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const standardError = Math.sqrt(((count - 1) / count) * squares)
  const half = studentTQuantile((1 + confidence) / 2, count - 1) * standardError
  return { ...found, standardError, low: found.value - half, high: found.value + half }
}
