import {
  cholesky,
  inverseFromCholesky,
  minimise,
  minimiseFromStarts,
  numericHessian,
  type Objective,
  RapportError,
  type Work,
} from '@rapport/numerics'
import { conditionalError } from './arma-conditional.ts'
import { armaDensity } from './arma-density.ts'
import { runArma } from './arma-likelihood.ts'
import {
  type ArimaOrder,
  type ArmaBlocks,
  type ArmaCoefficients,
  armaFromFree,
  differencing,
  filteredBy,
  multipliedOut,
  splitInBlocks,
} from './arma-polynomials.ts'
import { checkedSeries, checkPeriod, largestOf, type SeriesTooShort, tooShort } from './series.ts'

export interface ArimaOptions {
  readonly order: ArimaOrder
  /** Values a season. Default 1, no seasons. */
  readonly period?: number
  /** Whether the differenced series moves around a mean of its own: a level, or after differences a drift. Default without differences only. */
  readonly constant?: boolean
  /**
   * Points from which the likelihood is climbed, 1 to 3. Default 3, against the smaller peaks of mixed models; 1 also stops sooner,
   * with an AICc right to some 1e-5.
   */
  readonly starts?: 1 | 2 | 3
}

/** What `fitArima` found. Plain data. */
export interface ArimaModel extends ArmaCoefficients {
  readonly kind: 'arima'
  readonly order: Required<ArimaOrder>
  readonly period: number
  /** Mean of the differenced series, in the series' own units; 0 without a constant. */
  readonly mean: number
  /** Of all coefficients in the order autoregressive, moving average, and the seasonal two; NaN where the data do not tell. */
  readonly standardErrors: Float64Array
  /** Standard deviation of the errors, by degrees of freedom. */
  readonly sigma: number
  /** Of the differenced series, exact. Models with other differences are not comparable by it. */
  readonly logLikelihood: number
  readonly aicc: number
  /** `[n − differences − period · seasonalDifferences]` one-step errors. */
  readonly errors: Float64Array
  /** Of the Kalman filter after the last value. */
  readonly state: Float64Array
  /** `[differences + period · seasonalDifferences]` the last values, from which differences are summed up again. */
  readonly last: Float64Array
  readonly converged: boolean
}

/**
 * Seasonal ARIMA of a given order by exact maximum likelihood.
 *
 * The likelihood is that of the differenced series; the mean is concentrated out, and coefficients are kept stationary and
 * invertible. It is climbed from where the conditional sum of squares is least, which is nearly there and costs little.
 *
 * @param values `[n]` finite, oldest first; fill missing ones first
 * @returns the model, or why there is none: fewer values than differences, coefficients and three more take
 * @throws RapportError `arima.series` when a value is missing or infinite, `arima.period`, `arima.order`; `work.aborted`
 *
 * Cost: a few hundred likelihoods of at most n q² / 2, q being the longest lag of the moving average.
 * Source: Box, Jenkins, Reinsel & Ljung, "Time series analysis", 5th ed. 2015, ch. 7 and 9. Agrees with R's `arima` and
 * statsmodels' `SARIMAX`.
 *
 * @example
 * const order = { autoregressive: 0, differences: 1, movingAverage: 1, seasonalDifferences: 1, seasonalMovingAverage: 1 }
 * const model = fitArima(logSales, { order, period: 12 })
 */
export function fitArima(values: ArrayLike<number>, options: ArimaOptions, work?: Work): ArimaModel | SeriesTooShort {
  const task = arimaTask(values, options)
  if (task.kind === 'too-short') return task
  const { given, order, period, constant, blocks, parameters, lost, unit, differenced } = task
  const n = differenced.length
  const d = blocks.reduce((sum, size) => sum + size, 0)
  const perValue = (coefficients: ArmaCoefficients): number => {
    const found = armaDensity(differenced, multipliedOut(coefficients, period), constant)
    // A differenced series that is exactly constant has errors of rounding, not of nothing.
    return found === undefined ? Infinity : Math.log(found.squares / n + 1e-28) / 2 + found.logVariances / (2 * n)
  }
  const objective = withNumericGradient((free) => perValue(armaFromFree(free, blocks)))
  const found =
    d === 0
      ? { point: new Float64Array(0), converged: true }
      : minimiseFromStarts(
          objective,
          startsOf(task, options.starts ?? 3, work),
          options.starts === 1 ? quickOptions : searchOptions,
          work,
        )
  const coefficients = armaFromFree(found.point, blocks)
  const out = multipliedOut(coefficients, period)
  const run = runArma(differenced, out.autoregressive, out.movingAverage, constant)
  if (run === undefined)
    throw new RapportError('arima.order', 'the order must have a likelihood on the series, got none')
  const logLikelihood = -n * (perValue(coefficients) + (1 + Math.log(2 * Math.PI)) / 2 + Math.log(unit))
  const plain = Float64Array.from(Object.values(coefficients).flatMap((block: Float64Array) => [...block]))
  return {
    kind: 'arima',
    order,
    period,
    ...coefficients,
    mean: run.mean * unit,
    standardErrors: standardErrors((point) => perValue(splitInBlocks(point, blocks)), plain, n),
    sigma: Math.sqrt(run.squares / (n - parameters + 1)) * unit,
    logLikelihood,
    aicc: -2 * logLikelihood + (2 * parameters * n) / (n - parameters - 1),
    errors: run.errors.map((error) => error * unit),
    state: run.state.map((value) => value * unit),
    last: given.slice(given.length - lost),
    converged: found.converged,
  }
}

