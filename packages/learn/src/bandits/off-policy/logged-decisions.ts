import { type Matrix, RapportError } from '@rapport/numerics'

/** What a policy did and what came of it, a row a decision. */
export interface LoggedDecisions {
  /** `[n]` the action taken, 0 … actions − 1. */
  readonly actions: ArrayLike<number>
  /** `[n]` what came of it: 1 for a click, an amount; finite. */
  readonly rewards: ArrayLike<number>
  /** `[n]` the chance with which the logging policy took that action then, in (0, 1]. */
  readonly propensities: ArrayLike<number>
  /**
   * `[n]` who was decided about. Decisions about one customer resemble each other: with groups, intervals count customers
   * and not decisions. Default: every decision stands for itself.
   */
  readonly groups?: ArrayLike<number | string>
}

/** A log that has been checked against the policy to be valued. */
export interface CheckedLog {
  readonly n: number
  readonly actions: Int32Array
  readonly rewards: Float64Array
  /** `[n]` chance under the policy to be valued over the chance under the one that logged. */
  readonly weights: Float64Array
  /** `[n]` the group of each decision, 0 … groupCount − 1, numbered as they come. */
  readonly groups: Int32Array
  readonly groupCount: number
}

/** How far the chances of a row may be from adding up to 1. */
const sumTolerance = 1e-6

/**
 * Checks a log and the policy to be valued on it, and divides the chances.
 *
 * @param policy `[n × actions]` the chance of each action under the policy to be valued; rows sum to 1
 * @throws RapportError `off-policy.rows`, `.actions`, `.rewards`, `.propensities`, `.groups`, `.policy`
 */
export function checkLog(log: LoggedDecisions, policy: Matrix): CheckedLog {
  const n = policy.rows
  for (const name of ['actions', 'rewards', 'propensities', 'groups'] as const) {
    const length = log[name]?.length ?? n
    if (length !== n) {
      throw new RapportError('off-policy.rows', `${name} must hold one a row of the policy (${n}), got ${length}`)
    }
  }
  checkPolicy(policy)
  const actions = Int32Array.from({ length: n }, (_, row) => checkedAction(log.actions[row]!, row, policy.columns))
  const rewards = Float64Array.from({ length: n }, (_, row) => {
    const reward = log.rewards[row]!
    if (Number.isFinite(reward)) return reward
    throw new RapportError('off-policy.rewards', `rewards must be finite, got ${reward} at row ${row}`)
  })
  const weights = Float64Array.from({ length: n }, (_, row) => {
    const propensity = log.propensities[row]!
    if (propensity > 0 && propensity <= 1) return policy.values[row * policy.columns + actions[row]!]! / propensity
    throw new RapportError(
      'off-policy.propensities',
      `propensities must be above 0 and at most 1, got ${propensity} at row ${row}`,
    )
  })
  return { n, actions, rewards, weights, ...numberedGroups(log.groups, n) }
}

function checkedAction(action: number, row: number, actions: number): number {
  if (Number.isInteger(action) && action >= 0 && action < actions) return action
  throw new RapportError(
    'off-policy.actions',
    `actions must be whole numbers from 0 to ${actions - 1}, got ${action} at row ${row}`,
  )
}

/** @throws RapportError `off-policy.policy` unless every row holds chances that add up to 1 */
function checkPolicy({ rows, columns, values }: Matrix): void {
  if (columns === 0) throw new RapportError('off-policy.policy', 'the policy must have at least one action, got none')
  for (let row = 0; row < rows; row += 1) {
    let sum = 0
    for (let action = 0; action < columns; action += 1) {
      const chance = values[row * columns + action]!
      if (!(chance >= 0 && chance <= 1 + sumTolerance)) {
        throw new RapportError(
          'off-policy.policy',
          `chances must be 0 … 1, got ${chance} at row ${row}, action ${action}`,
        )
      }
      sum += chance
    }
    if (Math.abs(sum - 1) > sumTolerance) {
      throw new RapportError('off-policy.policy', `the chances of a row must add up to 1, got ${sum} at row ${row}`)
    }
  }
}

function numberedGroups(
  given: ArrayLike<number | string> | undefined,
  n: number,
): { groups: Int32Array; groupCount: number } {
  if (given === undefined) return { groups: Int32Array.from({ length: n }, (_, row) => row), groupCount: n }
  const numbers = new Map<number | string, number>()
  const groups = Int32Array.from({ length: n }, (_, row) => {
    const group = given[row]!
    if (typeof group === 'number' && Number.isNaN(group)) {
      throw new RapportError('off-policy.groups', `groups must be known, got NaN at row ${row}`)
    }
    const number = numbers.get(group) ?? numbers.size
    numbers.set(group, number)
    return number
  })
  return { groups, groupCount: numbers.size }
}

/**
 * The chances of a policy that always does one thing: `[n × actions]`, 1 at the action of each row.
 *
 * @param choices `[n]` the action that it would take, 0 … actions − 1
 * @throws RapportError `off-policy.actions`
 *
 * @example
 * policyOf([1, 0], 2).values // Float64Array [0, 1, 1, 0]
 */
export function policyOf(choices: ArrayLike<number>, actions: number): Matrix {
  const values = new Float64Array(choices.length * actions)
  for (let row = 0; row < choices.length; row += 1) {
    values[row * actions + checkedAction(choices[row]!, row, actions)] = 1
  }
  return { rows: choices.length, columns: actions, values }
}

/**
 * The chances of a policy that decides blindly: every action as likely as the others, `[n × actions]`.
 *
 * @example
 * uniformPolicy(1, 4).values // Float64Array [0.25, 0.25, 0.25, 0.25]
 */
export const uniformPolicy = (rows: number, actions: number): Matrix => ({
  rows,
  columns: actions,
  values: new Float64Array(rows * actions).fill(1 / actions),
})
