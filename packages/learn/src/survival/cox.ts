import {
  checkFinite,
  cholesky,
  inverseFromCholesky,
  type Matrix,
  matrix,
  RapportError,
  solveCholesky,
  stopIfAborted,
  type Work,
} from '@rapport/numerics'
import { meanWeightOf } from '../linear/checked-numbers.ts'
import { metricValue } from '../metrics/metric.ts'
import { concordance } from './concordance.ts'
import { type PartialLikelihood, partialLikelihood } from './cox-likelihood.ts'
import { type CheckedDurations, checkedDurations, type Durations, timesOf } from './durations.ts'
import { lastAtOrBefore } from './kaplan-meier.ts'

export interface CoxOptions {
  /**
   * λ ≥ 0: λ/2 · Σ (coefficient · the column's standard deviation)² is taken from the log-likelihood, so that the columns'
   * units do not matter. Default 0.
   */
  readonly penalty?: number
}

/** What `fitCox` found. Plain data. */
export interface CoxModel {
  readonly kind: 'cox'
  /** `[d]` change of the logarithm of the hazard per unit of each column. */
  readonly coefficients: Float64Array
  /** `[d]` from the curvature at the maximum; null with a penalty. */
  readonly standardErrors: Float64Array | null
  /** `[d]` means of the columns over the rows' weights, at which the baseline is. */
  readonly means: Float64Array
  /** `[times]` distinct times with events, ascending, and Breslow's cumulative hazard after each for a row of means. */
  readonly times: Float64Array
  readonly cumulativeHazard: Float64Array
  /** Of the partial likelihood, without the penalty; and with all coefficients 0. */
  readonly logLikelihood: number
  readonly nullLogLikelihood: number
  /** Harrell's, on the rows of the fit: 0.5 is chance. Optimistic; judge on rows held out with `concordance`. */
  readonly concordance: number
  /** False when coefficients run away, as when a column tells exactly who has the event. */
  readonly converged: boolean
}

/** Why no Cox model was fitted. */
export interface CoxUnfitted {
  readonly kind: 'unfitted'
  readonly because: 'no-events' | 'no-comparison'
  readonly message: string
}

/**
 * Cox's proportional hazards: by which factor each column speeds the event up, whatever the baseline; ties by Efron.
 *
 * @param data `[n × d]` finite
 * @returns the model, or why there is none: no events, or none while another row was watched
 * @throws RapportError `cox.data`, `cox.missing`, `cox.rows`, `cox.penalty`, as `checkedDurations`; without a penalty
 *   `cox.dependent` (a column is constant or a combination of others); `work.aborted`
 *
 * Cost: about 6 rounds of (n + events) d² / 2 multiplications.
 * Source: Cox, JRSS B 34, 1972; Efron, JASA 72, 1977; Therneau & Grambsch, "Modeling survival data", 2000. Agrees with
 * lifelines.
 *
 * @example
 * const model = fitCox(matrixFromRows(traits), { durations: weeksSubscribed, events: cancelled })
 * if (model.kind === 'cox') model.coefficients.map(Math.exp) // hazard ratios
 */
