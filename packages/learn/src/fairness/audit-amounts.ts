import { studentTQuantile } from '@rapport/numerics'
import { checkedNumbers } from '../linear/checked-numbers.ts'
import type { Interval } from '../stats/index.ts'
import { type GroupGap, type Tallied, widestDifference } from './gap.ts'
import { checkGrouping, type GroupingOptions } from './grouping-options.ts'
import { type Attribute, crossings, groupRows } from './groups.ts'

/** What predicted amounts say of one group, and what came. */
export interface GroupAmounts {
  /** One a attribute of the grouping; null is "not known". */
  readonly values: readonly (string | null)[]
  readonly rows: number
  /** Fewer rows than `rowsMin`: its figures are shown and compared with nothing. */
  readonly isSmall: boolean
  /** Mean of what was predicted. */
  readonly predicted: number
  /** Mean of what came, with Student's interval; open at both ends for one row. */
  readonly observed: Interval & { readonly value: number }
}

/** The groups by one attribute, or by several together. */
export interface GroupingAmounts {
  readonly attributes: readonly string[]
  readonly groups: readonly GroupAmounts[]
  /** The widest difference of (observed − predicted). */
  readonly calibration: GroupGap
}

/** What `auditAmounts` found. Plain data. */
export interface AmountsAudit {
  readonly kind: 'amounts-audit'
  readonly rowsMin: number
  readonly confidence: number
  /** Single attributes first, then two together, and so on. */
  readonly groupings: readonly GroupingAmounts[]
}

/**
 * Whether predicted amounts are as right for one group as for another: means a group, and the widest difference of how far
 * they are off, with an interval that holds whichever two groups it lies between. `auditFairness` for what is no class.
 *
 * @param predicted `[n]` finite, of rows that were not trained on
 * @param actual `[n]` finite
 * @param attributes at least one; they need not be inputs of the model
 * @throws RapportError `fairness.predicted`, `fairness.actual`, `fairness.groups`, `fairness.options`
 *
 * Cost: O(n) a grouping, and the square of its groups.
 * Source: Zou & Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27, 2008.
 *
 * @example
 * auditAmounts(expected, spent, [{ name: 'country', values: country }]).groupings[0]!.calibration
 */
export function auditAmounts(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  attributes: readonly Attribute[],
  options: GroupingOptions = {},
): AmountsAudit {
  const { crossed, rowsMin, confidence } = checkGrouping(options)
  const said = checkedNumbers('fairness', 'predicted', predicted.length, predicted)
  const came = checkedNumbers('fairness', 'actual', predicted.length, actual)
  const groupings = crossings(attributes, crossed).map((crossing) => {
    const parts = groupRows(crossing, said.length).map(({ values, rows }) => ({
      values,
      tally: meanOf(rows, came),
      expected: meanOf(rows, said).value,
    }))
    return {
      attributes: crossing.map(({ name }) => name),
      groups: parts.map(({ values, tally, expected }) => ({
        ...{ values, rows: tally.n, isSmall: tally.n < rowsMin, predicted: expected },
        observed: { value: tally.value, ...tally.limits(confidence) },
      })),
      calibration: widestDifference(parts, rowsMin, confidence),
    }
  })
  return { kind: 'amounts-audit', rowsMin, confidence, groupings }
}

/** The mean of some rows of an amount. */
function meanOf(rows: Int32Array, amounts: Float64Array): Tallied {
  const n = rows.length
  let sum = 0
  for (const row of rows) sum += amounts[row]!
  const value = sum / n
  let squares = 0
  for (const row of rows) squares += (amounts[row]! - value) ** 2
  return {
    value,
    n,
    limits: (confidence) => {
      const half =
        n > 1
          ? studentTQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n)
          : Number.POSITIVE_INFINITY
      return { low: value - half, high: value + half }
    },
  }
}
