import { contingency } from './adjusted-rand.ts'

/**
 * How much one grouping tells of another: 1 when each follows from the other, 0 when they are independent. It is not
 * corrected for chance: many small clusters score above 0 by themselves, where `adjustedRand` does not.
 *
 * Mutual information over the mean of the two entropies, scikit-learn's `arithmetic`.
 *
 * @param a `[n]` whole numbers ≥ 0
 * @param b `[n]` whole numbers ≥ 0
 * @returns 0 … 1; 1 when both put all rows together
 * @throws RapportError `adjusted-rand.labels` when the lengths differ or a label is negative
 *
 * Cost: O(n + clusters of a × clusters of b).
 * Source: Strehl & Ghosh, "Cluster ensembles", JMLR 3, 2002; Vinh, Epps & Bailey, JMLR 11, 2010, for the normalisers.
 *
 * @example
 * normalisedMutualInformation(Int32Array.of(0, 0, 1, 1), Int32Array.of(1, 1, 0, 0)) // 1
 */
export function normalisedMutualInformation(a: Int32Array, b: Int32Array): number {
  const { counts, sizesOfA, sizesOfB } = contingency(a, b)
  const n = a.length
  const ofA = entropy(sizesOfA, n)
  const ofB = entropy(sizesOfB, n)
  if (ofA === 0 && ofB === 0) return 1
  let shared = 0
  counts.forEach((count, at) => {
    if (count === 0) return
    const expected = (sizesOfA[Math.floor(at / sizesOfB.length)]! * sizesOfB[at % sizesOfB.length]!) / n
    shared += (count / n) * Math.log(count / expected)
  })
  // Independent groupings and equal ones may miss the ends by rounding.
  return Math.min(1, Math.max(0, shared / ((ofA + ofB) / 2)))
}

const entropy = (sizes: Float64Array, n: number): number =>
  sizes.reduce((sum, size) => (size > 0 ? sum - (size / n) * Math.log(size / n) : sum), 0)