/** Of one start alone, as a search over orders asks. */
const quickOptions = { gradientTolerance: 1e-5, changeTolerance: 1e-8, memory: 20, roundsMax: 200 }
const searchOptions = { gradientTolerance: 1e-7, changeTolerance: 1e-14, memory: 20, roundsMax: 200 }

/** What a fit works on. */
interface ArimaTask {
  readonly kind: 'task'
  readonly given: Float64Array
  readonly order: Required<ArimaOrder>
  readonly period: number
  readonly constant: boolean
  readonly blocks: ArmaBlocks
  readonly parameters: number
  /** Values that differences cost. */
  readonly lost: number
  /** The differenced series is in multiples of this. */
  readonly unit: number
  readonly differenced: Float64Array
}

function arimaTask(values: ArrayLike<number>, options: ArimaOptions): ArimaTask | SeriesTooShort {
  const given = checkedSeries('arima', values)
  const missing = given.findIndex(Number.isNaN)
  if (missing >= 0) throw new RapportError('arima.series', `every value must be finite, got NaN at position ${missing}`)
  const { period = 1 } = options
  checkPeriod('arima', period)
  const order = checkedOrder(options.order, period)
  const { constant = order.differences + order.seasonalDifferences === 0 } = options
  const blocks = [
    order.autoregressive,
    order.movingAverage,
    order.seasonalAutoregressive,
    order.seasonalMovingAverage,
  ] as const
  const lost = order.differences + period * order.seasonalDifferences
  const parameters = blocks.reduce((sum, size) => sum + size, 0) + 1 + (constant ? 1 : 0)
  const short = tooShort(given, lost + parameters + 3, 'ARIMA of this order')
  if (short !== undefined) return short
  const unit = largestOf(given) || 1
  const differenced = filteredBy(
    differencing(order.differences, order.seasonalDifferences, period),
    given.map((value) => value / unit),
  )
  return { kind: 'task', given, order, period, constant, blocks, parameters, lost, unit, differenced }
}

/** Where the conditional sum of squares is least first. Kept off the unit circle, where no slope is left to follow. */
function startsOf({ differenced, blocks, period, constant }: ArimaTask, count: number, work?: Work): Float64Array[] {
  const d = blocks.reduce((sum, size) => sum + size, 0)
  const objective = conditionalError(differenced, blocks, period, constant)
  const { point } = minimise(objective, new Float64Array(d), searchOptions, work?.signal && { signal: work.signal })
  const near = point.map((value) => Math.max(-2, Math.min(2, value)))
  return [near, ...[0.3, 1].map((start) => new Float64Array(d).fill(start))].slice(0, count)
}

function checkedOrder(order: ArimaOrder, period: number): Required<ArimaOrder> {
  const all = { seasonalAutoregressive: 0, seasonalDifferences: 0, seasonalMovingAverage: 0, ...order }
  for (const [name, value] of Object.entries(all)) {
    if (!Number.isInteger(value) || value < 0 || value > 10) {
      throw new RapportError('arima.order', `${name} must be a whole number from 0 to 10, got ${value}`)
    }
  }
  if (period === 1 && all.seasonalAutoregressive + all.seasonalDifferences + all.seasonalMovingAverage > 0) {
    throw new RapportError('arima.order', 'seasonal orders must be 0 with a period of 1, got some that are not')
  }
  return all
}

/** The function with slopes by central differences: of a handful of numbers, each costing two more filters. */
function withNumericGradient(f: (point: Float64Array) => number): Objective {
  const step = 1e-5
  return (point, gradient) => {
    const moved = point.slice()
    for (let axis = 0; axis < point.length; axis += 1) {
      moved[axis] = point[axis]! + step
      const ahead = f(moved)
      moved[axis] = point[axis]! - step
      gradient[axis] = (ahead - f(moved)) / (2 * step)
      moved[axis] = point[axis]!
    }
    return f(point)
  }
}

/** From the curvature by the coefficients themselves; NaN when it is not that of a maximum. */
function standardErrors(f: (point: Float64Array) => number, point: Float64Array, n: number): Float64Array {
  const d = point.length
  if (d === 0) return new Float64Array(0)
  const curvature = numericHessian(withNumericGradient(f), point, 1e-4).values
  const factor = cholesky(
    Float64Array.from(curvature, (value) => value * n),
    d,
  )
  const inverse = factor && inverseFromCholesky(factor)
  return Float64Array.from(point, (_, at) => (inverse ? Math.sqrt(inverse[at * d + at]!) : Number.NaN))
}
