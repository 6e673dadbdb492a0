import { type Random, RapportError } from '@rapport/numerics'
import { type ArmTally, addToTally, amountBelief, checkShare, meanScore, shareBelief, upperScore } from './arm-tally.ts'
import { type Belief, bestChances, normalBelief } from './best-chances.ts'
import { type Choice, eligibleActions, explore, greedyChances, pick } from './choice.ts'
import { type CoefficientBelief, learnLinear, learnLogistic, scoreOf } from './coefficient-belief.ts'

interface AnyBandit {
  readonly actions: number
  /** Share of decisions that go to every eligible action alike, 0 … 1: it keeps every propensity above 0. */
  readonly exploration: number
}

interface TallyBandit extends AnyBandit {
  readonly tally: ArmTally
}

interface ContextBandit extends AnyBandit {
  /** Numbers of a context. */
  readonly columns: number
  /** One an action. */
  readonly beliefs: readonly CoefficientBelief[]
}

export interface EpsilonGreedy extends TallyBandit {
  readonly kind: 'epsilon-greedy'
}
export interface Ucb1 extends TallyBandit {
  readonly kind: 'ucb1'
  /** Width of the range of rewards. */
  readonly scale: number
}
export interface BernoulliThompson extends TallyBandit {
  readonly kind: 'bernoulli-thompson'
  readonly priorSuccesses: number
  readonly priorFailures: number
}
export interface GaussianThompson extends TallyBandit {
  readonly kind: 'gaussian-thompson'
  readonly priorMean: number
  readonly priorSpread: number
  /** Standard deviation of one reward around its action's mean. */
  readonly noise: number
}
export interface LinUcb extends ContextBandit {
  readonly kind: 'lin-ucb'
  /** Standard deviations above the mean that an action is given credit for. */
  readonly width: number
}
export interface LinearThompson extends ContextBandit {
  readonly kind: 'linear-thompson'
  readonly noise: number
}
export interface LogisticThompson extends ContextBandit {
  readonly kind: 'logistic-thompson'
}

/** What a bandit knows and how it decides. Plain data: it goes through `postMessage` and `persist` as it is. */
export type Bandit =
  | EpsilonGreedy
  | Ucb1
  | BernoulliThompson
  | GaussianThompson
  | LinUcb
  | LinearThompson
  | LogisticThompson

/** What is known when a decision is taken. */
export interface Situation {
  /** `[columns]` finite; for the bandits that look at contexts. */
  readonly context?: ArrayLike<number>
  /** Actions that may be taken now, each once. Default all. */
  readonly eligible?: readonly number[]
}

/**
 * The chance of each action to be taken: how the bandit decides, without deciding.
 *
 * Thompson sampling's chances are exact, so that what is logged as propensity is one; the upper bounds of UCB1 and LinUCB leave no chance
 * to the others, so their logs say nothing about other policies unless `exploration` is above 0.
 *
 * @returns `[actions]` adding up to 1; 0 for what is not eligible
 * @throws RapportError `bandit.context`, `bandit.eligible`
 */
export function banditChances(bandit: Bandit, { context, eligible }: Situation = {}): Float64Array {
  const actions = eligibleActions(bandit.actions, eligible)
  if ('columns' in bandit) checkContext(context, bandit.columns)
  const among = explore(chancesAmong(bandit, actions, context ?? []), bandit.exploration)
  const chances = new Float64Array(bandit.actions)
  actions.forEach((action, at) => {
    chances[action] = among[at]!
  })
  return chances
}

/**
 * Decides.
 *
 * @param random drawn from once; the same draw decides the same
 * @returns the action with its propensity, as it is to be logged
 * @throws RapportError `bandit.context`, `bandit.eligible`
 *
 * @example
 * const bandit = startBernoulliThompson({ actions: 3 })
 * const { action, propensity } = chooseAction(bandit, random)
 * const next = updateBandit(bandit, [{ action, reward: 1 }])
 */
export function chooseAction(bandit: Bandit, random: Random, situation: Situation = {}): Choice {
  return pick(banditChances(bandit, situation), random)
}

