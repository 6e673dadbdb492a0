import type { ScoredRows } from './metric.ts'
import { ascendingOrder } from './order.ts'

/** For each row of a class, the share of the other class that it is in the right order with, ties half. */
export interface Placements {
  readonly positive: PlacedClass
  readonly negative: PlacedClass
}

/** Rows of one class, in the order of the rows. */
export interface PlacedClass {
  /** Shares of the other class's weight: below each row of class 1, or of class 0. */
  readonly shares: Float64Array
  /** How often each row counts. */
  readonly weights: Float64Array
}

/** Placements of both classes, each of some weight. */
export function placementsOf({ scores, labels, weights, positives, negatives }: ScoredRows): Placements {
  const order = ascendingOrder(scores)
  const shares = new Float64Array(scores.length)
  const below = [0, 0]
  for (let first = 0; first < order.length; ) {
    const tied = [0, 0]
    let after = first
    while (after < order.length && scores[order[after]!] === scores[order[first]!]) {
      tied[labels[order[after]!]!]! += weights[order[after]!]!
      after += 1
    }
    for (; first < after; first += 1) {
      const row = order[first]!
      const other = labels[row] === 1 ? 0 : 1
      shares[row] = (below[other]! + tied[other]! / 2) / (other === 0 ? negatives : positives)
    }
    for (const label of [0, 1]) below[label]! += tied[label]!
  }
  const of = (label: number): PlacedClass => {
    const isOf = (_: number, row: number): boolean => labels[row] === label
    return { shares: shares.filter(isOf), weights: weights.filter(isOf) }
  }
  return { positive: of(1), negative: of(0) }
}

export function meanPlacement({ shares, weights }: PlacedClass): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let mean = 0
  shares.forEach((share, row) => {
    mean += (share * weights[row]!) / total
  })
  return mean
}

/** Variance of the mean of placements; a weight of 2 counts as the row twice. Their weight must be above 1. */
export function meanVariance(placed: PlacedClass): number {
  const { shares, weights } = placed
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = meanPlacement(placed)
  let squares = 0
  shares.forEach((share, row) => {
    squares += (weights[row]! * (share - mean) ** 2) / (total - 1)
  })
  return squares / total
}
