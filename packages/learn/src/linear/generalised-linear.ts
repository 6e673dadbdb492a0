import {
  type Cholesky,
  checkFinite,
  cholesky,
  inverseFromCholesky,
  type Matrix,
  RapportError,
  solveCholesky,
  stopIfAborted,
  type Work,
  weightedGram,
} from '@rapport/numerics'
import { centreColumns, interceptOf } from './centred-columns.ts'
import { checkedWeights, checkPenalty, checkStopping, meanWeightOf } from './checked-numbers.ts'
import { dot } from './curvature-memory.ts'
import { type DeviancePoint, type DevianceProblem, devianceOf, deviancePoint } from './deviance-loss.ts'
import {
  checkedExposure,
  checkedTargets,
  type GeneralisedLinearOptions,
  powerOf,
} from './generalised-linear-options.ts'
import { linearScores } from './linear-scores.ts'
import { stepDown } from './step-down.ts'

/** What `fitGeneralisedLinear` found. Plain data. */
export interface GeneralisedLinearModel {
  readonly kind: 'generalised-linear'
  readonly family: 'poisson' | 'gamma' | 'tweedie'
  /** Variance = dispersion × mean to this power: 1 for `poisson`, 2 for `gamma`. */
  readonly power: number
  /** Of the logarithm of the mean at exposure 1. */
  readonly intercept: number
  /** `[d]` change of the logarithm of the mean per unit of each column. */
  readonly coefficients: Float64Array
  /**
   * `[d + 1]` of the intercept and each coefficient; null with a penalty, or when there are no more rows with weight than
   * coefficients. Counts are taken to vary as Poisson says; see `dispersion`.
   */
  readonly standardErrors: Float64Array | null
  /** Rows with weight less coefficients; Infinity for `poisson`, whose dispersion is not estimated. */
  readonly freedom: number
  /**
   * Pearson's estimate of the dispersion; null when there are no more rows than coefficients. For counts far above 1 means
   * that they vary more than Poisson says, and that standard errors are too small by its root.
   */
  readonly dispersion: number | null
  readonly penalty: number
  /** Weighted sum of deviances. */
  readonly deviance: number
  /** Share of the deviance around one mean for all that the columns explain, at most 1; null when there is none. */
  readonly explained: number | null
  readonly rounds: number
  /** False when `roundsMax` came first: the coefficients are then not the optimum. */
  readonly converged: boolean
}

/**
 * Poisson, gamma and Tweedie regression with a logarithmic link: effects multiply, and means are above 0.
 *
 * @param data `[n × d]`, finite; scale columns so that one penalty suits all
 * @param targets `[n]` finite and ≥ 0, above 0 for `gamma`; not all 0
 * @throws RapportError `generalised-linear.data`, `.missing`, `.targets`, `.weights`, `.exposure`, `.family`, `.power`,
 *   `.penalty`, `.tolerance`, `.rounds`, `work.aborted`; without a penalty also `.dependent` (a column is constant or a
 *   combination of others) and `.separation` (targets are all 0 where a column says so, so no finite optimum exists)
 *
 * Cost: n d² / 2 a round of Newton's method, commonly 5 to 10, and a copy of the data.
 * Source: McCullagh & Nelder, "Generalized linear models", 2nd ed. 1989, §2.5; Jørgensen, "The theory of dispersion models",
 * 1997, chapter 4.
 *
 * @example
 * fitGeneralisedLinear(matrixFromRows([[0], [1], [2], [3]]), [1, 2, 4, 8], { family: 'poisson', penalty: 0 }).coefficients[0] // 0.693…
 */
export function fitGeneralisedLinear(
  data: Matrix,
  targets: ArrayLike<number>,
  options: GeneralisedLinearOptions,
  work?: Work,
): GeneralisedLinearModel {
  const { family, penalty = 1, tolerance = 1e-8, roundsMax = 200 } = options
  const power = powerOf(options)
  checkFinite('generalised-linear', data)
  checkPenalty('generalised-linear', penalty)
  checkStopping('generalised-linear', tolerance, roundsMax)
  const weights = checkedWeights('generalised-linear', data.rows, options.weights)
  const checked = checkedTargets(data.rows, targets, weights, power)
  const offsets = checkedExposure(data.rows, options.exposure).map(Math.log)
  const columns = centreColumns(data, checked, weights)
  const problem: DevianceProblem = {
    data: withoutLast(columns.centred),
    targets: checked,
    weights,
    offsets,
    power,
    penalty,
  }
  const alone = meanAlone(problem)
  const found = minimiseDeviance(problem, alone, tolerance * Math.sqrt(meanWeightOf(weights)), roundsMax, work)
  const coefficients = found.coefficients.slice(1)
  const around = { means: Float64Array.of(...columns.means.subarray(0, -1), found.coefficients[0]!) }
  const deviance = totalDeviance(problem, (row) => found.point.expected[row]!)
  const spread = totalDeviance(problem, (row) => Math.exp(alone + offsets[row]!))
  const free = weights.filter((weight) => weight > 0).length - data.columns - 1
  const dispersion = free > 0 ? pearson(problem, found.point) / free : null
  const errors = penalty === 0 && dispersion !== null
  return {
    kind: 'generalised-linear',
    family,
    power,
    intercept: interceptOf(around, coefficients),
    coefficients,
    standardErrors: errors ? standardErrors(problem, found.point, around.means, power === 1 ? 1 : dispersion) : null,
    freedom: power === 1 ? Infinity : Math.max(0, free),
    dispersion,
    penalty,
    deviance,
    explained: spread > 1e-12 * sizeOf(problem) ? 1 - deviance / spread : null,
    rounds: found.rounds,
    converged: found.converged,
  }
}

