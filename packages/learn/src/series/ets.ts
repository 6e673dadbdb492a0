import { minimiseFromStarts, RapportError, stopIfAborted, type Work } from '@rapport/numerics'
import { place } from './ets-filter.ts'
import { candidateForms, type EtsForm, etsName, needsPositive, parameterCount } from './ets-form.ts'
import { type EtsRun, etsObjective, etsRun } from './ets-likelihood.ts'
import { etsSpace } from './ets-space.ts'
import { startingPoint } from './ets-start.ts'
import { checkedSeries, checkPeriod, countObserved, largestOf, type SeriesTooShort, tooShort } from './series.ts'

export interface EtsOptions {
  /** Values a season: 12 for months of a year, 7 for days of a week. Default 1, no seasons. */
  readonly period?: number
  /** The form to fit. Default the one with the lowest AICc of those that R's `ets` would look at. */
  readonly form?: EtsForm
}

/** States of a form at one moment. */
export interface EtsStates {
  readonly level: number
  /** Change of the level a step, added or (in a multiplicative trend) multiplied; 0 or 1 without a trend. */
  readonly slope: number
  /** `[period]` the next step's season first; empty without seasons. */
  readonly seasons: Float64Array
}

/** What `fitEts` found. Plain data. */
export interface EtsModel {
  readonly kind: 'ets'
  /** `ETS(M,Ad,M)` and the like. */
  readonly name: string
  readonly form: EtsForm
  readonly period: number
  /** How fast each state follows what is seen, 0 … 1, and what a damped trend keeps of itself a step. */
  readonly smoothing: {
    readonly level: number
    readonly trend: number
    readonly season: number
    readonly damping: number
  }
  /** Before the first value and after the last one. */
  readonly start: EtsStates
  readonly end: EtsStates
  /** Standard deviation of the errors, a fraction of the expected value where the error multiplies. */
  readonly sigma: number
  /** Of the normal density of all values. R and statsforecast leave out its constant −n/2 (log(2π/n) + 1). */
  readonly logLikelihood: number
  /** Akaike's criterion with the correction for short series; lower is better, comparable within one series only. */
  readonly aicc: number
  /** `[n]` what was expected of each value from those before it. */
  readonly fitted: Float64Array
  readonly converged: boolean
}

/**
 * Exponential smoothing in state-space form by maximum likelihood, with the form chosen by AICc where none is given.
 *
 * Starting states are estimated with the smoothing, all by one quasi-Newton search with exact gradients.
 *
 * @param values `[n]` oldest first; missing (NaN) values are passed over; all above 0 for a form that multiplies
 * @returns the model, or why there is none: fewer values than the smallest form needs (5), or than the given form does
 * @throws RapportError `ets.series`, `ets.period`, `ets.form` when the form and the values or period do not go together,
 *   `work.aborted`
 *
 * Cost: about 200 passes over the series a form, 9 to 15 forms.
 * Source: Hyndman, Koehler, Ord & Snyder, "Forecasting with exponential smoothing", 2008, ch. 5 and 7. Agrees with
 * statsmodels and statsforecast.
 *
 * @example
 * const model = fitEts(monthlySales, { period: 12 })
 * if (model.kind === 'ets') forecastEts(model, { horizon: 12 }).mean
 */
export function fitEts(values: ArrayLike<number>, options: EtsOptions = {}, work?: Work): EtsModel | SeriesTooShort {
  const series = checkedSeries('ets', values)
  const { period = 1, form } = options
  checkPeriod('ets', period)
  const isPositive = series.every((value) => !(value <= 0))
  if (form !== undefined) checkForm(form, period, isPositive)
  const wanted = form === undefined ? candidateForms(period > 1, isPositive) : [form]
  // AICc has no value with fewer than two more values than parameters.
  const fewest = Math.min(...wanted.map((candidate) => parameterCount(candidate, period) + 2))
  const short = tooShort(series, fewest, form === undefined ? 'exponential smoothing' : etsName(form))
  if (short !== undefined) return short

  const observations = countObserved(series)
  const usable = wanted.filter((candidate) => parameterCount(candidate, period) + 2 <= observations)
  let best: EtsModel | undefined
  for (const [index, candidate] of usable.entries()) {
    stopIfAborted(work)
    const found = fitForm(candidate, period, series, work)
    if (found !== undefined && (best === undefined || found.aicc < best.aicc)) best = found
    work?.onProgress?.({ stage: 'fitting exponential smoothing', done: index + 1, total: usable.length })
  }
  if (best === undefined) {
    throw new RapportError(
      'ets.form',
      `${usable.map(etsName).join(', ')} must be able to start on the series, got none`,
    )
  }
  return best
}

