import type { Matrix } from '@rapport/numerics'
import { decisionValues, meanOf } from './decision-values.ts'
import type { CheckedLog } from './logged-decisions.ts'

/** Limits that are tried: these quantiles of the weights, and none. */
const sharesTried = [0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999]

/**
 * The limit of weights above which switching to predictions pays: where variance plus the square of the largest bias that
 * it can bring is least.
 *
 * The bias is the share of the policy's decisions that is left to the prediction times the prediction's error there, which
 * is taken to be the standard deviation of rewards: as much as a model errs that knows nothing but their mean. The paper
 * takes the largest reward instead, with which nothing is ever switched where rewards are rare.
 *
 * @returns above 0; Infinity when it is best to switch nowhere
 *
 * Cost: O(n · actions) for each of nine limits.
 * Source: Wang, Agarwal & Dudík, "Optimal and adaptive off-policy evaluation in contextual bandits", ICML 2017, §4.1.
 */
export function chooseSwitch(log: CheckedLog, policy: Matrix, predicted: Matrix): number {
  const { n, weights, rewards } = log
  const ascending = weights.slice().sort()
  const mean = meanOf(rewards)
  const spread = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / n
  const limits = new Set(
    sharesTried.map((share) => ascending[Math.floor(share * (n - 1))]!).filter((limit) => limit > 0),
  )
  let best = { limit: Infinity, error: errorOf(Infinity) }
  for (const limit of [...limits].reverse()) {
    const error = errorOf(limit)
    if (error < best.error) best = { limit, error }
  }
  return best.limit

  function errorOf(limit: number): number {
    const { influence } = decisionValues('switch-doubly-robust', log, policy, predicted, limit)
    let variance = 0
    for (const part of influence) variance += part * part
    let switched = 0
    for (const weight of weights) if (weight > limit) switched += weight
    return variance / n ** 2 + spread * Math.min(1, switched / n) ** 2
  }
}
