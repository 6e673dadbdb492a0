import { RapportError, type Work } from '@rapport/numerics'
import { type BoostingRegressionModel, fitBoostingRegression } from '../../trees/index.ts'
import { checkedSeries, countObserved, exactUnit, type SeriesTooShort } from '../series.ts'
import { filled } from '../stl.ts'
import { type DifferencedFrom, differenced, restored } from './differencing.ts'
import {
  checkLagBoosting,
  differencesOf,
  type LagBoostingOptions,
  type LagBoostingSettings,
} from './lag-boosting-options.ts'
import { type LagColumns, reachOf } from './lag-columns.ts'
import { lagRows } from './lag-rows.ts'
import { risingDeviations } from './rising-deviations.ts'
import { stepsAhead } from './steps-ahead.ts'

/** What `fitLagBoosting` found. Plain data. */
export interface LagBoostingModel {
  readonly kind: 'lag-boosting'
  readonly strategy: 'recursive' | 'direct'
  /** Steps ahead that it forecasts at most. */
  readonly horizon: number
  readonly period: number
  readonly columns: LagColumns
  /** True where logarithms were learned from. */
  readonly logarithm: boolean
  /** What values, or their logarithms, were divided by; a power of two. */
  readonly unit: number
  /** What the differenced values were divided by besides. */
  readonly leftUnit: number
  /** Of the next step; of each step ahead where `strategy` is `direct`. */
  readonly models: readonly BoostingRegressionModel[]
  /** Rounds of differencing, each with the last `lag` values that it was given, missing ones filled in. */
  readonly differences: readonly DifferencedFrom[]
  /** The last of what was learned from, as far back as the columns look; missing is NaN. */
  readonly tail: Float64Array
  /** Values in the series, missing ones counted. */
  readonly n: number
  /** `[horizon]` standard deviation of each step's errors on the values held back, in units of what was differenced; never falls. */
  readonly deviations: Float64Array
  /** Moments of the past that the deviations come from. */
  readonly origins: number
}

/**
 * Boosting on lags: each value is learned from the ones before it, their means, and its place in cycles, by gradient boosted
 * trees.
 *
 * It finds what no straight model does (thresholds, a Monday after a holiday, seasons that change with the level), and needs
 * some hundred values for it; with fewer take `fitEts` or `fitTheta`. Trends are followed through differences and
 * logarithms. The last quarter of the values is first held back: forecasts from every moment within it tell how wide bounds
 * must be; then all values are learned from.
 *
 * @param values `[n]` oldest first; missing (NaN) values are not learned from, and are no hindrance as lags
 * @returns the model, or why there is none: fewer steps to learn from than two leaves hold
 * @throws RapportError `lag-boosting.series`, `lag-boosting.period`, `lag-boosting.options`, `lag-boosting.logarithm` when it
 *   is asked for and a value is not above 0; `boosting.options`, `work.aborted`
 *
 * Cost: two fits of `fitBoostingRegression`, times the horizon where `strategy` is `direct`.
 * Source: Bontempi, Ben Taieb & Le Borgne, "Machine learning strategies for time series forecasting", Business Intelligence,
 * LNBIP 138, 2013; as mlforecast with scikit-learn's HistGradientBoostingRegressor.
 *
 * @example
 * const model = await fitLagBoosting(dailyOrders, { horizon: 28, period: 7, seed: 1 })
 * if (model.kind === 'lag-boosting') forecastLagBoosting(model, { horizon: 28 }).mean
 */
