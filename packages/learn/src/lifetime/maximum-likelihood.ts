import {
  cholesky,
  type LbfgsOptions,
  type Minimum,
  minimiseFromStarts,
  numericHessian,
  type Objective,
  type Work,
} from '@rapport/numerics'
import { covarianceFrom } from './flat-directions.ts'

/** Writes the gradient by the parameters into `gradient` and returns the log-likelihood, both summed over customers. */
export type LogLikelihood = (parameters: Float64Array, gradient: Float64Array) => number

export interface LikelihoodProblem {
  readonly logLikelihood: LogLikelihood
  /** Customers the sums run over. */
  readonly n: number
  /** The same over a part of the customers, from which the starts are compared. */
  readonly rough: { readonly logLikelihood: LogLikelihood; readonly n: number }
  /** Parameters to start from, all > 0. */
  readonly starts: readonly Float64Array[]
  /** Weight of the sum of squared parameters, per customer. */
  readonly penalty: number
  /** `[d]` what a parameter is multiplied by before it is squared. */
  readonly penaltyUnits: Float64Array
}

export interface Estimate {
  readonly parameters: Float64Array
  /** `[d × d]` covariance of the parameters' logarithms; see `covarianceFrom` for directions in which nothing is known. */
  readonly logCovariance: Float64Array
  /** `[d]` by the delta method from `logCovariance`; NaN for parameters that the data do not tell. */
  readonly standardErrors: Float64Array
  /** Without the penalty. */
  readonly logLikelihood: number
  readonly converged: boolean
}

/** Beyond e^±30 a positive parameter is as good as 0 or infinite, and the search is stopped. */
const logParameterMax = 30

/**
 * The positive parameters that maximise a likelihood less a penalty: searched over their logarithms from several starts
 * on part of the data, then refined on all of it.
 */
export function maximiseLikelihood(problem: LikelihoodProblem, work?: Work): Estimate {
  const { logLikelihood, n, rough, starts } = problem
  const logStarts = starts.map((start) => start.map(Math.log))
  // On the average per customer a gradient below 1e-9 leaves parameters exact to about seven digits.
  const options = { gradientTolerance: 1e-9, changeTolerance: 1e-15 }
  // No nearer to the best for some of the customers than that is to the best for all.
  const first = minimiseFromStarts(objectiveOf(problem, rough), logStarts, { gradientTolerance: 1e-3 }, work)
  const objective = objectiveOf(problem, { logLikelihood, n })
  const found = refine(objective, objectiveOf(problem, rough), first.point, logStarts, options, work)

  const d = found.point.length
  const parameters = found.point.map(Math.exp)
  const curvature = numericHessian(objective, found.point, 1e-4).values.map((value) => value * n)
  const { covariance, isKnown } = covarianceFrom(Float64Array.from(curvature), d)
  return {
    parameters,
    logCovariance: covariance,
    standardErrors: parameters.map((parameter, at) =>
      isKnown[at] ? parameter * Math.sqrt(covariance[at * d + at]!) : Number.NaN,
    ),
    logLikelihood: logLikelihood(parameters, new Float64Array(d)),
    converged: found.gradientMax < 1e-5 && isKnown.every(Boolean),
  }
}

/**
 * The minimum of `objective` near the rough one. The search runs in coordinates in which the rough likelihood is round, so
 * that it takes a handful of passes over all customers where the plain coordinates, whose ridges are long, take dozens.
 */
function refine(
  objective: Objective,
  rough: Objective,
  start: Float64Array,
  plainStarts: readonly Float64Array[],
  options: LbfgsOptions,
  work: Work | undefined,
): Minimum {
  const d = start.length
  const inner: Work = work?.signal === undefined ? {} : { signal: work.signal }
  // The rough winner may lie outside of what all the data allow; the plain starts are then still there.
  const isUsable = Number.isFinite(objective(start, new Float64Array(d)))
  const factor = isUsable ? cholesky(Float64Array.from(numericHessian(rough, start, 1e-4).values), d) : undefined
  if (factor === undefined) return minimiseFromStarts(objective, isUsable ? [start] : plainStarts, options, inner)
  const { lower } = factor
  // point = start + L⁻ᵀ shift, so the gradient by the shift is L⁻¹ times the gradient by the point.
  const pointAt = (shift: Float64Array): Float64Array => {
    const point = shift.slice()
    for (let row = d - 1; row >= 0; row -= 1) {
      for (let below = row + 1; below < d; below += 1) point[row]! -= lower[below * d + row]! * point[below]!
      point[row]! /= lower[row * d + row]!
    }
    return point.map((value, row) => value + start[row]!)
  }
  const rounded: Objective = (shift, gradient) => {
    const value = objective(pointAt(shift), gradient)
    for (let row = 0; row < d; row += 1) {
      for (let before = 0; before < row; before += 1) gradient[row]! -= lower[row * d + before]! * gradient[before]!
      gradient[row]! /= lower[row * d + row]!
    }
    return value
  }
  // Here a gradient of 1e-7 is an error of 1e-7 √n standard errors; below it the value's rounding hides any gain.
  const found = minimiseFromStarts(rounded, [new Float64Array(d)], { ...options, gradientTolerance: 1e-7 }, inner)
  const point = pointAt(found.point)
  const gradient = new Float64Array(d)
  objective(point, gradient)
  return { ...found, point, gradientMax: gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0) }
}

/** Minus the average log-likelihood plus the penalty, over the logarithms of the parameters. */
function objectiveOf(
  { penalty, penaltyUnits }: LikelihoodProblem,
  { logLikelihood, n }: { readonly logLikelihood: LogLikelihood; readonly n: number },
): Objective {
  return (logs, gradient) => {
    if (!logs.every((value) => Math.abs(value) <= logParameterMax)) return Infinity
    const parameters = logs.map(Math.exp)
    const natural = new Float64Array(logs.length)
    let value = -logLikelihood(parameters, natural) / n
    for (let at = 0; at < logs.length; at += 1) {
      const scaled = parameters[at]! * penaltyUnits[at]!
      value += penalty * scaled * scaled
      gradient[at] = (-natural[at]! / n) * parameters[at]! + 2 * penalty * scaled * scaled
    }
    return value
  }
}
