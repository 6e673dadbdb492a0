import { RapportError } from '@rapport/numerics'
import { type ArmOutcomes, type CheckedArms, checkedArms } from '../arm-outcomes.ts'
import { addRow, noSums } from './curve-areas.ts'
import { type RankedRows, rankRows } from './ranked-rows.ts'
import type { UpliftScore } from './uplift-scores.ts'

export interface TopOptions {
  /** Share of customers that is looked at, the highest scores first; above 0, up to 1. Default 0.3. */
  readonly share?: number
  /**
   * `overall`: the share of all customers, whatever their arm. `by-arm`: the share of each arm. Default `overall`.
   */
  readonly strategy?: TopStrategy
}

export type TopStrategy = 'overall' | 'by-arm'

/**
 * Uplift at k: the mean outcome of the treated less that of the control, among the share with the highest scores.
 *
 * As scikit-uplift's `uplift_at_k`: whole customers only, share × n rounded down, and of equal scores at the border those
 * that come later in the data are taken. With weights the border falls inside a customer, who then counts in part.
 *
 * @param scores `[n]`
 * @param arms outcomes of 0 and 1, or amounts
 * @returns a difference in the unit of the outcomes; `one-arm` when the share holds no customer of an arm
 * @throws RapportError `uplift.share`, and as `qini`
 *
 * @example
 * upliftAtTop([4, 3, 2, 1], { treated: [1, 0, 1, 0], outcomes: [1, 0, 0, 1] }, { share: 0.5 }) // value 1
 */
export function upliftAtTop(
  scores: ArrayLike<number>,
  arms: ArmOutcomes,
  { share = 0.3, strategy = 'overall' }: TopOptions = {},
): UpliftScore {
  checkShare(share)
  const checked = checkedArms('uplift', scores.length, arms)
  const value = topUplift(rankRows(scores), checked, checked.weights, share, strategy)
  return Number.isNaN(value) ? { defined: false, because: 'one-arm' } : { defined: true, value }
}

/** @throws RapportError `uplift.share` unless above 0 and up to 1 */
export function checkShare(share: number): void {
  if (share > 0 && share <= 1) return
  throw new RapportError('uplift.share', `share must be above 0 and up to 1, got ${share}`)
}

/**
 * @param weights `[n]` by row, in place of those of `arms`
 * @returns NaN when an arm is not there
 */
export function topUplift(
  { order }: RankedRows,
  arms: CheckedArms,
  weights: Float64Array,
  share: number,
  strategy: TopStrategy,
): number {
  const totals = [0, 0]
  for (let row = 0; row < arms.rows; row += 1) totals[arms.treated[row]!]! += weights[row]!
  const sizeOf = (total: number): number => (arms.isWeighted ? total * share : Math.trunc(total * share))
  const all = sizeOf(totals[0]! + totals[1]!)
  const sums = noSums()
  for (const row of order) {
    const isTreated = arms.treated[row] === 1
    const left =
      strategy === 'overall'
        ? all - sums.treated - sums.control
        : sizeOf(totals[arms.treated[row]!]!) - (isTreated ? sums.treated : sums.control)
    if (left > 0) addRow(sums, arms, row, Math.min(left, weights[row]!))
    else if (strategy === 'overall') break
  }
  return sums.treatedOutcomes / sums.treated - sums.controlOutcomes / sums.control
}
