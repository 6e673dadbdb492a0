import { type Random, RapportError, seededRandom, stopIfAborted, type Work } from '@rapport/numerics'
import type { ArmOutcomes, CheckedArms } from '../arm-outcomes.ts'
import { areaScores } from './area-scores.ts'
import { rankRows } from './ranked-rows.ts'
import { checkShare, type TopOptions, topUplift } from './uplift-at-top.ts'
import { checkLevel } from './uplift-by-slice.ts'
import { binaryArms, type QiniOptions } from './uplift-scores.ts'

export interface UpliftIntervalOptions extends TopOptions, QiniOptions {
  /** Share of samples whose interval would hold the true value, in (0, 1). Default 0.95. */
  readonly level?: number
  /** Resamples of the bootstrap, ≥ 100. Default 1000. */
  readonly resamples?: number
  /** The same seed, scores and outcomes give the same intervals. */
  readonly seed: number
}

/** A value and where it could have been with other customers of the same kind. */
export interface UpliftEstimate {
  /** NaN where it is not defined; see `qini` and `upliftAtTop` for the reasons. */
  readonly value: number
  /** Ends of the interval; NaN where resamples without a value are more than those outside the interval may be. */
  readonly low: number
  readonly high: number
}

/** How well a ranking finds those whom treating moves. */
export interface UpliftIntervals {
  readonly qini: UpliftEstimate
  readonly auuc: UpliftEstimate
  readonly atTop: UpliftEstimate
}

const measures = ['qini', 'auuc', 'atTop'] as const

/**
 * `qini`, `auuc` and `upliftAtTop` of a ranking with bootstrap intervals (percentiles): customers are drawn with
 * replacement within each arm, the scores stay.
 *
 * Speaks of the sampling of the customers who were scored: not of how the model would vary with other training rows.
 *
 * @param scores `[n]` by a model that did not see these customers
 * @param arms outcomes of 0 and 1
 * @throws RapportError `uplift.share`, `uplift.level`, `uplift.resamples`, `random.seed`, `work.aborted`, and as `qini`
 *
 * Cost: O(n) a resample; sorted once.
 * Source: Efron & Tibshirani, "An introduction to the bootstrap", 1993, chapters 8 (two samples) and 13.
 *
 * @example
 * upliftIntervals(scores, { treated, outcomes }, { share: 0.1, seed: 1 }).qini // { value, low, high }
 */
export function upliftIntervals(
  scores: ArrayLike<number>,
  arms: ArmOutcomes,
  options: UpliftIntervalOptions,
  work?: Work,
): UpliftIntervals {
  const { share = 0.3, strategy = 'overall', negativeEffects = true, level = 0.95, resamples = 1000, seed } = options
  checkShare(share)
  checkLevel(level)
  if (!(Number.isInteger(resamples) && resamples >= 100)) {
    throw new RapportError('uplift.resamples', `resamples must be a whole number of at least 100, got ${resamples}`)
  }
  const checked = binaryArms(scores.length, arms)
  const ranked = rankRows(scores)
  const valuesOf = (weights: Float64Array): Record<(typeof measures)[number], number> => ({
    ...areaScores(ranked, checked, weights, negativeEffects),
    atTop: topUplift(ranked, checked, weights, share, strategy),
  })
  const random = seededRandom(seed)
  const members = [0, 1].map((arm) => rowsOf(checked.treated, arm))
  const drawn = measures.map(() => new Float64Array(resamples))
  for (let resample = 0; resample < resamples; resample += 1) {
    stopIfAborted(work)
    const values = valuesOf(drawWeights(checked, members, random))
    measures.forEach((measure, at) => {
      drawn[at]![resample] = values[measure]
    })
    work?.onProgress?.({ stage: 'uplift resample', done: resample + 1, total: resamples })
  }
  const found = valuesOf(checked.weights)
  const [ofQini, ofAuuc, ofTop] = measures.map((measure, at) => ({
    value: found[measure],
    ...percentiles(drawn[at]!, level),
  }))
  return { qini: ofQini!, auuc: ofAuuc!, atTop: ofTop! }
}

/** As many customers of each arm as there are, drawn with replacement: how often each came, times its weight. */
function drawWeights({ rows, weights }: CheckedArms, arms: readonly Uint32Array[], random: Random): Float64Array {
  const drawn = new Float64Array(rows)
  for (const members of arms) {
    for (let draw = 0; draw < members.length; draw += 1) {
      const row = members[random.integer(members.length)]!
      drawn[row]! += weights[row]!
    }
  }
  return drawn
}

const rowsOf = (treated: Uint8Array, arm: number): Uint32Array =>
  Uint32Array.from(treated.keys()).filter((row) => treated[row] === arm)

function percentiles(values: Float64Array, level: number): { low: number; high: number } {
  // NaN sorts last: too many of them and the upper end is one.
  const rising = values.slice().sort()
  const at = (share: number): number => rising[Math.round(share * (values.length - 1))]!
  const [low, high] = [at((1 - level) / 2), at((1 + level) / 2)]
  return Number.isNaN(high) ? { low: NaN, high: NaN } : { low, high }
}
