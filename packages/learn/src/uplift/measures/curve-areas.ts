import type { CheckedArms } from '../arm-outcomes.ts'
import type { RankedRows } from './ranked-rows.ts'

/** Weight of customers, and of what came of them, by arm. */
export interface ArmSums {
  treated: number
  control: number
  /** Sum of weighted outcomes. */
  treatedOutcomes: number
  controlOutcomes: number
}

export const noSums = (): ArmSums => ({ treated: 0, control: 0, treatedOutcomes: 0, controlOutcomes: 0 })

/** Radcliffe's Qini value: outcomes of the treated less those of the control, scaled to as many as the treated. */
export const qiniAt = ({ treated, control, treatedOutcomes, controlOutcomes }: ArmSums): number =>
  treatedOutcomes - (control > 0 ? (controlOutcomes * treated) / control : 0)

/** Cumulative uplift: the difference of mean outcomes, an empty arm counting as 0, times the customers of both arms. */
export const upliftAt = ({ treated, control, treatedOutcomes, controlOutcomes }: ArmSums): number =>
  ((treated > 0 ? treatedOutcomes / treated : 0) - (control > 0 ? controlOutcomes / control : 0)) * (treated + control)

/** Which curve: `qiniAt` or `upliftAt`. */
export type CurveHeight = (sums: ArmSums) => number

export function addRow(sums: ArmSums, arms: CheckedArms, row: number, weight: number): void {
  if (arms.treated[row] === 1) {
    sums.treated += weight
    sums.treatedOutcomes += weight * arms.outcomes[row]!
  } else {
    sums.control += weight
    sums.controlOutcomes += weight * arms.outcomes[row]!
  }
}

/** Areas under both curves, by trapezoids between the points where the score changes, starting at (0, 0). */
export interface CurveAreas {
  readonly qini: number
  readonly uplift: number
  /** Of all rows. */
  readonly sums: ArmSums
}

/**
 * @param weights `[n]` by row, in place of those of `arms`: a bootstrap counts draws into them
 * @param onPoint called at each point of the curves with the sums so far
 */
export function curveAreas(
  { order, isEnd }: RankedRows,
  arms: CheckedArms,
  weights: Float64Array,
  onPoint?: (sums: ArmSums) => void,
): CurveAreas {
  const sums = noSums()
  const qini = new Trapezoids()
  const uplift = new Trapezoids()
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place]!
    const weight = weights[row]!
    if (weight > 0) addRow(sums, arms, row, weight)
    if (isEnd[place] === 0) continue
    const reached = sums.treated + sums.control
    qini.add(reached, qiniAt(sums))
    uplift.add(reached, upliftAt(sums))
    onPoint?.(sums)
  }
  return { qini: qini.area, uplift: uplift.area, sums }
}

class Trapezoids {
  area = 0
  #at = 0
  #height = 0

  add(at: number, height: number): void {
    this.area += ((at - this.#at) * (height + this.#height)) / 2
    this.#at = at
    this.#height = height
  }
}

/** Area under the curve that meets whole groups of customers one after the other. */
export function areaOfGroups(groups: readonly ArmSums[], height: CurveHeight): number {
  const sums = noSums()
  const curve = new Trapezoids()
  for (const group of groups) {
    sums.treated += group.treated
    sums.control += group.control
    sums.treatedOutcomes += group.treatedOutcomes
    sums.controlOutcomes += group.controlOutcomes
    curve.add(sums.treated + sums.control, height(sums))
  }
  return curve.area
}
