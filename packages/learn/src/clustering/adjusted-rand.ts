import { RapportError } from '@rapport/numerics'

/**
 * How well two groupings of the same rows agree, whatever their labels are called: 1 when they are the same, 0 on
 * average for groupings by chance, below 0 when they agree less than that.
 *
 * @param a `[n]` whole numbers ≥ 0
 * @param b `[n]` whole numbers ≥ 0
 * @returns at most 1; 1 when both put all rows together or each row apart
 * @throws RapportError `adjusted-rand.labels` when the lengths differ or a label is negative
 *
 * Cost: O(n + clusters of a × clusters of b).
 * Source: Hubert & Arabie, "Comparing partitions", J. Classification 2, 1985.
 *
 * @example
 * adjustedRand(Int32Array.of(0, 0, 1, 1), Int32Array.of(1, 1, 0, 0)) // 1
 */
export function adjustedRand(a: Int32Array, b: Int32Array): number {
  const table = contingency(a, b)
  const pairs = (counts: Iterable<number>): number => {
    let sum = 0
    for (const count of counts) sum += (count * (count - 1)) / 2
    return sum
  }
  const together = pairs(table.counts)
  const inA = pairs(table.sizesOfA)
  const inB = pairs(table.sizesOfB)
  const all = (a.length * (a.length - 1)) / 2
  if (inA === together && inB === together) return 1
  const expected = (inA * inB) / all
  return (together - expected) / ((inA + inB) / 2 - expected)
}

/** How many rows carry each pair of labels. */
export interface Contingency {
  /** `[clusters of a × clusters of b]` */
  readonly counts: Float64Array
  readonly sizesOfA: Float64Array
  readonly sizesOfB: Float64Array
}

/** @throws RapportError `adjusted-rand.labels` when the lengths differ or a label is negative */
export function contingency(a: Int32Array, b: Int32Array): Contingency {
  if (a.length !== b.length) {
    throw new RapportError('adjusted-rand.labels', `both groupings must have ${a.length} rows, got ${b.length}`)
  }
  const countOf = (labels: Int32Array): number => {
    let largest = -1
    for (const label of labels) {
      if (label < 0) throw new RapportError('adjusted-rand.labels', `labels must be at least 0, got ${label}`)
      if (label > largest) largest = label
    }
    return largest + 1
  }
  const width = countOf(b)
  const sizesOfA = new Float64Array(countOf(a))
  const sizesOfB = new Float64Array(width)
  const counts = new Float64Array(sizesOfA.length * width)
  a.forEach((label, row) => {
    const other = b[row]!
    counts[label * width + other]! += 1
    sizesOfA[label]! += 1
    sizesOfB[other]! += 1
  })
  return { counts, sizesOfA, sizesOfB }
}
