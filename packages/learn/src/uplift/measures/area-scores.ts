import type { CheckedArms } from '../arm-outcomes.ts'
import { type ArmSums, areaOfGroups, type CurveAreas, curveAreas, noSums, qiniAt, upliftAt } from './curve-areas.ts'
import type { RankedRows } from './ranked-rows.ts'

/** Both area scores; NaN where no ranking could be better than a random one. */
export interface AreaScores {
  readonly qini: number
  readonly auuc: number
}

/**
 * The share of the area between the random line and the perfect curve that a ranking reaches, as scikit-uplift's
 * `qini_auc_score` and `uplift_auc_score`.
 *
 * @param arms with outcomes of 0 and 1
 * @param weights `[n]` by row
 */
export function areaScores(
  ranked: RankedRows,
  arms: CheckedArms,
  weights: Float64Array,
  negativeEffects: boolean,
): AreaScores {
  const areas = curveAreas(ranked, arms, weights)
  const cells = responderCells(areas)
  const all = areas.sums.treated + areas.sums.control
  const scoreOf = (area: number, perfect: number, final: number): number => {
    const random = (all * final) / 2
    return perfect - random > 1e-12 * Math.max(1, Math.abs(random)) ? (area - random) / (perfect - random) : NaN
  }
  const perfectQini = negativeEffects
    ? areaOfGroups([cells.won, cells.indifferent, cells.lost], qiniAt)
    : qiniWithoutHarm(areas.sums)
  const finalQini = negativeEffects ? qiniAt(areas.sums) : gainedResponders(areas.sums)
  return {
    qini: scoreOf(areas.qini, perfectQini, finalQini),
    auuc: scoreOf(areas.uplift, areaOfGroups(cells.byUplift, upliftAt), upliftAt(areas.sums)),
  }
}

interface ResponderCells {
  /** Treated who responded: the perfect Qini curve meets them first. */
  readonly won: ArmSums
  /** Who did not respond, of both arms. */
  readonly indifferent: ArmSums
  /** Control who responded: last. */
  readonly lost: ArmSums
  /** The order of the perfect uplift curve. */
  readonly byUplift: readonly ArmSums[]
}

function responderCells({ sums }: CurveAreas): ResponderCells {
  const { treatedOutcomes: won, controlOutcomes: lost } = sums
  const silentTreated = sums.treated - won
  const silentControl = sums.control - lost
  const cell = (part: Partial<ArmSums>): ArmSums => ({ ...noSums(), ...part })
  const wonCell = cell({ treated: won, treatedOutcomes: won })
  const lostCell = cell({ control: lost, controlOutcomes: lost })
  const wasted = cell({ treated: silentTreated })
  const spared = cell({ control: silentControl })
  return {
    won: wonCell,
    indifferent: cell({ treated: silentTreated, control: silentControl }),
    lost: lostCell,
    // The larger of the two groups that speak against treating comes before the other.
    byUplift: lost > silentTreated ? [wonCell, spared, lostCell, wasted] : [wonCell, spared, wasted, lostCell],
  }
}

/** Responders among the treated beyond those that the control's share would give. */
const gainedResponders = ({ treated, control, treatedOutcomes, controlOutcomes }: ArmSums): number =>
  treatedOutcomes - (treated * controlOutcomes) / control

/** All of the gain by the first customers, and nothing lost after. */
function qiniWithoutHarm(sums: ArmSums): number {
  const gained = gainedResponders(sums)
  return (gained * gained) / 2 + (sums.treated + sums.control - gained) * gained
}