function checkForm(form: EtsForm, period: number, isPositive: boolean): void {
  if (form.damped && form.trend === 'none') {
    throw new RapportError('ets.form', 'a damped form must have a trend, got none')
  }
  if (form.season !== 'none' && period < 2) {
    throw new RapportError('ets.form', `a form with seasons must have a period of at least 2, got ${period}`)
  }
  if (needsPositive(form) && !isPositive) {
    throw new RapportError('ets.form', `every value must be above 0 for ${etsName(form)}, got one that is not`)
  }
}

/** The levels' smoothing that the searches begin with: hardly any, and nearly all. */
const firstSmoothing = [0.15, 0.7]

/** The form's best fit, or undefined when the series' start is outside of the form's domain. */
function fitForm(form: EtsForm, period: number, given: Float64Array, work: Work | undefined): EtsModel | undefined {
  // A power of 2, which costs no digits, so that squares of huge and tiny values stay within range.
  const unit = 2 ** Math.floor(Math.log2(largestOf(given) || 1))
  const series = given.map((value) => value / unit)
  const space = etsSpace(form, period, spreadOf(series))
  const objective = etsObjective(form, period, series, space)
  const starts = firstSmoothing
    .map((smoothing) => space.free(startingPoint(form, period, series, smoothing)))
    .filter((start) => Number.isFinite(objective(start, new Float64Array(start.length))))
  if (starts.length === 0) return undefined
  // Per value of the series a gradient of 1e-6 leaves the likelihood exact to about nine digits.
  const options = { gradientTolerance: 1e-6, changeTolerance: 1e-12, memory: 20 }
  const found = minimiseFromStarts(objective, starts, options, work?.signal && { signal: work.signal })
  const point = new Float64Array(place.startSeason + (form.season === 'none' ? 0 : period))
  space.point(found.point, point)
  const run = etsRun(form, period, series, point)
  if (run === undefined) return undefined
  return modelOf({ form, period, unit, observations: countObserved(series), point, run, converged: found.converged })
}

interface FormFound {
  readonly form: EtsForm
  readonly period: number
  /** What the series was divided by. */
  readonly unit: number
  readonly observations: number
  readonly point: Float64Array
  readonly run: EtsRun
  readonly converged: boolean
}

function modelOf({ form, period, unit, observations, point, run, converged }: FormFound): EtsModel {
  const { pass, squares } = run
  const parameters = parameterCount(form, period)
  const [level, trend, season, damping] = point as unknown as [number, number, number, number]
  const n = pass.fitted.length
  const slopeUnit = form.trend === 'multiplicative' ? 1 : unit
  const seasonUnit = form.season === 'multiplicative' ? 1 : unit
  const statesAt = (step: number): EtsStates => ({
    level: pass.levels[step]! * unit,
    slope: pass.slopes[step]! * slopeUnit,
    seasons:
      form.season === 'none'
        ? new Float64Array(0)
        : pass.seasons.slice(step, step + period).map((value) => value * seasonUnit),
  })
  const logLikelihood = run.logLikelihood - observations * Math.log(unit)
  return {
    kind: 'ets',
    name: etsName(form),
    form,
    period,
    smoothing: { level, trend, season, damping },
    start: statesAt(0),
    end: statesAt(n),
    sigma: Math.sqrt(squares / (observations - parameters + 1)) * (form.error === 'multiplicative' ? 1 : unit),
    logLikelihood,
    aicc: -2 * logLikelihood + (2 * parameters * observations) / (observations - parameters - 1),
    fitted: pass.fitted.map((value) => value * unit),
    // Where the form fits to the last digits there is no slope left that would say so.
    converged: converged || squares < observations * 1e-18,
  }
}

/** The series' standard deviation, or its size when it does not vary. */
function spreadOf(series: Float64Array): number {
  const there = series.filter((value) => !Number.isNaN(value))
  const mean = there.reduce((sum, value) => sum + value / there.length, 0)
  const spread = Math.sqrt(there.reduce((sum, value) => sum + (value - mean) ** 2 / there.length, 0))
  return spread > 1e-9 * Math.abs(mean) ? spread : Math.abs(mean) || 1
}
