import type { ScoredRows } from './metric.ts'
import { midRanks } from './mid-ranks.ts'

/** For each row of a class, the share of the other class that it is in the right order with, ties half. */
export interface Placements {
  /** `[positives]` share of class 0 below each row of class 1. */
  readonly positive: Float64Array
  /** `[negatives]` share of class 1 below each row of class 0. */
  readonly negative: Float64Array
}

/** Placements of both classes, each at least one row, in the order of the rows; weights are not looked at. */
export function placementsOf({ scores, labels, positives, negatives }: ScoredRows): Placements {
  const ranks = midRanks(scores)
  // A row's rank among all less that among its own class counts the rows of the other below it.
  const of = (label: number, others: number): Float64Array => {
    const inClass = (_: number, row: number): boolean => labels[row] === label
    const own = midRanks(scores.filter(inClass))
    return ranks.filter(inClass).map((rank, at) => (rank - own[at]!) / others)
  }
  return { positive: of(1, negatives), negative: of(0, positives) }
}

export function meanOf(values: Float64Array): number {
  let mean = 0
  for (const value of values) mean += value / values.length
  return mean
}

/** Sample covariance, of at least two values. */
export function covarianceOf(left: Float64Array, right: Float64Array): number {
  const [one, other] = [meanOf(left), meanOf(right)]
  let sum = 0
  left.forEach((value, at) => {
    sum += ((value - one) * (right[at]! - other)) / (left.length - 1)
  })
  return sum
}
