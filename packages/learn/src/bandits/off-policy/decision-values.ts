import { type Matrix, RapportError } from '@rapport/numerics'
import type { CheckedLog } from './logged-decisions.ts'

/** The ways to value a policy from another one's log; see `offPolicyValue`. */
export type OffPolicyEstimator = 'direct' | 'ips' | 'snips' | 'doubly-robust' | 'switch-doubly-robust'

/** Whether an estimator leans on predicted rewards. */
export const needsPredictions = (estimator: OffPolicyEstimator): boolean => estimator !== 'ips' && estimator !== 'snips'

/** What each decision says about the value of a policy. */
export interface DecisionValues {
  readonly value: number
  /** `[n]` what each decision moves the value by, times n: their mean is 0. */
  readonly influence: Float64Array
}

/**
 * The value of a policy as the mean over decisions, and each decision's part in it.
 *
 * @param predicted `[n × actions]`; read only by estimators that need it
 */
export function decisionValues(
  estimator: OffPolicyEstimator,
  { n, actions, rewards, weights }: CheckedLog,
  policy: Matrix,
  predicted: Matrix | undefined,
  weightMax: number,
): DecisionValues {
  const scores = new Float64Array(n)
  let used = 0
  for (let row = 0; row < n; row += 1) {
    const weight = weightInUse(estimator, weights[row]!, weightMax)
    used += weight
    if (!predicted) {
      scores[row] = weight * rewards[row]!
      continue
    }
    let expected = 0
    for (let action = 0, at = row * policy.columns; action < policy.columns; action += 1, at += 1) {
      expected += policy.values[at]! * predicted.values[at]!
    }
    const surprise = rewards[row]! - predicted.values[row * policy.columns + actions[row]!]!
    scores[row] = expected + weight * surprise
  }
  const mean = meanOf(scores)
  if (estimator !== 'snips') return { value: mean, influence: scores.map((score) => score - mean) }
  // A ratio of two means: its influence is that of Σ w (r − value) over the mean weight.
  const meanWeight = used / n
  const value = mean / meanWeight
  const influence = scores.map(
    (score, row) => (score - value * weightInUse(estimator, weights[row]!, weightMax)) / meanWeight,
  )
  return { value, influence }
}

function weightInUse(estimator: OffPolicyEstimator, weight: number, weightMax: number): number {
  if (estimator === 'direct') return 0
  if (estimator === 'switch-doubly-robust') return weight <= weightMax ? weight : 0
  return Math.min(weight, weightMax)
}

export function meanOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** @throws RapportError `off-policy.predicted` unless there is a finite prediction for each action of each decision */
export function checkPredicted(predicted: Matrix, policy: Matrix): void {
  if (predicted.rows !== policy.rows || predicted.columns !== policy.columns) {
    throw new RapportError(
      'off-policy.predicted',
      `predicted must be ${policy.rows} × ${policy.columns} as the policy, got ${predicted.rows} × ${predicted.columns}`,
    )
  }
  const wrong = predicted.values.findIndex((value) => !Number.isFinite(value))
  if (wrong < 0) return
  const row = Math.floor(wrong / policy.columns)
  throw new RapportError(
    'off-policy.predicted',
    `predicted must be finite, got ${predicted.values[wrong]} at row ${row}`,
  )
}
