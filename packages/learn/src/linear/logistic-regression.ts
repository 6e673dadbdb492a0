import {
  checkFinite,
  checkList,
  checkMatrix,
  type Matrix,
  RapportError,
  stopIfAborted,
  takeRows,
  type Work,
} from '@rapport/numerics'
import { checkedWeights, checkPenalty, checkShare, checkStopping, meanWeightOf } from './checked-numbers.ts'
import { type CurvatureMemory, descentDirection, dot, noCurvature, remember } from './curvature-memory.ts'
import { fisherStandardErrors, hessianStride, startingHessian } from './logistic-hessian.ts'
import { type LogisticMinimum, type LogisticPoint, type LogisticProblem, logisticPoint } from './logistic-objective.ts'
import { minimiseSparse } from './sparse-logistic.ts'
import { stepDown } from './step-down.ts'
import { weightedColumns } from './weighted-columns.ts'

export interface LogisticOptions {
  /**
   * λ ≥ 0: λ / 2 · Σ coefficient² is added to the summed log loss; the intercept is never penalised. scikit-learn's C
   * is 1 / λ. At 0 the fit is plain maximum likelihood, with standard errors. Default 1.
   */
  readonly penalty?: number
  /**
   * Share of the penalty that is absolute, 0 … 1: l1Share · Σ |coefficient| + (1 − l1Share) / 2 · Σ coefficient². Above 0
   * columns that say little get exactly 0. scikit-learn's l1_ratio. Default 0.
   */
  readonly l1Share?: number
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice. Default all 1. */
  readonly weights?: ArrayLike<number>
  /**
   * Stop when the coefficients are this near to the optimum, measured in their own standard errors (Newton decrement).
   * Default 1e-8.
   */
  readonly tolerance?: number
  /** Stop after this many rounds in any case. Default 500. */
  readonly roundsMax?: number
}

/** What `fitLogistic` found. Plain data: it goes through `postMessage` and `persist` as it is. */
export interface LogisticModel {
  readonly kind: 'logistic'
  readonly intercept: number
  /** `[d]` change of the log odds per unit of each column. */
  readonly coefficients: Float64Array
  /** `[d]` weighted mean of each column in training: the customer that contributions are measured from. */
  readonly means: Float64Array
  /** `[d + 1]` of the intercept and each coefficient, from the information matrix; null when the fit was penalised. */
  readonly standardErrors: Float64Array | null
  readonly penalty: number
  readonly l1Share: number
  /** The minimised sum of weighted log loss and penalty. */
  readonly objective: number
  readonly rounds: number
  /** False when `roundsMax` came first: the coefficients are then not the optimum. */
  readonly converged: boolean
}

/** A stand-in for the Hessian is renewed after this many rounds. */
const roundsPerStandIn = 10
/** The sampled rows' own optimum is off by a standard error of theirs, so nearer than a tenth of one is wasted. */
const sampleTolerance = 0.1
const sampleRoundsMax = 50
/** Rows that the rounds over many rows get their start from. */
const rowsForStart = 16_384

/**
 * Logistic regression with a quadratic penalty, an absolute one, or both: the same objective, and so the same
 * coefficients, as scikit-learn's `LogisticRegression(C = 1 / penalty, l1_ratio = l1Share)`.
 *
 * Newton's method where the data are small. With many rows the Hessian of evenly spaced rows stands in for the whole,
 * corrected by L-BFGS, so that a round costs one pass instead of d; with many columns its diagonal does. With an absolute
 * penalty each round of Newton's method is solved by coordinate descent, always with the whole Hessian.
 *
 * @param data `[n × d]`, every value finite (impute first); scale columns so that one penalty suits all
 * @param labels `[n]` 0 or 1, both present
 * @returns a model; `converged` says whether the tolerance was met
 * @throws RapportError `logistic.data`, `logistic.missing` (a value is not finite), `logistic.labels`,
 *   `logistic.one-class`, `logistic.weights`, `logistic.penalty`, `logistic.share`, `logistic.tolerance`, `logistic.rounds`;
 *   without a penalty also `logistic.dependent` (a column is a combination of others) and `logistic.separation`
 *   (the columns split the classes without error, so no finite optimum exists)
 *
 * Cost: 2 n d a round, and min(n, 131,072) d² / 2, or less, for its Hessian; commonly 6 to 9 rounds.
 * Source: Byrd et al., "On the use of stochastic Hessian information in optimization methods for machine learning",
 * SIAM J. Optim. 21(3), 2011; Hastie, Tibshirani & Friedman, "The elements of statistical learning", 2nd ed., §4.4.
 *
 * @example
 * const model = fitLogistic(matrixFromRows([[0], [1], [2], [3]]), [0, 1, 0, 1])
 * model.coefficients[0]! > 0 // true
 */
export function fitLogistic(
  data: Matrix,
  labels: ArrayLike<number>,
  options: LogisticOptions = {},
  work?: Work,
): LogisticModel {
  const { penalty = 1, l1Share = 0, tolerance = 1e-8, roundsMax = 500 } = options
  checkPenalty('logistic', penalty)
  checkShare('logistic', l1Share)
  checkStopping('logistic', tolerance, roundsMax)
  checkMatrix('logistic', data)
  if (data.rows === 0 || data.columns === 0) checkFinite('logistic', data)
  const weights = checkedWeights('logistic', data.rows, options.weights)
  const classes = checkedLabels(data.rows, labels, weights)
  const means = weightedMeans(data, weights)
  // A value that is not finite shows in its column's mean, which saves a pass of its own over good data.
  if (!means.every(Number.isFinite)) refuseValues(data)
  const problem = { data, labels: classes, weights, penalty }
  const found =
    penalty * l1Share > 0
      ? minimiseSparse({ ...problem, l1Share, means }, tolerance, roundsMax, work)
      : minimise(problem, tolerance * Math.sqrt(meanWeightOf(weights)), roundsMax, work)
  return {
    kind: 'logistic',
    intercept: found.coefficients[0]!,
    coefficients: found.coefficients.slice(1),
    means,
    standardErrors: penalty === 0 ? fisherStandardErrors(data, found.point.curvature, meanWeightOf(weights)) : null,
    penalty,
    l1Share,
    objective: found.point.objective,
    rounds: found.rounds,
    converged: found.converged,
  }
}

