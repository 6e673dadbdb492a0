import { type ArmOutcomes, checkedArms } from '../arm-outcomes.ts'
import { type ArmSums, addRow, noSums, qiniAt } from './curve-areas.ts'
import { rankRows } from './ranked-rows.ts'
import type { UpliftScore } from './uplift-scores.ts'

/** Areas by causalml's convention. */
export interface GainScores {
  /** Mean height of the curve of gains, as a share of the gain from treating all: 0.5 for a random ranking. */
  readonly auuc: UpliftScore
  /** Mean height of the Qini curve above the random line, as a share of the gain from treating all: 0 for a random one. */
  readonly qini: UpliftScore
}

/**
 * The area scores by the convention of causalml (`auuc_score`, `qini_score`, `normalize=True`): heights as shares of the
 * curve's end rather than of a perfect curve, so they also exist for amounts.
 *
 * The unit is the whole effect: scores explode where the mean effect is near 0. Customers are met one by one; among equal
 * scores, whose order causalml leaves to its sort, each counts as the mean of them. Where an arm has nobody yet, heights
 * lie on the line from (0, 0).
 *
 * @param scores `[n]`
 * @param arms outcomes of 0 and 1, or amounts; without weights
 * @returns `no-variation` when treating all gains exactly nothing
 * @throws RapportError `uplift.scores`, `uplift.treated`, `uplift.outcomes`
 *
 * Source: Gutierrez & Gérardy, "Causal inference and uplift modelling: a review of the literature", PMLR 67, 2016, §4.1;
 * causalml 0.18.
 *
 * @example
 * gainScores(scores, { treated, outcomes: spend }).qini
 */
export function gainScores(scores: ArrayLike<number>, { treated, outcomes }: Omit<ArmOutcomes, 'weights'>): GainScores {
  const arms = checkedArms('uplift', scores.length, { treated, outcomes })
  const { order, isEnd } = rankRows(scores)
  const sums = noSums()
  const lift = new CurveMean()
  const qini = new CurveMean()
  for (let first = 0; first < order.length; ) {
    const before = { ...sums }
    let after = first
    do addRow(sums, arms, order[after]!, 1)
    while (isEnd[after++] === 0)
    for (let place = first; place < after; place += 1) {
      const met = between(before, sums, (place + 1 - first) / (after - first))
      lift.add(met.treatedOutcomes / met.treated - met.controlOutcomes / met.control, place + 1)
      qini.add(met.control > 0 ? qiniAt(met) : NaN, 1)
    }
    first = after
  }
  const scoreOf = (mean: number, end: number): UpliftScore =>
    end === 0 ? { defined: false, because: 'no-variation' } : { defined: true, value: mean / Math.abs(end) }
  return { auuc: scoreOf(lift.mean(), lift.end), qini: scoreOf(qini.mean() - qini.end / 2, qini.end) }
}

function between(from: ArmSums, to: ArmSums, share: number): ArmSums {
  const at = (key: keyof ArmSums): number => from[key] + share * (to[key] - from[key])
  return {
    treated: at('treated'),
    control: at('control'),
    treatedOutcomes: at('treatedOutcomes'),
    controlOutcomes: at('controlOutcomes'),
  }
}

/** Mean over all places, from the 0 before the first, of heights times a factor; unknown heights rise evenly from 0. */
class CurveMean {
  end = 0
  #sum = 0
  readonly #unknown: number[] = []
  #places = 0

  add(height: number, factor: number): void {
    this.#places += 1
    if (Number.isNaN(height)) {
      this.#unknown.push(factor)
      return
    }
    this.#unknown.forEach((own, at) => {
      this.#sum += (own * height * (at + 1)) / this.#places
    })
    this.#unknown.length = 0
    this.end = height * factor
    this.#sum += this.end
  }

  mean(): number {
    return this.#sum / (this.#places + 1)
  }
}
