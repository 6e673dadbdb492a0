import { type Matrix, matrix } from '../matrix/matrix.ts'
import type { Objective } from './objective.ts'

/**
 * The matrix of second derivatives at `point`, by central differences of the analytic gradient, made symmetric.
 *
 * At the minimum of a negative log-likelihood its inverse is the estimates' covariance.
 *
 * @param point `[d]`, inside of the function's domain by more than the step
 * @param step the difference taken along each axis, relative to max(1, |component|). Default 1e-5, where rounding and
 * curvature of the gradient cost about the same
 * @returns `[d × d]`, relative error about 1e-8
 *
 * Cost: 2 d evaluations.
 *
 * @example
 * const bowl: Objective = ([x], gradient) => { gradient[0] = 6 * x!; return 3 * x! ** 2 }
 * numericHessian(bowl, Float64Array.of(1)).values[0] // 6
 */
export function numericHessian(objective: Objective, point: Float64Array, step = 1e-5): Matrix {
  const d = point.length
  const values = new Float64Array(d * d)
  const moved = point.slice()
  const ahead = new Float64Array(d)
  const behind = new Float64Array(d)
  for (let axis = 0; axis < d; axis += 1) {
    const size = step * Math.max(1, Math.abs(point[axis]!))
    moved[axis] = point[axis]! + size
    objective(moved, ahead)
    const top = moved[axis]!
    moved[axis] = point[axis]! - size
    objective(moved, behind)
    const width = top - moved[axis]!
    moved[axis] = point[axis]!
    for (let other = 0; other < d; other += 1) {
      const slope = (ahead[other]! - behind[other]!) / width
      values[axis * d + other]! += slope / 2
      values[other * d + axis]! += slope / 2
    }
  }
  return matrix(d, d, values)
}