function minimise(
  problem: LogisticProblem,
  tolerance: number,
  roundsMax: number,
  work: Work | undefined,
): LogisticMinimum {
  const { data, labels, weights, penalty } = problem
  const objective = (at: Float64Array): LogisticPoint => logisticPoint(data, labels, weights, at, penalty)
  let coefficients = startingPoint(problem, work)
  let point = objective(coefficients)
  let start = startingHessian(data, point.curvature, penalty, 0)
  let memory: CurvatureMemory = noCurvature
  let rounds = 0
  let converged = false
  while (!converged && rounds < roundsMax) {
    stopIfAborted(work)
    // The Hessian itself is worth renewing every round; a stand-in changes little, and the memory corrects it.
    if (rounds > 0 && (start.exact || rounds % roundsPerStandIn === 0)) {
      start = startingHessian(data, point.curvature, penalty, rounds)
    }
    const direction = descentDirection(memory, point.gradient, start.invert)
    const slope = dot(direction, point.gradient)
    // −slope is the squared distance to the optimum in standard errors, of rows that weigh 1 on average. The step is taken even when it is tiny: it
    // removes most of the error that is left.
    converged = -slope <= tolerance ** 2
    const next = stepDown(objective, coefficients, point, direction, slope)
    rounds += 1
    if (next === undefined) break
    if (!start.exact) {
      const step = difference(next.coefficients, coefficients)
      memory = remember(memory, step, difference(next.point.gradient, point.gradient))
    }
    coefficients = next.coefficients
    point = next.point
    if (penalty === 0) refuseSeparation(point, labels, weights)
    work?.onProgress?.({ stage: 'logistic regression', done: rounds, total: roundsMax })
  }
  return { coefficients, point, rounds, converged }
}

/**
 * Where the rounds begin: zeros, or with many rows the fit of the evenly spaced ones, which costs less than the rounds
 * over all rows that it saves.
 */
function startingPoint({ data, labels, weights, penalty }: LogisticProblem, work: Work | undefined): Float64Array {
  const zeros = new Float64Array(data.columns + 1)
  if (hessianStride(data) === 1) return zeros
  const stride = Math.floor(data.rows / rowsForStart)
  const rows = Int32Array.from({ length: Math.ceil(data.rows / stride) }, (_, at) => at * stride)
  const sample: LogisticProblem = {
    data: takeRows(data, rows),
    labels: Uint8Array.from(rows, (row) => labels[row]!),
    weights: Float64Array.from(rows, (row) => stride * weights[row]!),
    // A penalty in any case: fewer rows may be separated where all are not.
    penalty: Math.max(penalty, 1),
  }
  const seen = [0, 0]
  sample.labels.forEach((label, at) => {
    seen[label]! += sample.weights[at]!
  })
  if (!(seen[0]! > 0 && seen[1]! > 0)) return zeros
  return minimise(sample, sampleTolerance, sampleRoundsMax, work && { ...work, onProgress: () => {} }).coefficients
}

const difference = (left: Float64Array, right: Float64Array): Float64Array =>
  left.map((value, at) => value - right[at]!)

function weightedMeans(data: Matrix, weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weightedColumns(data, weights, 'values').map((sum) => sum / total)
}

function checkedLabels(rows: number, labels: ArrayLike<number>, weights: Float64Array): Uint8Array {
  checkList('logistic.labels', 'labels', labels)
  if (labels.length !== rows) {
    throw new RapportError('logistic.labels', `labels must hold one number a row (${rows}), got ${labels.length}`)
  }
  const classes = new Uint8Array(rows)
  const seen = [0, 0]
  for (let row = 0; row < rows; row += 1) {
    const label = labels[row]!
    if (label !== 0 && label !== 1) {
      throw new RapportError('logistic.labels', `every label must be 0 or 1, got ${label} at row ${row}`)
    }
    classes[row] = label
    if (weights[row]! > 0) seen[label]! += 1
  }
  if (seen[0] === 0 || seen[1] === 0) {
    throw new RapportError(
      'logistic.one-class',
      `labels must hold both classes with weight above 0, got ${seen[0]} of class 0 and ${seen[1]} of class 1`,
    )
  }
  return classes
}

function refuseValues(data: Matrix): never {
  checkFinite('logistic', data)
  throw new RapportError('logistic.range', 'column sums must be finite, got values too large to add: scale the columns')
}

/**
 * Without a penalty, scores that put every row on its own side could be doubled for ever, each time with a lower loss.
 * Separation in part (some rows on the border) shows in the standard errors instead.
 */
function refuseSeparation(point: LogisticPoint, labels: Uint8Array, weights: Float64Array): void {
  for (let row = 0; row < labels.length; row += 1) {
    if (weights[row]! === 0) continue
    const margin = labels[row] === 1 ? point.scores[row]! : -point.scores[row]!
    if (!(margin > 0)) return
  }
  throw new RapportError(
    'logistic.separation',
    'classes must overlap when penalty is 0, got columns that separate them without error: set a penalty above 0',
  )
}
