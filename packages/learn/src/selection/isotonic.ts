import { checkList, RapportError } from '@rapport/numerics'
import { checkTotalWeight } from '../linear/checked-numbers.ts'
import { ascendingOrder } from '../metrics/order.ts'

/** A rising step function with straight lines between. Plain data. */
export interface IsotonicModel {
  readonly kind: 'isotonic'
  /** `[k]` rising scores at which the fit changes. */
  readonly scores: Float64Array
  /** `[k]` fitted value at each, never falling. */
  readonly values: Float64Array
}

export interface IsotonicOptions {
  /** `[n]` each ≥ 0, not all 0. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/**
 * The never-falling function of a score that is nearest, in squares, to the targets.
 *
 * As a calibration it assumes only that a higher score means a higher probability. It needs some hundred rows of the
 * rarer class; with fewer take `fitPlatt`. Its ends can be exactly 0 and 1.
 *
 * @param scores `[n]` n ≥ 1, finite, of rows that the scoring model was not trained on
 * @param targets `[n]` finite; 0 or 1 for a probability
 * @throws RapportError `isotonic.rows` (none with weight), `isotonic.lengths`, `isotonic.values`, `isotonic.weights`
 *
 * Cost: O(n), a radix sort and one pass (pool adjacent violators).
 * Source: Best & Chakravarti, "Active set algorithms for isotonic regression", Math. Programming 47, 1990. As
 * scikit-learn's `IsotonicRegression(out_of_bounds="clip")`.
 *
 * @example
 * fitIsotonic([1, 2, 3], [0, 1, 0.5]).values // Float64Array [0, 0.75, 0.75]
 */
export function fitIsotonic(
  scores: ArrayLike<number>,
  targets: ArrayLike<number>,
  { weights }: IsotonicOptions = {},
): IsotonicModel {
  const points = pointsOf(scores, targets, weights)
  // Blocks of points pooled so far; a new point is pooled backwards until the means rise again.
  const means: number[] = []
  const masses: number[] = []
  const firsts: number[] = []
  points.scores.forEach((_, at) => {
    let mean = points.means[at]!
    let mass = points.masses[at]!
    let first = at
    while (means.length > 0 && means.at(-1)! >= mean) {
      const other = masses.pop()!
      mean = (means.pop()! * other + mean * mass) / (other + mass)
      mass += other
      first = firsts.pop()!
    }
    means.push(mean)
    masses.push(mass)
    firsts.push(first)
  })
  // Only the two ends of a level stretch matter to the lines between.
  const kept: number[] = []
  const values: number[] = []
  means.forEach((mean, block) => {
    const first = firsts[block]!
    const last = (firsts[block + 1] ?? points.scores.length) - 1
    kept.push(points.scores[first]!)
    values.push(mean)
    if (last > first) {
      kept.push(points.scores[last]!)
      values.push(mean)
    }
  })
  return { kind: 'isotonic', scores: Float64Array.from(kept), values: Float64Array.from(values) }
}

/**
 * The fitted value at each score; beyond the ends, the end's.
 *
 * @param scores `[n]` without NaN
 * @returns `[n]` within the range of the fitted values
 * @throws RapportError `isotonic.values` when a score is NaN
 *
 * @example
 * applyIsotonic(fitIsotonic([1, 3], [0, 1]), [2, 9]) // Float64Array [0.5, 1]
 */
export function applyIsotonic(model: IsotonicModel, scores: ArrayLike<number>): Float64Array {
  return Float64Array.from(scores, (score) => {
    if (Number.isNaN(score)) throw new RapportError('isotonic.values', 'every score must be a number, got NaN')
    return valueAt(model, score)
  })
}

function valueAt({ scores, values }: IsotonicModel, score: number): number {
  if (score <= scores[0]!) return values[0]!
  if (score >= scores.at(-1)!) return values.at(-1)!
  let below = 0
  let above = scores.length - 1
  while (above - below > 1) {
    const middle = (below + above) >> 1
    if (scores[middle]! <= score) below = middle
    else above = middle
  }
  const part = (score - scores[below]!) / (scores[above]! - scores[below]!)
  // Weighing both ends, and not adding a slope, never passes beyond either by rounding.
  return values[below]! === values[above]! ? values[below]! : (1 - part) * values[below]! + part * values[above]!
}

/** Different scores, rising, with the weighted mean of their targets; rows without weight are left out. */
function pointsOf(
  scores: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): { scores: number[]; means: number[]; masses: number[] } {
  for (const [name, values] of Object.entries({ scores, targets, ...(weights && { weights }) })) {
    checkList(name === 'weights' ? 'isotonic.weights' : 'isotonic.values', name, values)
  }
  if (targets.length !== scores.length || (weights !== undefined && weights.length !== scores.length)) {
    throw new RapportError(
      'isotonic.lengths',
      `scores, targets and weights must have one length, got ${scores.length}, ${targets.length} and ${weights?.length ?? scores.length}`,
    )
  }
  const points = { scores: [] as number[], means: [] as number[], masses: [] as number[] }
  const checked = Float64Array.from(scores)
  for (const row of ascendingOrder(checked)) {
    const score = checked[row]!
    const target = targets[row]!
    const weight = weights === undefined ? 1 : weights[row]!
    if (!Number.isFinite(score) || !Number.isFinite(target)) {
      throw new RapportError(
        'isotonic.values',
        `scores and targets must be finite, got ${score} and ${target} at row ${row}`,
      )
    }
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RapportError('isotonic.weights', `every weight must be finite and ≥ 0, got ${weight} at row ${row}`)
    }
    if (weight === 0) continue
    const last = points.scores.length - 1
    if (points.scores[last] === score) {
      points.masses[last]! += weight
      points.means[last]! += ((target - points.means[last]!) * weight) / points.masses[last]!
    } else {
      points.scores.push(score)
      points.means.push(target)
      points.masses.push(weight)
    }
  }
  checkTotalWeight('isotonic.weights', points.masses)
  if (points.scores.length === 0) throw new RapportError('isotonic.rows', 'at least one row must have weight, got none')
  return points
}
