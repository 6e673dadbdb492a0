/** How well a log speaks about a policy. */
export interface WeightDiagnostics {
  /**
   * Near 1 when the log holds what the policy would do and the propensities are right: far from it (several
   * `meanError`s) an action of the policy was never tried, or what was logged as propensity is none.
   */
  readonly mean: number
  /** Standard error of `mean`. */
  readonly meanError: number
  readonly largest: number
  /** (Σ w)² / Σ w²: as many decisions of the policy itself would say as much, 0 … n. */
  readonly effectiveRows: number
  /** Share of decisions with a weight above the limit, 0 … 1. */
  readonly clippedShare: number
  /** Share of the policy's own decisions that they stand for, 0 … 1: what is lost, or left to predictions. */
  readonly clippedMass: number
}

/**
 * What the importance weights of a log tell about it.
 *
 * @param weights `[n]` each ≥ 0
 * @param weightMax the limit above which they are cut
 *
 * Source: Kish, "Survey sampling", 1965, for the effective number of rows.
 *
 * @example
 * weightDiagnostics(Float64Array.of(1, 1, 2), Infinity).effectiveRows // 2.666…, 16 / 6
 */
export function weightDiagnostics(weights: Float64Array, weightMax: number): WeightDiagnostics {
  const n = weights.length
  let [sum, squares, largest, clipped, clippedSum] = [0, 0, 0, 0, 0]
  for (const weight of weights) {
    sum += weight
    squares += weight * weight
    largest = Math.max(largest, weight)
    if (weight <= weightMax) continue
    clipped += 1
    clippedSum += weight
  }
  const mean = sum / n
  let variance = 0
  for (const weight of weights) variance += (weight - mean) ** 2 / (n - 1)
  return {
    mean,
    meanError: Math.sqrt(variance / n),
    largest,
    effectiveRows: squares > 0 ? (sum * sum) / squares : 0,
    clippedShare: clipped / n,
    clippedMass: sum > 0 ? clippedSum / sum : 0,
  }
}