export async function fitLagBoosting(
  values: ArrayLike<number>,
  options: LagBoostingOptions,
  work?: Work,
): Promise<LagBoostingModel | SeriesTooShort> {
  const series = checkedSeries('lag-boosting', values)
  const settings = checkLagBoosting(options)
  const logarithm = options.logarithm ?? !series.some((value) => value <= 0)
  checkLogarithm(series, logarithm)
  const plain = logarithm ? series.map(Math.log) : series
  const unit = exactUnit(plain)
  const scaled = plain.map((value) => value / unit)
  // Lags to difference by are chosen, and steps ahead built, on values without gaps; gaps themselves teach nothing.
  const whole = filled(scaled)
  const lags = options.differences ?? differencesOf(whole, settings.period)
  const { left } = differenced(scaled, lags)
  const leftUnit = exactUnit(left)
  const learned = left.map((value) => value / leftUnit)

  const { horizon, columns, strategy } = settings
  const n = series.length
  const heldBack = Math.max(horizon + 9, Math.min(Math.floor(n / 4), horizon + 99))
  const first = lags.reduce((sum, lag) => sum + lag, 0) + reachOf(columns)
  const short = tooFewSteps(learned.subarray(0, Math.max(0, n - heldBack)), { first, heldBack }, settings)
  if (short !== undefined) return short

  const { rounds } = differenced(whole, lags)
  const origins = Array.from({ length: heldBack }, (_, at) => n - heldBack + at)
  const before = await fitSteps(
    learned.subarray(0, n - heldBack),
    first,
    settings,
    'boosting for the width of bounds',
    work,
  )
  const ahead = stepsAhead({ models: before, columns, learned, origins, horizon })
  const errors = origins.map((origin, row) => {
    const steps = ahead[row]!.map((value) => value * leftUnit)
    return restored(rounds, steps, origin).map((value, step) => (scaled[origin + step] ?? Number.NaN) - value)
  })
  const deviations = risingDeviations(errors, horizon)
  if (deviations === undefined) return allMissing(series, heldBack)
  return {
    ...{ kind: 'lag-boosting', strategy, horizon, period: settings.period, columns, logarithm, unit, leftUnit },
    models: await fitSteps(learned, first, settings, 'boosting', work),
    differences: rounds.map((round) => ({ lag: round.lag, values: round.values.slice(n - round.lag) })),
    tail: learned.slice(Math.max(0, n - reachOf(columns))),
    ...{ n, deviations, origins: heldBack },
  }
}

/** One model of the next step, or one of each step ahead. */
async function fitSteps(
  learned: Float64Array,
  first: number,
  { horizon, strategy, columns, loss, growth, seed }: LagBoostingSettings,
  stage: string,
  work: Work | undefined,
): Promise<BoostingRegressionModel[]> {
  const models: BoostingRegressionModel[] = []
  const steps = strategy === 'direct' ? horizon : 1
  const watched = work?.signal === undefined ? {} : { signal: work.signal }
  for (let ahead = 1; ahead <= steps; ahead += 1) {
    const { data, targets } = lagRows(learned, first, ahead, columns)
    models.push(await fitBoostingRegression(data, targets, { ...growth, loss: { kind: loss }, seed }, watched))
    work?.onProgress?.({ stage, done: ahead, total: steps })
  }
  return models
}

/** @throws RapportError `lag-boosting.logarithm` */
function checkLogarithm(series: Float64Array, logarithm: boolean): void {
  const wrong = logarithm ? series.findIndex((value) => value <= 0) : -1
  if (wrong < 0) return
  throw new RapportError(
    'lag-boosting.logarithm',
    `every value must be above 0 for logarithms, got ${series[wrong]} at position ${wrong}`,
  )
}

function tooFewSteps(
  learned: Float64Array,
  { first, heldBack }: { readonly first: number; readonly heldBack: number },
  { strategy, horizon, growth }: LagBoostingSettings,
): SeriesTooShort | undefined {
  const from = first + (strategy === 'direct' ? horizon - 1 : 0)
  const observations = countObserved(learned.subarray(from))
  const needed = 2 * growth.rowsPerLeafMin
  if (observations >= needed) return undefined
  const message =
    `boosting on lags needs at least ${needed} values to learn from that are not missing, after the first ${from} and ` +
    `before the last ${heldBack}, got ${observations}`
  return { kind: 'too-short', observations, needed, message }
}

function allMissing(series: Float64Array, heldBack: number): SeriesTooShort {
  const message = `boosting on lags needs some of the last ${heldBack} values to tell how wide bounds must be, got none`
  return { kind: 'too-short', observations: countObserved(series), needed: 1, message }
}