export function fitCox(
  data: Matrix,
  rows: Durations,
  { penalty = 0 }: CoxOptions = {},
  work?: Work,
): CoxModel | CoxUnfitted {
  checkFinite('cox', data)
  const checked = checkedDurations('cox', rows)
  if (checked.durations.length !== data.rows) {
    throw new RapportError(
      'cox.rows',
      `data must have one row a duration (${checked.durations.length}), got ${data.rows}`,
    )
  }
  if (!(penalty >= 0 && penalty < Infinity)) {
    throw new RapportError('cox.penalty', `penalty must be finite and at least 0, got ${penalty}`)
  }
  const unfitted = reasonNotToFit(checked)
  if (unfitted !== undefined) return unfitted
  const { scaled, means, deviations } = standardised(data, checked.weights)
  if (penalty === 0 && deviations.some((deviation) => deviation === 0)) throw dependent()
  const search = climb(scaled, checked, penalty, work)
  const d = data.columns
  const factor = penalty === 0 ? cholesky(search.at.information, d, 1e-10) : undefined
  // Runaway coefficients flatten the curvature too; only where it was never there are the columns at fault.
  if (penalty === 0 && factor === undefined && cholesky(search.first.information, d, 1e-10) === undefined) {
    throw dependent()
  }
  const inverse = factor && inverseFromCholesky(factor)
  const perUnit = (value: number, column: number): number => (deviations[column]! > 0 ? value / deviations[column]! : 0)
  const scores = scoresOf(scaled, search.coefficients)
  return {
    kind: 'cox',
    coefficients: search.coefficients.map(perUnit),
    standardErrors:
      penalty > 0
        ? null
        : search.coefficients.map((_, column) =>
            perUnit(inverse ? Math.sqrt(inverse[column * d + column]!) : Infinity, column),
          ),
    means,
    ...baseline(checked, scores),
    logLikelihood: search.at.value,
    nullLogLikelihood: search.first.value,
    concordance: metricValue(concordance(rows, scores)),
    converged: search.converged && (penalty > 0 || factor !== undefined),
  }
}

/**
 * The logarithm of each row's hazard relative to a row of means, `[n]`; higher is sooner.
 *
 * @throws RapportError `cox.columns`, `cox.missing`
 */
export function predictCoxRisk(model: CoxModel, data: Matrix): Float64Array {
  const d = model.coefficients.length
  if (data.columns !== d) {
    throw new RapportError('cox.columns', `data must have the ${d} columns of training, got ${data.columns}`)
  }
  if (data.rows > 0) checkFinite('cox', data)
  return Float64Array.from({ length: data.rows }, (_, row) => {
    let score = 0
    for (let column = 0; column < d; column += 1) {
      score += model.coefficients[column]! * (data.values[row * d + column]! - model.means[column]!)
    }
    return score
  })
}

/**
 * The chance that it has not happened to each row by each time, `[n × times]`; after the last event of training it stays.
 *
 * @param times ≥ 0
 * @throws RapportError `cox.columns`, `cox.missing`, `cox.times`
 */
export function predictCoxSurvival(model: CoxModel, data: Matrix, times: ArrayLike<number>): Matrix {
  const hazards = Float64Array.from(times, (time) => {
    if (!(time >= 0)) throw new RapportError('cox.times', `every time must be at least 0, got ${time}`)
    const at = lastAtOrBefore(model.times, time)
    return at < 0 ? 0 : model.cumulativeHazard[at]!
  })
  const survival = matrix(data.rows, hazards.length)
  predictCoxRisk(model, data).forEach((score, row) => {
    hazards.forEach((hazard, at) => {
      survival.values[row * hazards.length + at] = Math.exp(-hazard * Math.exp(score))
    })
  })
  return survival
}

function reasonNotToFit(rows: CheckedDurations): CoxUnfitted | undefined {
  const counted = rows.order.filter((row) => rows.weights[row]! > 0)
  const shortest = counted.find((row) => rows.events[row] === 1)
  if (shortest === undefined) {
    const message = `it must have happened to somebody, it did to none of ${rows.order.length} rows`
    return { kind: 'unfitted', because: 'no-events', message }
  }
  const watched = counted.filter((row) => rows.durations[row]! >= rows.durations[shortest]!)
  const isKnown = watched.some((row) => rows.durations[row]! > rows.durations[shortest]! || rows.events[row] === 0)
  if (isKnown) return undefined
  const message = 'somebody must have been watched when it happened to another, got all events at one time'
  return { kind: 'unfitted', because: 'no-comparison', message }
}

const dependent = (): RapportError =>
  new RapportError(
    'cox.dependent',
    'columns must be independent of each other and not constant when penalty is 0, got some that are not: drop them or set a penalty above 0',
  )

