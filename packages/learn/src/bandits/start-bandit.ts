import { RapportError } from '@rapport/numerics'
import { emptyTally } from './arm-tally.ts'
import type {
  BernoulliThompson,
  EpsilonGreedy,
  GaussianThompson,
  LinearThompson,
  LinUcb,
  LogisticThompson,
  Ucb1,
} from './bandit.ts'
import { startBelief } from './coefficient-belief.ts'

export interface BanditOptions {
  /** Number of actions, ≥ 1. */
  readonly actions: number
  /**
   * Share of decisions that go to every eligible action alike, 0 … 1. Above 0 it lets other policies be valued on the log.
   * Default 0, and 0.1 for `startEpsilonGreedy`, whose only way to explore it is.
   */
  readonly exploration?: number
}

export interface ContextBanditOptions extends BanditOptions {
  /** Numbers of a context, ≥ 1; put a 1 among them for a constant. */
  readonly columns: number
  /** Precision of the prior of each coefficient, > 0; coefficients are expected to be around 0. Default 1. */
  readonly penalty?: number
}

/** The best so far, but for a share of blind decisions. @throws RapportError `bandit.options` */
export function startEpsilonGreedy({ actions, exploration = 0.1 }: BanditOptions): EpsilonGreedy {
  checkOptions(actions, exploration)
  return { kind: 'epsilon-greedy', actions, exploration, tally: emptyTally(actions) }
}

/**
 * The highest upper bound: everything is tried as long as it could still be the best.
 *
 * @param scale width of the range of rewards, > 0; default 1, for rewards of 0 … 1
 * @throws RapportError `bandit.options`
 *
 * Source: Auer, Cesa-Bianchi & Fischer, "Finite-time analysis of the multiarmed bandit problem", Machine Learning 47, 2002.
 */
export function startUcb1({ actions, exploration = 0, scale = 1 }: BanditOptions & { readonly scale?: number }): Ucb1 {
  checkOptions(actions, exploration)
  checkPositive('scale', scale)
  return { kind: 'ucb1', actions, exploration, scale, tally: emptyTally(actions) }
}

/**
 * Thompson sampling of shares (clicks, orders): each action as often as it is believed to be the best.
 *
 * @param priorSuccesses @param priorFailures what is believed before: each ≥ 1, default 1
 * @throws RapportError `bandit.options`
 *
 * Source: Thompson, Biometrika 25, 1933; Chapelle & Li, "An empirical evaluation of Thompson sampling", NeurIPS 2011.
 */
export function startBernoulliThompson({
  actions,
  exploration = 0,
  priorSuccesses = 1,
  priorFailures = 1,
}: BanditOptions & { readonly priorSuccesses?: number; readonly priorFailures?: number }): BernoulliThompson {
  checkOptions(actions, exploration)
  checkPositive('priorSuccesses', priorSuccesses, 1)
  checkPositive('priorFailures', priorFailures, 1)
  const tally = emptyTally(actions)
  return { kind: 'bernoulli-thompson', actions, exploration, priorSuccesses, priorFailures, tally }
}

/**
 * Thompson sampling of amounts.
 *
 * @param noise standard deviation of one reward around its action's mean, > 0; default 1: give that of past rewards
 * @param priorMean what an action is believed to earn before, default 0
 * @param priorSpread standard deviation of that, > 0; default 10 × noise
 * @throws RapportError `bandit.options`
 */
export function startGaussianThompson({
  actions,
  exploration = 0,
  noise = 1,
  priorMean = 0,
  priorSpread = 10 * noise,
}: BanditOptions & {
  readonly noise?: number
  readonly priorMean?: number
  readonly priorSpread?: number
}): GaussianThompson {
  checkOptions(actions, exploration)
  checkPositive('noise', noise)
  checkPositive('priorSpread', priorSpread)
  if (!Number.isFinite(priorMean)) throw refused('priorMean', 'finite', priorMean)
  return { kind: 'gaussian-thompson', actions, exploration, noise, priorMean, priorSpread, tally: emptyTally(actions) }
}

/**
 * The highest upper bound given the context, rewards being linear in it, for each action by itself.
 *
 * @param width standard deviations of credit, ≥ 0; default 1
 * @throws RapportError `bandit.options`
 *
 * Source: Li, Chu, Langford & Schapire, "A contextual-bandit approach to personalized news article recommendation", WWW
 * 2010, algorithm 1.
 */
export function startLinUcb({
  actions,
  columns,
  exploration = 0,
  penalty = 1,
  width = 1,
}: ContextBanditOptions & { readonly width?: number }): LinUcb {
  checkOptions(actions, exploration, columns, penalty)
  if (!(width >= 0 && width < Infinity)) throw refused('width', 'finite and at least 0', width)
  return { kind: 'lin-ucb', actions, columns, exploration, width, beliefs: priors(actions, columns, penalty) }
}

/**
 * Thompson sampling given the context, rewards being linear in it, for each action by itself.
 *
 * @param noise standard deviation of one reward around its mean, > 0; default 1
 * @throws RapportError `bandit.options`
 *
 * Source: Agrawal & Goyal, "Thompson sampling for contextual bandits with linear payoffs", ICML 2013.
 */
export function startLinearThompson({
  actions,
  columns,
  exploration = 0,
  penalty = 1,
  noise = 1,
}: ContextBanditOptions & { readonly noise?: number }): LinearThompson {
  checkOptions(actions, exploration, columns, penalty)
  checkPositive('noise', noise)
  return { kind: 'linear-thompson', actions, columns, exploration, noise, beliefs: priors(actions, columns, penalty) }
}

/**
 * Thompson sampling given the context, for rewards of 0 and 1 whose log odds are linear in it; beliefs by Laplace's
 * approximation with the whole covariance.
 *
 * @throws RapportError `bandit.options`
 *
 * Source: Chapelle & Li, "An empirical evaluation of Thompson sampling", NeurIPS 2011, algorithm 3, which keeps the
 * diagonal only.
 */
export function startLogisticThompson({
  actions,
  columns,
  exploration = 0,
  penalty = 1,
}: ContextBanditOptions): LogisticThompson {
  checkOptions(actions, exploration, columns, penalty)
  return { kind: 'logistic-thompson', actions, columns, exploration, beliefs: priors(actions, columns, penalty) }
}

const priors = (actions: number, columns: number, penalty: number) =>
  Array.from({ length: actions }, () => startBelief(columns, penalty))

function checkOptions(actions: number, exploration: number, columns = 1, penalty = 1): void {
  if (!Number.isInteger(actions) || actions < 1) throw refused('actions', 'a whole number ≥ 1', actions)
  if (!(exploration >= 0 && exploration <= 1)) throw refused('exploration', '0 … 1', exploration)
  if (!Number.isInteger(columns) || columns < 1) throw refused('columns', 'a whole number ≥ 1', columns)
  checkPositive('penalty', penalty)
}

function checkPositive(name: string, value: number, least = 0): void {
  if (value > 0 && value >= least && value < Infinity) return
  throw refused(name, least > 0 ? `finite and at least ${least}` : 'finite and above 0', value)
}

const refused = (name: string, what: string, value: number): RapportError =>
  new RapportError('bandit.options', `${name} must be ${what}, got ${value}`)
