/** What a minimiser knows of a place. */
interface Reached {
  readonly objective: number
}

/**
 * Halves the step until the objective falls enough; undefined when rounding leaves nothing to gain.
 *
 * @param slope how the objective changes along `direction` at its beginning, below 0
 */
export function stepDown<Point extends Reached>(
  objective: (at: Float64Array) => Point,
  coefficients: Float64Array,
  point: Point,
  direction: Float64Array,
  slope: number,
): { coefficients: Float64Array; point: Point } | undefined {
  // Near the optimum the true gain is smaller than the rounding of the sum; a full step is right there.
  const rounding = 1e-12 * Math.abs(point.objective)
  for (let share = 1; share > 1e-10; share /= 2) {
    const candidate = coefficients.map((value, at) => value + share * direction[at]!)
    const reached = objective(candidate)
    if (reached.objective <= point.objective + 1e-4 * share * slope + rounding) {
      return { coefficients: candidate, point: reached }
    }
  }
  return undefined
}
