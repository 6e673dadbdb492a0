import { RapportError } from '@rapport/numerics'
import { type ArmOutcomes, type CheckedArms, checkedArms } from '../arm-outcomes.ts'
import { areaScores } from './area-scores.ts'
import { curveAreas, qiniAt, upliftAt } from './curve-areas.ts'
import { rankRows } from './ranked-rows.ts'

/** Why a measure of uplift has no value. */
export type UpliftGap =
  /** Every ranking has the same area: nobody responded, or everybody, in an arm. */
  | 'no-variation'
  /** Those with the highest scores are all of one arm. */
  | 'one-arm'

/** A measure of uplift: a value, or the reason that there is none. */
export type UpliftScore =
  | { readonly defined: true; readonly value: number }
  | { readonly defined: false; readonly because: UpliftGap }

export interface QiniOptions {
  /**
   * Whether the perfect curve falls at its end, by customers who respond only when left alone; `false` takes such for
   * impossible. Default true.
   */
  readonly negativeEffects?: boolean
}

/**
 * The Qini coefficient by the convention of scikit-uplift: area between the Qini curve and the random line, over that of
 * the perfect curve. 0 for a random ranking, 1 for a perfect one, negative for one that is wrong.
 *
 * Other conventions exist: causalml divides by the curve's end, Radcliffe's Q by none. `gainScores` has causalml's, also
 * for amounts.
 *
 * @param scores `[n]` by which to choose customers, the highest first; equal scores are taken together
 * @param arms outcomes of 0 and 1
 * @throws RapportError `uplift.scores`, `uplift.treated`, `uplift.outcomes` (not 0 or 1), `uplift.weights`
 *
 * Cost: O(n), a radix sort.
 * Source: Radcliffe, "Using control groups to target on predicted lift", Direct Marketing Analytics Journal 3, 2007;
 * Devriendt, Guns & Verbeke, "Learning to rank for uplift modeling", 2020; scikit-uplift `qini_auc_score`.
 *
 * @example
 * qini([4, 3, 2, 1], { treated: [1, 0, 1, 0], outcomes: [1, 0, 0, 1] }) // { defined: true, value: 1 }
 */
export const qini = (scores: ArrayLike<number>, arms: ArmOutcomes, options: QiniOptions = {}): UpliftScore =>
  areaScore('qini', scores, arms, options.negativeEffects)

/**
 * The normalised area under the uplift curve by the convention of scikit-uplift's `uplift_auc_score`: as `qini`, of the
 * curve of difference in mean outcomes times customers reached.
 *
 * @throws RapportError as `qini`
 *
 * @example
 * auuc([4, 3, 2, 1], { treated: [1, 0, 1, 0], outcomes: [1, 0, 0, 1] })
 */
export const auuc = (scores: ArrayLike<number>, arms: ArmOutcomes): UpliftScore => areaScore('auuc', scores, arms)

function areaScore(
  name: 'qini' | 'auuc',
  scores: ArrayLike<number>,
  arms: ArmOutcomes,
  negativeEffects = true,
): UpliftScore {
  const checked = binaryArms(scores.length, arms)
  const value = areaScores(rankRows(scores), checked, checked.weights, negativeEffects)[name]
  return Number.isNaN(value) ? { defined: false, because: 'no-variation' } : { defined: true, value }
}

/** @throws RapportError as `checkedArms`, and `uplift.outcomes` when an outcome is neither 0 nor 1 */
export function binaryArms(rows: number, arms: ArmOutcomes): CheckedArms {
  const checked = checkedArms('uplift', rows, arms)
  if (checked.isBinary) return checked
  const wrong = checked.outcomes.findIndex((outcome) => outcome !== 0 && outcome !== 1)
  throw new RapportError(
    'uplift.outcomes',
    `outcomes must be 0 or 1 for a perfect ranking to exist, got ${checked.outcomes[wrong]} at row ${wrong}`,
  )
}

/** A point of a curve of uplift. */
export interface UpliftCurvePoint {
  /** Customers reached, the highest scores first; their weight where weights are given. */
  readonly reached: number
  /** Outcomes gained among the treated (`qini`), or by treating all who were reached (`uplift`). */
  readonly gained: number
}

/**
 * The Qini curve or the uplift curve, for a chart: from (0, 0), one point for each score that occurs.
 *
 * @throws RapportError as `qini`; outcomes may be amounts
 *
 * @example
 * upliftCurve('qini', [2, 1], { treated: [1, 0], outcomes: [1, 0] }) // (0, 0), (1, 1), (2, 1)
 */
export function upliftCurve(
  kind: 'qini' | 'uplift',
  scores: ArrayLike<number>,
  arms: ArmOutcomes,
): readonly UpliftCurvePoint[] {
  const checked = checkedArms('uplift', scores.length, arms)
  const height = kind === 'qini' ? qiniAt : upliftAt
  const points: UpliftCurvePoint[] = [{ reached: 0, gained: 0 }]
  curveAreas(rankRows(scores), checked, checked.weights, (sums) => {
    points.push({ reached: sums.treated + sums.control, gained: height(sums) })
  })
  return points
}