/**
 * The expected target of each row, `[n]`, above 0.
 *
 * @param data `[n × d]` with the columns of training, finite
 * @param exposure `[n]` each above 0; default all 1
 * @throws RapportError `generalised-linear.columns` when d differs from training, `generalised-linear.missing`,
 *   `generalised-linear.exposure`
 */
export function predictGeneralisedLinear(
  model: GeneralisedLinearModel,
  data: Matrix,
  exposure?: ArrayLike<number>,
): Float64Array {
  const spans = checkedExposure(data.rows, exposure)
  return linearScores('generalised-linear', model, data).map((score, row) => spans[row]! * Math.exp(score))
}

interface DevianceMinimum {
  readonly coefficients: Float64Array
  readonly point: DeviancePoint
  readonly rounds: number
  readonly converged: boolean
}

function minimiseDeviance(
  problem: DevianceProblem,
  alone: number,
  tolerance: number,
  roundsMax: number,
  work: Work | undefined,
): DevianceMinimum {
  let coefficients: Float64Array = new Float64Array(problem.data.columns + 1)
  coefficients[0] = alone
  let point = deviancePoint(problem, coefficients)
  let rounds = 0
  let converged = false
  while (!converged && rounds < roundsMax) {
    stopIfAborted(work)
    const direction = solveCholesky(factorOf(problem, point.curvature, rounds), point.gradient).map((value) => -value)
    const slope = dot(direction, point.gradient)
    converged = -slope <= tolerance ** 2
    const next = stepDown((at) => deviancePoint(problem, at), coefficients, point, direction, slope)
    rounds += 1
    if (next === undefined) break
    coefficients = next.coefficients
    point = next.point
    work?.onProgress?.({ stage: 'generalised linear model', done: rounds, total: roundsMax })
  }
  return { coefficients, point, rounds, converged }
}

function factorOf({ data, penalty }: DevianceProblem, curvature: Float64Array, round: number): Cholesky {
  const size = data.columns + 1
  const hessian = weightedGram(data, curvature)
  for (let at = 1; at < size; at += 1) hessian[at * size + at]! += penalty
  const factor = cholesky(hessian, size, 1e-12)
  if (factor === undefined) throw singular(round === 0 ? 'dependent' : 'separation')
  return factor
}

function singular(reason: 'dependent' | 'separation'): RapportError {
  return new RapportError(
    `generalised-linear.${reason}`,
    reason === 'dependent'
      ? 'columns must be independent of each other and not constant when penalty is 0, got some that are not: drop them or set a penalty above 0'
      : 'targets must not all be 0 where a column says so when penalty is 0, got some that are: set a penalty above 0',
  )
}

/** Effects of a standard deviation whose own standard error, dispersion aside, only a separated group can have. */
const standardErrorMax = 1e4

function standardErrors(
  problem: DevianceProblem,
  { expected }: DeviancePoint,
  means: Float64Array,
  dispersion: number,
): Float64Array {
  const { data, weights, power } = problem
  const size = data.columns + 1
  const information = expected.map((mean, row) => weights[row]! * mean ** (2 - power))
  const inverse = inverseFromCholesky(factorOf(problem, information, 1))
  const squares = weightedGram(data, weights)
  for (let at = 1; at < size; at += 1) {
    // Times the mean weight, so that the weights' unit does not matter.
    const spread = squares[at * size + at]! / data.rows
    if (inverse[at * size + at]! * spread > standardErrorMax ** 2) throw singular('separation')
  }
  // The intercept of the columns as they are is that of centred ones less means · coefficients.
  const shift = Float64Array.from({ length: size }, (_, at) => (at === 0 ? 1 : -means[at - 1]!))
  let ofIntercept = 0
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      ofIntercept += shift[row]! * inverse[row * size + column]! * shift[column]!
    }
  }
  return Float64Array.from({ length: size }, (_, at) =>
    Math.sqrt(dispersion * (at === 0 ? ofIntercept : inverse[at * size + at]!)),
  )
}

/** The logarithm of the mean when there are no columns: where its derivative is zero. */
function meanAlone({ targets, weights, offsets, power }: DevianceProblem): number {
  let falling = 0
  let rising = 0
  targets.forEach((target, row) => {
    falling += weights[row]! * target * Math.exp((1 - power) * offsets[row]!)
    rising += weights[row]! * Math.exp((2 - power) * offsets[row]!)
  })
  return Math.log(falling / rising)
}

/** What a deviance is small or large beside. */
const sizeOf = ({ targets, weights, power }: DevianceProblem): number =>
  targets.reduce((sum, target, row) => sum + weights[row]! * target ** (2 - power), 0)

function totalDeviance({ targets, weights, power }: DevianceProblem, meanOf: (row: number) => number): number {
  return targets.reduce(
    (sum, target, row) => (weights[row] === 0 ? sum : sum + weights[row]! * devianceOf(power, target, meanOf(row))),
    0,
  )
}

function pearson({ targets, weights, power }: DevianceProblem, { expected }: DeviancePoint): number {
  return targets.reduce((sum, target, row) => {
    const mean = expected[row]!
    return weights[row] === 0 ? sum : sum + (weights[row]! * (target - mean) ** 2) / mean ** power
  }, 0)
}

function withoutLast({ rows, columns, values }: Matrix): DevianceProblem['data'] {
  const kept = new Float64Array(rows * (columns - 1))
  for (let row = 0; row < rows; row += 1) {
    kept.set(values.subarray(row * columns, (row + 1) * columns - 1), row * (columns - 1))
  }
  return { rows, columns: columns - 1, values: kept }
}
