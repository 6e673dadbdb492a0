import { RapportError } from '@rapport/numerics'
import { rocCurve } from '../metrics/index.ts'
import type { RowGroup } from './groups.ts'

/** The thresholds of a group's score that are worth using: the corners of the upper hull of its ROC curve. */
export interface RocHull {
  /** Rising from Infinity's (0, 0) to −Infinity's (1, 1). */
  readonly corners: readonly RocCorner[]
  /** Weight of the group's rows of class 1 and of class 0. */
  readonly positives: number
  readonly negatives: number
}

export interface RocCorner {
  readonly falsePositive: number
  readonly truePositive: number
  /** Scores at or above it are selected; halfway between two scores that training had. */
  readonly threshold: number
}

/**
 * The upper hull of a group's ROC curve. By drawing lots between two thresholds every point of the hull can be had.
 *
 * @throws RapportError `fair-thresholds.one-class` when the group does not have rows of both classes
 */
export function rocHull(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number>,
  { rows, values }: RowGroup,
): RocHull {
  const own = (of: ArrayLike<number>): Float64Array => Float64Array.from(rows, (row) => of[row]!)
  const ownLabels = own(labels)
  const ownWeights = own(weights)
  const curve = rocCurve(own(scores), ownLabels, { weights: ownWeights })
  if (!curve.defined) {
    throw new RapportError(
      'fair-thresholds.one-class',
      `every group must have labels 0 and 1 with weight above 0, group ${values[0] ?? 'not known'} (${rows.length} rows) does not`,
    )
  }
  const { thresholds, falsePositiveRates, truePositiveRates } = curve
  const corners: RocCorner[] = []
  thresholds.forEach((threshold, at) => {
    const next = thresholds[at + 1] ?? -Infinity
    const corner = {
      falsePositive: falsePositiveRates[at]!,
      truePositive: truePositiveRates[at]!,
      threshold: at === 0 ? Infinity : (threshold + next) / 2,
    }
    while (corners.length > 1 && !isCorner(corners.at(-2)!, corners.at(-1)!, corner)) corners.pop()
    corners.push(corner)
  })
  let positives = 0
  let total = 0
  ownWeights.forEach((weight, at) => {
    total += weight
    if (ownLabels[at] === 1) positives += weight
  })
  return { corners, positives, negatives: total - positives }
}

/** Whether `middle` lies above the line between the other two. */
function isCorner(before: RocCorner, middle: RocCorner, after: RocCorner): boolean {
  const rise = (middle.truePositive - before.truePositive) * (after.falsePositive - before.falsePositive)
  return rise > (after.truePositive - before.truePositive) * (middle.falsePositive - before.falsePositive)
}