/** `[actions.length]` */
function chancesAmong(bandit: Bandit, actions: readonly number[], context: ArrayLike<number>): Float64Array {
  const greedy = (score: (action: number) => number): Float64Array => greedyChances(Float64Array.from(actions, score))
  const sampled = (belief: (action: number) => Belief): Float64Array => bestChances(actions.map(belief))
  switch (bandit.kind) {
    case 'epsilon-greedy':
      return greedy((action) => meanScore(bandit.tally, action))
    case 'ucb1':
      return greedy((action) => upperScore(bandit.tally, action, bandit.scale))
    case 'bernoulli-thompson':
      return sampled((action) => shareBelief(bandit.tally, action, bandit.priorSuccesses, bandit.priorFailures))
    case 'gaussian-thompson':
      return sampled((action) => amountBelief(bandit.tally, action, bandit))
    case 'lin-ucb':
      return greedy((action) => {
        const { mean, spread } = scoreOf(bandit.beliefs[action]!, context)
        return mean + bandit.width * spread
      })
    case 'linear-thompson':
    case 'logistic-thompson': {
      // Log odds order actions as chances do, so logistic beliefs are compared on their own scale.
      const noise = bandit.kind === 'linear-thompson' ? bandit.noise : 1
      const scores = actions.map((action) => scoreOf(bandit.beliefs[action]!, context))
      const widest = Math.max(...scores.map(({ spread }) => spread))
      if (widest === 0) return greedyChances(Float64Array.from(scores, ({ mean }) => mean))
      return sampled((action) => {
        const { mean, spread } = scores[actions.indexOf(action)]!
        return normalBelief(mean, noise * Math.max(spread, 1e-9 * widest))
      })
    }
  }
}

/** What came of a decision. */
export interface Outcome {
  readonly action: number
  /** Finite; 0 … 1 for `bernoulli-thompson`, 0 or 1 for `logistic-thompson`. */
  readonly reward: number
  /** The context of the decision; for the bandits that look at contexts. */
  readonly context?: ArrayLike<number>
  /** How much it counts, ≥ 0. Default 1. */
  readonly weight?: number
}

/**
 * The bandit after it has seen what came of decisions, in any order and batches of any size; the given one stays as it was.
 *
 * Only `logistic-thompson` depends a little on how outcomes are batched: larger batches are approximated once, not each.
 *
 * @throws RapportError `bandit.action`, `bandit.reward`, `bandit.weight`, `bandit.context`
 *
 * Cost: O(actions) an outcome; with contexts of d numbers O(d²) an outcome and O(d³) an action of the batch.
 */
export function updateBandit<Kind extends Bandit>(bandit: Kind, outcomes: readonly Outcome[]): Kind {
  for (const outcome of outcomes) checkOutcome(bandit, outcome)
  if (!('beliefs' in bandit)) {
    const tally = outcomes.reduce(
      (sum, { action, reward, weight = 1 }) => addToTally(sum, action, reward, weight),
      bandit.tally,
    )
    return { ...bandit, tally }
  }
  const learn = bandit.kind === 'logistic-thompson' ? learnLogistic : learnLinear
  const beliefs = bandit.beliefs.map((belief, action) => {
    const own = outcomes.filter((outcome) => outcome.action === action)
    if (own.length === 0) return belief
    return learn(belief, {
      contexts: own.map(({ context }) => context!),
      rewards: own.map(({ reward }) => reward),
      weights: own.map(({ weight = 1 }) => weight),
    })
  })
  return { ...bandit, beliefs }
}

function checkOutcome(bandit: Bandit, { action, reward, context, weight = 1 }: Outcome): void {
  if (!(Number.isInteger(action) && action >= 0 && action < bandit.actions)) {
    throw new RapportError(
      'bandit.action',
      `action must be a whole number from 0 to ${bandit.actions - 1}, got ${action}`,
    )
  }
  if (!Number.isFinite(reward)) throw new RapportError('bandit.reward', `reward must be finite, got ${reward}`)
  if (!(weight >= 0 && weight < Infinity)) {
    throw new RapportError('bandit.weight', `weight must be finite and at least 0, got ${weight}`)
  }
  if (bandit.kind === 'bernoulli-thompson') checkShare(reward)
  if (bandit.kind === 'logistic-thompson' && reward !== 0 && reward !== 1) {
    throw new RapportError('bandit.reward', `reward must be 0 or 1, got ${reward}`)
  }
  if ('columns' in bandit) checkContext(context, bandit.columns)
}

function checkContext(context: ArrayLike<number> | undefined, columns: number): void {
  if (context?.length !== columns) {
    throw new RapportError('bandit.context', `context must hold ${columns} numbers, got ${context?.length ?? 'none'}`)
  }
  for (let at = 0; at < columns; at += 1) {
    if (Number.isFinite(context[at]!)) continue
    throw new RapportError('bandit.context', `context must be finite, got ${context[at]} at ${at}`)
  }
}
