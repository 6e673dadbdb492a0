import { stopIfAborted, type Work, weightedGram } from '@rapport/numerics'
import { descendCoordinates, gramQuadratic } from './coordinate-descent.ts'
import { dot } from './curvature-memory.ts'
import { type LogisticMinimum, type LogisticPoint, type LogisticProblem, logisticPoint } from './logistic-objective.ts'
import { stepDown } from './step-down.ts'

export interface SparseLogisticProblem extends LogisticProblem {
  /** Above 0, as is the penalty. */
  readonly l1Share: number
  /** `[d]` weighted means of the columns. */
  readonly means: Float64Array
}

const descentRoundsMax = 10_000

/**
 * The minimum of the logistic loss with an absolute penalty: Newton's method, where each round's squares plus penalty are
 * minimised by coordinate descent.
 *
 * Source: Friedman, Hastie & Tibshirani, J. Statistical Software 33(1), 2010, §3; Lee, Sun & Saunders, "Proximal Newton-type
 * methods for minimizing composite functions", SIAM J. Optim. 24(3), 2014 (the step and when to stop).
 *
 * Cost: n d² / 2 a round beside the descent.
 */
export function minimiseSparse(
  { data, labels, weights, penalty, l1Share, means }: SparseLogisticProblem,
  tolerance: number,
  roundsMax: number,
  work: Work | undefined,
): LogisticMinimum {
  // Centred columns hardly depend on the intercept, which coordinate descent would otherwise have to find in small steps.
  const centred = {
    ...data,
    values: Float64Array.from(data.values, (value, at) => value - means[at % data.columns]!),
  }
  const l1 = penalty * l1Share
  const l2 = penalty - l1
  const objective = (at: Float64Array): LogisticPoint => {
    const point = logisticPoint(centred, labels, weights, at, l2)
    return { ...point, objective: point.objective + l1 * absoluteSum(at) }
  }
  let coefficients: Float64Array = new Float64Array(data.columns + 1)
  let point = objective(coefficients)
  let rounds = 0
  let converged = false
  while (!converged && rounds < roundsMax) {
    stopIfAborted(work)
    const hessian = weightedGram(centred, point.curvature)
    const direction = directionDown(hessian, point.gradient, coefficients, l1, l2, tolerance)
    // The direction's length in standard errors, which is the distance to the optimum as Newton's method sees it.
    converged = lengthSquared(hessian, direction, l2) <= tolerance ** 2
    const ahead = coefficients.map((value, at) => value + direction[at]!)
    const slope = dot(direction, point.gradient) + l1 * (absoluteSum(ahead) - absoluteSum(coefficients))
    const next = stepDown(objective, coefficients, point, direction, slope)
    rounds += 1
    if (next === undefined) break
    coefficients = next.coefficients
    point = next.point
    work?.onProgress?.({ stage: 'logistic regression', done: rounds, total: roundsMax })
  }
  const intercept = coefficients[0]! - dot(coefficients.subarray(1), means)
  return { coefficients: Float64Array.of(intercept, ...coefficients.subarray(1)), point, rounds, converged }
}

/** `[d + 1]` from here to the minimum of the squares that the Hessian makes, and the penalties. */
function directionDown(
  hessian: Float64Array,
  gradient: Float64Array,
  coefficients: Float64Array,
  l1: number,
  l2: number,
  tolerance: number,
): Float64Array {
  const size = gradient.length
  const d = size - 1
  // The intercept, which nothing holds, is solved for and taken out: what is left has one row and column less.
  const own = hessian[0]!
  const gram = new Float64Array(d * d)
  const right = new Float64Array(d)
  for (let row = 0; row < d; row += 1) {
    const share = hessian[row + 1]! / own
    right[row] = l2 * coefficients[row + 1]! + share * gradient[0]! - gradient[row + 1]!
    for (let column = 0; column < d; column += 1) {
      const entry = hessian[(row + 1) * size + column + 1]! - share * hessian[column + 1]!
      gram[row * d + column] = entry
      right[row]! += entry * coefficients[column + 1]!
    }
  }
  const reached = coefficients.slice(1)
  const quadratic = gramQuadratic(gram, right, reached)
  descendCoordinates(quadratic, reached, { l1, l2, changeMax: tolerance / 10, roundsMax: descentRoundsMax })
  const direction = new Float64Array(size)
  let pull = -gradient[0]!
  for (let at = 1; at < size; at += 1) {
    direction[at] = reached[at - 1]! - coefficients[at]!
    pull -= hessian[at]! * direction[at]!
  }
  direction[0] = pull / own
  return direction
}

function lengthSquared(hessian: Float64Array, direction: Float64Array, l2: number): number {
  const size = direction.length
  let sum = 0
  for (let row = 0; row < size; row += 1) {
    const step = direction[row]!
    if (row > 0) sum += l2 * step * step
    for (let column = 0; column < size; column += 1) sum += step * hessian[row * size + column]! * direction[column]!
  }
  return sum
}

/** Σ |coefficient| without the intercept. */
function absoluteSum(coefficients: Float64Array): number {
  let sum = 0
  for (let at = 1; at < coefficients.length; at += 1) sum += Math.abs(coefficients[at]!)
  return sum
}
