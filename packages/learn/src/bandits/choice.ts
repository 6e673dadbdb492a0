import { type Random, RapportError } from '@rapport/numerics'

/** One pick of a policy, as it is to be logged. */
export interface Choice {
  readonly action: number
  /** The chance with which it was picked, in (0, 1]: what off-policy evaluation needs later. */
  readonly propensity: number
  /** `[actions]` the chance of every action; 0 for those that were not eligible. */
  readonly chances: Float64Array
}

/**
 * Picks an action with the given chances.
 *
 * @param chances `[actions]` adding up to 1
 */
export function pick(chances: Float64Array, random: Random): Choice {
  let left = random.uniform()
  let action = -1
  for (let at = 0; at < chances.length; at += 1) {
    const chance = chances[at]!
    if (chance === 0) continue
    action = at
    if (left < chance) break
    left -= chance
  }
  return { action, propensity: chances[action]!, chances }
}

/** Whatever scores highest, shared among equals. @param scores `[k]`, k ≥ 1, not NaN */
export function greedyChances(scores: Float64Array): Float64Array {
  const best = Math.max(...scores)
  const isBest = scores.map((score) => Number(score === best))
  const count = isBest.reduce((sum, one) => sum + one, 0)
  return isBest.map((one) => one / count)
}

/**
 * The actions that may be taken.
 *
 * @param eligible numbers of actions, each once; default all
 * @throws RapportError `bandit.eligible`
 */
export function eligibleActions(actions: number, eligible: readonly number[] | undefined): readonly number[] {
  if (eligible === undefined) return Array.from({ length: actions }, (_, action) => action)
  const wrong = eligible.find((action) => !(Number.isInteger(action) && action >= 0 && action < actions))
  if (wrong !== undefined || eligible.length === 0 || new Set(eligible).size < eligible.length) {
    throw new RapportError(
      'bandit.eligible',
      `eligible must hold one or more of the actions 0 … ${actions - 1}, each once, got [${eligible.join(', ')}]`,
    )
  }
  return eligible
}

/** A share of the decisions goes to all eligible actions alike. */
export const explore = (chances: Float64Array, exploration: number): Float64Array =>
  chances.map((chance) => (1 - exploration) * chance + exploration / chances.length)
