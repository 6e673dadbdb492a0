import { RapportError } from '@rapport/numerics'
import { scoredRows } from '../metrics/metric.ts'
import { equalisedPoint, type FairPoint, type GroupFrontier, sharedPoint } from './fair-point.ts'
import { groupRows } from './groups.ts'
import { type RocHull, rocHull } from './roc-hull.ts'

/** What must be equal in all groups: the share selected, that of class 1 selected, or both true and false positives. */
export type FairnessConstraint = 'demographic-parity' | 'equal-opportunity' | 'equalised-odds'

export interface FairThresholdOptions {
  readonly constraint: FairnessConstraint
  /**
   * What is to be high: the share of right decisions, the mean of the two classes' shares of right decisions, or money: what
   * selecting a row of class 1 gains, and what selecting one of class 0 costs, both ≥ 0 and one above. Default
   * `accuracy`.
   */
  readonly objective?: 'accuracy' | 'balanced-accuracy' | { readonly gain: number; readonly cost: number }
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/** How rows of one group are selected. */
export interface FairRule {
  /** null is "not known". */
  readonly group: string | null
  /** Training rows: a rule from few of them holds for few others. */
  readonly rows: number
  /** `[2]` the strict and the loose threshold; scores at or above are selected. */
  readonly thresholds: Float64Array
  /** Chance that the loose threshold is the one that counts. */
  readonly loose: number
  /** Chance that the score is not looked at, and `blindRate` is the chance of being selected. */
  readonly blind: number
  readonly blindRate: number
  /** Rates that the rule has on the training rows. */
  readonly selection: number
  readonly truePositive: number
  readonly falsePositive: number
}

/** Thresholds for each group that meet a constraint of fairness. Plain data. */
export interface FairThresholdModel {
  readonly kind: 'fair-thresholds'
  readonly constraint: FairnessConstraint
  readonly rules: readonly FairRule[]
  /** The objective on the training rows: a share for the accuracies, money a row. */
  readonly value: number
  /** The best that thresholds by group reach without the constraint: what fairness costs is the difference. */
  readonly valueUnconstrained: number
}

/**
 * Finds thresholds by group, with lots where they are needed, that meet the constraint on the training rows exactly and
 * lose as little of the objective as possible. The score itself is left as it is.
 *
 * Exact where fairlearn's `ThresholdOptimizer` looks at 1,001 points: the objective is concave and straight between
 * corners of the groups' curves, so one of the corners is best.
 *
 * @param scores `[n]` any numbers, higher for class 1; of rows that the score was not trained on
 * @param labels `[n]` 0 or 1; both in every group
 * @param groups `[n]` null is "not known", a group of its own
 * @throws RapportError `fair-thresholds.options`, `fair-thresholds.one-class`, `fairness.groups` (lengths differ), and as
 *   `rocAuc`
 *
 * Cost: O(n log n) and the square of the groups at each corner.
 * Source: Hardt, Price & Srebro, "Equality of opportunity in supervised learning", NIPS 2016, section 4.
 *
 * @example
 * const fair = fitFairThresholds(scores, labels, sex, { constraint: 'equal-opportunity' })
 * const selected = drawFairSelection(fair, scoresOfToday, sexOfToday, 7)
 */
export function fitFairThresholds(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  groups: readonly (string | null)[],
  options: FairThresholdOptions,
): FairThresholdModel {
  const { constraint } = options
  const rows = scoredRows(scores, labels, options.weights ? { weights: options.weights } : {})
  if (rows.n === 0) throw new RapportError('fair-thresholds.options', 'there must be at least one row, got none')
  const found = groupRows([{ name: 'group', values: groups }], rows.n)
  const hulls = found.map((group) => rocHull(rows.scores, rows.labels, rows.weights, group))
  const { gain, cost } = ratesOf(options, rows.positives, rows.negatives)
  const frontiers = hulls.map((hull) => frontierOf(hull, constraint, gain, cost))
  const points =
    constraint === 'equalised-odds'
      ? equalisedPoint(frontiers, (falsePositive, truePositive) => {
          return gain * rows.positives * truePositive - cost * rows.negatives * falsePositive
        })
      : sharedPoint(frontiers)
  // Right decisions are those of class 1 selected and those of class 0 left; the objective counts the latter as a loss.
  const constant = typeof options.objective === 'object' ? 0 : cost * rows.negatives
  const worthOf = (at: (corner: GroupFrontier, group: number) => number): number =>
    frontiers.reduce((sum, frontier, group) => sum + at(frontier, group), constant)
  return {
    kind: 'fair-thresholds',
    constraint,
    rules: found.map(({ values, rows: members }, at) => ruleOf(values[0]!, members.length, hulls[at]!, points[at]!)),
    value: worthOf((_, group) => {
      const { positives, negatives } = hulls[group]!
      const { truePositive, falsePositive } = points[group]!
      return gain * positives * truePositive - cost * negatives * falsePositive
    }),
    valueUnconstrained: worthOf(({ corners }) => Math.max(...corners.map(({ value }) => value))),
  }
}

/** What one unit of weight of class 1 gains when it is selected, and one of class 0 costs. */
function ratesOf(
  { constraint, objective = 'accuracy' }: FairThresholdOptions,
  positives: number,
  negatives: number,
): { gain: number; cost: number } {
  const known: readonly string[] = ['demographic-parity', 'equal-opportunity', 'equalised-odds']
  if (!known.includes(constraint)) {
    throw new RapportError(
      'fair-thresholds.options',
      `constraint must be one of ${known.join(', ')}, got ${constraint}`,
    )
  }
  const total = positives + negatives
  if (objective === 'accuracy') return { gain: 1 / total, cost: 1 / total }
  if (objective === 'balanced-accuracy') return { gain: 0.5 / positives, cost: 0.5 / negatives }
  const { gain, cost } = objective
  if (!(gain >= 0 && cost >= 0 && gain + cost > 0 && gain + cost < Infinity)) {
    throw new RapportError(
      'fair-thresholds.options',
      `gain and cost must be finite, at least 0 and one above 0, got ${gain} and ${cost}`,
    )
  }
  return { gain: gain / total, cost: cost / total }
}

/** A group's corners by the rate that must be equal, with what each is worth. */
function frontierOf(hull: RocHull, constraint: FairnessConstraint, gain: number, cost: number): GroupFrontier {
  const { corners, positives, negatives } = hull
  return {
    corners: corners.map(({ truePositive, falsePositive }) => {
      const selection = (positives * truePositive + negatives * falsePositive) / (positives + negatives)
      const rates = {
        'demographic-parity': selection,
        'equal-opportunity': truePositive,
        'equalised-odds': falsePositive,
      }
      return {
        rate: rates[constraint],
        value: gain * positives * truePositive - cost * negatives * falsePositive,
        truePositive,
        falsePositive,
      }
    }),
  }
}

function ruleOf(group: string | null, rows: number, hull: RocHull, point: FairPoint): FairRule {
  const { strict, loose, blind, blindRate, truePositive, falsePositive } = point
  const { corners, positives, negatives } = hull
  const next = corners[Math.min(strict + 1, corners.length - 1)]!
  return {
    group,
    rows,
    thresholds: Float64Array.of(corners[strict]!.threshold, next.threshold),
    loose,
    blind,
    blindRate,
    selection: (positives * truePositive + negatives * falsePositive) / (positives + negatives),
    truePositive,
    falsePositive,
  }
}
