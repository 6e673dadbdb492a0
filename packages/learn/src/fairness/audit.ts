import { RapportError } from '@rapport/numerics'
import { type CalibrationBin, calibrationCurve } from '../metrics/index.ts'
import type { ScoredRows } from '../metrics/metric.ts'
import { probabilityRows } from '../metrics/probability.ts'
import { type GroupGap, type GroupTally, lowestRatio, widerOf, widestDifference } from './gap.ts'
import { checkGrouping, type GroupingOptions } from './grouping-options.ts'
import { type Attribute, crossings, groupRows, type RowGroup } from './groups.ts'
import { type Rate, Tally } from './rate.ts'

export interface FairnessOptions extends GroupingOptions {
  /** Who scores at or above it is selected. Default 0.5. */
  readonly threshold?: number
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/** What the scores did to one group. */
export interface GroupFairness {
  /** One a attribute of the grouping; null is "not known". */
  readonly values: readonly (string | null)[]
  readonly rows: number
  /** Fewer rows than `rowsMin`: its figures are shown and compared with nothing. */
  readonly isSmall: boolean
  /** Share that is selected. */
  readonly selection: Rate
  /** Share of those of class 1 that is selected. */
  readonly truePositive: Rate
  /** Share of those of class 0 that is selected. */
  readonly falsePositive: Rate
  /** Share of class 1, that `predicted` promises. */
  readonly observed: Rate
  /** Mean of the probabilities; 0 where the group has no weight. */
  readonly predicted: number
  /** Predicted against observed, bin by bin; every row counts once, whatever its weight. */
  readonly curve: readonly CalibrationBin[]
}

/** The groups by one attribute, or by several together. */
export interface GroupingFairness {
  readonly attributes: readonly string[]
  readonly groups: readonly GroupFairness[]
  /** Demographic parity: the widest difference of shares selected. */
  readonly demographicParity: GroupGap
  /** The lowest share selected by the highest (disparate impact). */
  readonly selectionRatio: GroupGap
  /** Equal opportunity: the widest difference of true positive rates. */
  readonly equalOpportunity: GroupGap
  /** Equalised odds: the wider of the differences of true and of false positive rates. */
  readonly equalisedOdds: GroupGap
  /** Calibration within groups: the widest difference of (observed − predicted). */
  readonly calibration: GroupGap
}

/** What `auditFairness` found. Plain data. */
export interface FairnessAudit {
  readonly kind: 'fairness-audit'
  readonly threshold: number
  readonly rowsMin: number
  readonly confidence: number
  /** Single attributes first, then two together, and so on. */
  readonly groupings: readonly GroupingFairness[]
}

const bins = 5

/**
 * How differently a score treats groups: rates a group with Wilson intervals, and the widest gaps with intervals that
 * hold whichever two groups they lie between. The measures of fairness exclude each other where groups differ in
 * their rates (Chouldechova 2017): the audit shows all of them, and what matters is for people to say.
 *
 * @param probabilities `[n]` 0 … 1, of rows that were not trained on
 * @param labels `[n]` 0 or 1
 * @param attributes at least one; they need not be inputs of the model
 * @throws RapportError `fairness.groups`, `fairness.options`, and as `logLoss` for probabilities, labels and weights
 *
 * Cost: O(n) a grouping, and the square of its groups.
 * Source: Hardt, Price & Srebro, "Equality of opportunity in supervised learning", NIPS 2016; Kearns et al., "Preventing
 * fairness gerrymandering", ICML 2018, for intersections. Rates and differences as fairlearn's `MetricFrame`.
 *
 * @example
 * const audit = auditFairness(probabilities, labels, [{ name: 'sex', values: sex }])
 * audit.groupings[0]!.demographicParity // { defined: true, value: 0.18, low: 0.16, high: 0.2, … }
 */
export function auditFairness(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  attributes: readonly Attribute[],
  options: FairnessOptions = {},
): FairnessAudit {
  const { threshold = 0.5, weights } = options
  const { crossed, rowsMin, confidence } = checkGrouping(options)
  if (Number.isNaN(threshold)) throw new RapportError('fairness.options', 'threshold must be a number, got NaN')
  const rows = probabilityRows(probabilities, labels, weights ? { weights } : {})
  const groupings = crossings(attributes, crossed).map((crossing) => {
    const parts = groupRows(crossing, rows.n).map((group) => tallyGroup(rows, group, threshold))
    const of = (pick: (tallies: GroupTallies) => Tally): GroupTally[] =>
      parts.map((tallies) => ({ values: tallies.group.values, tally: pick(tallies) }))
    const difference = (groups: readonly GroupTally[], level = confidence): GroupGap =>
      widestDifference(groups, rowsMin, level)
    // Two gaps must both be covered, so each takes half of what may be missed.
    const both = (1 + confidence) / 2
    return {
      attributes: crossing.map(({ name }) => name),
      groups: parts.map((tallies) => describeGroup(rows, tallies, rowsMin, confidence)),
      demographicParity: difference(of(({ selection }) => selection)),
      selectionRatio: lowestRatio(
        of(({ selection }) => selection),
        rowsMin,
        confidence,
      ),
      equalOpportunity: difference(of(({ truePositive }) => truePositive)),
      equalisedOdds: widerOf(
        difference(
          of(({ truePositive }) => truePositive),
          both,
        ),
        difference(
          of(({ falsePositive }) => falsePositive),
          both,
        ),
      ),
      calibration: difference(
        parts.map(({ group, observed, predicted }) => ({ values: group.values, tally: observed, expected: predicted })),
      ),
    }
  })
  return { kind: 'fairness-audit', threshold, rowsMin, confidence, groupings }
}

interface GroupTallies {
  readonly group: RowGroup
  readonly selection: Tally
  readonly truePositive: Tally
  readonly falsePositive: Tally
  readonly observed: Tally
  readonly predicted: number
}

function tallyGroup({ scores, labels, weights }: ScoredRows, group: RowGroup, threshold: number): GroupTallies {
  const [selection, truePositive, falsePositive, observed] = [new Tally(), new Tally(), new Tally(), new Tally()]
  let sum = 0
  let total = 0
  for (const row of group.rows) {
    const weight = weights[row]!
    const isSelected = scores[row]! >= threshold
    selection.add(isSelected, weight)
    ;(labels[row] === 1 ? truePositive : falsePositive).add(isSelected, weight)
    observed.add(labels[row] === 1, weight)
    sum += weight * scores[row]!
    total += weight
  }
  return { group, selection, truePositive, falsePositive, observed, predicted: total > 0 ? sum / total : 0 }
}

function describeGroup(
  { scores, labels }: ScoredRows,
  { group, selection, truePositive, falsePositive, observed, predicted }: GroupTallies,
  rowsMin: number,
  confidence: number,
): GroupFairness {
  const own = (of: ArrayLike<number>): Float64Array => Float64Array.from(group.rows, (row) => of[row]!)
  return {
    values: group.values,
    rows: group.rows.length,
    isSmall: selection.n < rowsMin,
    selection: selection.rate(confidence),
    truePositive: truePositive.rate(confidence),
    falsePositive: falsePositive.rate(confidence),
    observed: observed.rate(confidence),
    predicted,
    curve: calibrationCurve(own(scores), own(labels), { bins, strategy: 'quantile', confidence }),
  }
}