/** Columns with mean 0 and variance 1, which also keeps risks within range; constant ones become 0. */
function standardised(
  data: Matrix,
  weights: Float64Array,
): { scaled: Matrix; means: Float64Array; deviations: Float64Array } {
  const { rows, columns } = data
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const [means, deviations] = [new Float64Array(columns), new Float64Array(columns)]
  const values = new Float64Array(rows * columns)
  for (let column = 0; column < columns; column += 1) {
    let mean = 0
    for (let row = 0; row < rows; row += 1) mean += (weights[row]! / total) * data.values[row * columns + column]!
    let variance = 0
    for (let row = 0; row < rows; row += 1) {
      variance += (weights[row]! / total) * (data.values[row * columns + column]! - mean) ** 2
    }
    means[column] = mean
    // What rounding of the mean leaves of a constant column is no spread.
    const deviation = Math.sqrt(variance) > 1e-13 * Math.abs(mean) ? Math.sqrt(variance) : 0
    deviations[column] = deviation
    if (deviation === 0) continue
    for (let row = 0; row < rows; row += 1) {
      values[row * columns + column] = (data.values[row * columns + column]! - mean) / deviation
    }
  }
  return { scaled: matrix(rows, columns, values), means, deviations }
}

const roundsMax = 40

/** Newton's method from 0, halving steps that do not gain. */
function climb(data: Matrix, rows: CheckedDurations, penalty: number, work: Work | undefined) {
  const d = data.columns
  const meanWeight = meanWeightOf(rows.weights)
  let coefficients = new Float64Array(d)
  const penalised = (at: PartialLikelihood, point: Float64Array): number =>
    at.value - (penalty / 2) * point.reduce((sum, value) => sum + value * value, 0)
  const first = partialLikelihood(data, rows, coefficients)!
  let at = first
  let converged = false
  for (let round = 0; round < roundsMax && !converged; round += 1) {
    stopIfAborted(work)
    const slope = at.gradient.map((value, column) => value - penalty * coefficients[column]!)
    const curvature = at.information.map((value, place) => value + (place % (d + 1) === 0 ? penalty : 0))
    const factor = cholesky(curvature, d)
    if (factor === undefined) break
    const step = solveCholesky(factor, slope)
    // Half of slope · step is what the round can still gain; Newton's step leaves the square of that share, which is nothing.
    const gain = step.reduce((sum, value, column) => sum + value * slope[column]!, 0)
    converged = gain < 1e-12 * Math.max(meanWeight, Math.abs(at.value))
    let moved = false
    for (let halving = 0; halving < 30 && !moved; halving += 1) {
      const trial = coefficients.map((value, column) => value + step[column]! * 2 ** -halving)
      const there = partialLikelihood(data, rows, trial)
      if (there === undefined || penalised(there, trial) < penalised(at, coefficients)) continue
      moved = true
      coefficients = trial
      at = there
    }
    // No gain within rounding: this is the top.
    if (!moved) converged = true
    work?.onProgress?.({ stage: 'fitting proportional hazards', done: round + 1, total: roundsMax })
  }
  // A column's deviation that changes the hazard by e²⁰ is running away.
  return { coefficients, first, at, converged: converged && coefficients.every((value) => Math.abs(value) < 20) }
}

function scoresOf({ rows, columns, values }: Matrix, coefficients: Float64Array): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let score = 0
    for (let column = 0; column < columns; column += 1) score += values[row * columns + column]! * coefficients[column]!
    return score
  })
}

/** Breslow's cumulative hazard at a score of 0. */
function baseline(
  rows: CheckedDurations,
  scores: Float64Array,
): { times: Float64Array; cumulativeHazard: Float64Array } {
  const steps: { time: number; hazard: number }[] = []
  let atRisk = 0
  for (const { first, after } of timesOf(rows).reverse()) {
    let happened = 0
    for (const row of rows.order.subarray(first, after)) {
      atRisk += rows.weights[row]! * Math.exp(scores[row]!)
      if (rows.events[row] === 1) happened += rows.weights[row]!
    }
    if (happened > 0) steps.push({ time: rows.durations[rows.order[first]!]!, hazard: happened / atRisk })
  }
  steps.reverse()
  let sum = 0
  return {
    times: Float64Array.from(steps, ({ time }) => time),
    cumulativeHazard: Float64Array.from(steps, ({ hazard }) => {
      sum += hazard
      return sum
    }),
  }
}
