import { RapportError, seededRandom } from '@rapport/numerics'
import { scoredRows } from '../metrics/metric.ts'
import type { FairRule, FairThresholdModel } from './fair-thresholds.ts'

/**
 * The chance that each row is selected: 0 or 1 for most, between where lots are drawn.
 *
 * @param scores `[n]`
 * @param groups `[n]` groups of training
 * @throws RapportError `fair-thresholds.group` for one that training did not have, `metrics.lengths`, `metrics.scores`
 */
export function fairSelection(
  model: FairThresholdModel,
  scores: ArrayLike<number>,
  groups: readonly (string | null)[],
): Float64Array {
  if (groups.length !== scores.length) {
    throw new RapportError('metrics.lengths', `there must be a group a score (${scores.length}), got ${groups.length}`)
  }
  const checked = scoredRows(scores, new Uint8Array(scores.length)).scores
  const ruleOf = new Map(model.rules.map((rule) => [rule.group, rule]))
  return checked.map((score, row) => {
    const rule = ruleOf.get(groups[row]!)
    if (!rule) {
      throw new RapportError(
        'fair-thresholds.group',
        `every group must be in training, got ${groups[row]} at row ${row}`,
      )
    }
    return chanceOf(rule, score)
  })
}

function chanceOf({ thresholds, loose, blind, blindRate }: FairRule, score: number): number {
  const seeing = (score >= thresholds[0]! ? 1 - loose : 0) + (score >= thresholds[1]! ? loose : 0)
  return blind * blindRate + (1 - blind) * seeing
}

/**
 * Selects rows, drawing lots where the rule has chances.
 *
 * @returns `[n]` 1 for those selected; the same seed, scores and groups give the same
 * @throws RapportError as `fairSelection`
 */
export function drawFairSelection(
  model: FairThresholdModel,
  scores: ArrayLike<number>,
  groups: readonly (string | null)[],
  seed: number,
): Uint8Array {
  const random = seededRandom(seed)
  return Uint8Array.from(fairSelection(model, scores, groups), (chance) => (random.uniform() < chance ? 1 : 0))
}
