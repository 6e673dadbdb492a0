/** The level that members of one class have: normal. */
export interface ClassLevel {
  readonly mean: number
  /** Variance of members' own levels around the class's, > 0. */
  readonly between: number
}

/** Members differ by at least this share of the variance of one measurement: no class is a point. */
const betweenMin = 0.01

/**
 * Weighted estimate of a class's level from the sums of rows that were measured unequally often.
 *
 * @param times `[n]` how often each row was measured
 * @param totals `[n]` sums of its measurements
 * @param within variance of one measurement around its row's level, > 0
 * @param weights `[n]` ≥ 0
 */
export function fitClassLevel(
  times: Float64Array,
  totals: Float64Array,
  within: number,
  weights: ArrayLike<number>,
): ClassLevel {
  let measured = 0
  let total = 0
  let members = 0
  times.forEach((count, row) => {
    if (count === 0) return
    members += weights[row]!
    measured += weights[row]! * count
    total += weights[row]! * totals[row]!
  })
  if (!(measured > 0)) return { mean: 0, between: within }
  const mean = total / measured
  let squares = 0
  times.forEach((count, row) => {
    if (count > 0) squares += weights[row]! * count * (totals[row]! / count - mean) ** 2
  })
  return { mean, between: Math.max(betweenMin * within, (squares - within * members) / measured) }
}

/** Log density of a row's mean whose own error has variance `error`, constants apart. */
export function logDensity({ mean, between }: ClassLevel, seen: number, error: number): number {
  const variance = between + error
  return -0.5 * (Math.log(variance) + (seen - mean) ** 2 / variance)
}
