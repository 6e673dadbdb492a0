import { RapportError } from '@rapport/numerics'
import { type Belief, betaBelief, normalBelief } from './best-chances.ts'

/** What was seen of each action, whatever the context. */
export interface ArmTally {
  /** `[actions]` decisions, or their summed weights. */
  readonly counts: Float64Array
  /** `[actions]` summed rewards. */
  readonly sums: Float64Array
}

export const emptyTally = (actions: number): ArmTally => ({
  counts: new Float64Array(actions),
  sums: new Float64Array(actions),
})

export function addToTally({ counts, sums }: ArmTally, action: number, reward: number, weight: number): ArmTally {
  return {
    counts: counts.map((count, at) => (at === action ? count + weight : count)),
    sums: sums.map((sum, at) => (at === action ? sum + weight * reward : sum)),
  }
}

/** Mean reward; Infinity for what was never tried, so that it is tried first. */
export const meanScore = ({ counts, sums }: ArmTally, action: number): number =>
  counts[action]! > 0 ? sums[action]! / counts[action]! : Infinity

/**
 * The upper bound that UCB1 goes by: mean + scale · √(2 log t / n), Infinity for what was never tried.
 *
 * @param scale width of the range of rewards
 */
export function upperScore(tally: ArmTally, action: number, scale: number): number {
  const count = tally.counts[action]!
  if (!(count > 0)) return Infinity
  const total = tally.counts.reduce((sum, one) => sum + one, 0)
  return meanScore(tally, action) + scale * Math.sqrt((2 * Math.log(Math.max(1, total))) / count)
}

/** Beta prior, beta belief. */
export function shareBelief({ counts, sums }: ArmTally, action: number, successes: number, failures: number): Belief {
  return betaBelief(successes + sums[action]!, failures + counts[action]! - sums[action]!)
}

/** Normal prior, rewards with normal noise of known standard deviation: normal belief. */
export function amountBelief(
  { counts, sums }: ArmTally,
  action: number,
  {
    priorMean,
    priorSpread,
    noise,
  }: { readonly priorMean: number; readonly priorSpread: number; readonly noise: number },
): Belief {
  const precision = 1 / priorSpread ** 2 + counts[action]! / noise ** 2
  const mean = (priorMean / priorSpread ** 2 + sums[action]! / noise ** 2) / precision
  return normalBelief(mean, 1 / Math.sqrt(precision))
}

/** @throws RapportError `bandit.reward` unless it is 0 … 1 */
export function checkShare(reward: number): void {
  if (reward >= 0 && reward <= 1) return
  throw new RapportError('bandit.reward', `reward must be 0 … 1, got ${reward}`)
}
