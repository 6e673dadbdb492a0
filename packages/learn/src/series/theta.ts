import { RapportError } from '@rapport/numerics'
import { isSeasonal, type SeasonKind, seasonalFigure } from './decomposition.ts'
import { checkForecast, type Forecast, type ForecastOptions, normalForecast } from './forecast.ts'
import { checkedSeries, checkPeriod, countObserved, largestOf, type SeriesTooShort, tooShort } from './series.ts'
import { type StraightLine, straightLine } from './straight-line.ts'
import { lineTerm, solveTheta, type ThetaFit } from './theta-line.ts'

export interface ThetaOptions {
  /** Values a season. Default 1, no seasons. */
  readonly period?: number
  /**
   * How much of the curvature the second line has, at least 1; 2 is the method that won the M3 competition. `optimised`
   * takes the one with the least squared error. Default 2.
   */
  readonly theta?: number | 'optimised'
  /**
   * How seasons are taken out before and put back after. Default by a test at 90 %: none where it finds none, otherwise
   * factors where all values are above 0, else addends.
   */
  readonly season?: SeasonKind | 'none'
}

/** What `fitTheta` found. Plain data. */
export interface ThetaModel {
  readonly kind: 'theta'
  readonly theta: number
  /** How fast the level follows the values, 0 … 1. */
  readonly smoothing: number
  /** The straight line through the series without its seasons. */
  readonly line: StraightLine
  /** Values in the series, missing ones counted. */
  readonly n: number
  /** Before the first value and after the last. */
  readonly startLevel: number
  readonly level: number
  readonly season: SeasonKind | 'none'
  /** `[period]` the next step's season first; empty without seasons. */
  readonly seasons: Float64Array
  /** Standard deviation of one-step errors of the series without seasons. */
  readonly sigma: number
  /** `[n]` what was expected of each value from those before it (and from the line and seasons of all). */
  readonly fitted: Float64Array
}

/**
 * The Theta method: the mean of a straight line and of a line that bends more than the series does, extrapolated by
 * exponential smoothing.
 *
 * @param values `[n]` oldest first, missing (NaN) values are passed over
 * @returns the model, or why there is none: fewer than 4 values, or than 2 periods where seasons are asked for
 * @throws RapportError `theta.series`, `theta.period`, `theta.theta`, `theta.season` when factors are asked for and a value
 *   is not above 0, or seasons with a period of 1
 *
 * Cost: about 150 passes over the series.
 * Source: Assimakopoulos & Nikolopoulos, International Journal of Forecasting 16(4), 2000; Fiorucci et al., 32(4), 2016
 * (their STM and OTM). Agrees with statsforecast.
 *
 * @example
 * const model = fitTheta(weeklyOrders, { theta: 'optimised' })
 * if (model.kind === 'theta') forecastTheta(model, { horizon: 13 }).mean
 */
export function fitTheta(values: ArrayLike<number>, options: ThetaOptions = {}): ThetaModel | SeriesTooShort {
  const series = checkedSeries('theta', values)
  const { period = 1, theta = 2 } = options
  checkPeriod('theta', period)
  if (theta !== 'optimised' && !(theta >= 1 && theta < Infinity)) {
    throw new RapportError('theta.theta', `theta must be finite and at least 1, or optimised, got ${theta}`)
  }
  const season = options.season ?? foundSeason(series, period)
  checkSeason(series, period, season)
  const needed = season === 'none' ? 4 : Math.max(4, 2 * period)
  const short = tooShort(series, needed, season === 'none' ? 'Theta' : `Theta with a period of ${period}`)
  if (short !== undefined) return short

  const unit = largestOf(series) || 1
  const scaled = series.map((value) => value / unit)
  const figure = season === 'none' ? new Float64Array(0) : seasonalFigure(scaled, period, season)
  const adjusted = scaled.map((value, at) => withoutSeason(value, season, figure[at % period]))
  const line = straightLine(adjusted)
  const share = theta === 'optimised' ? undefined : 1 - 1 / theta
  const best = bestSmoothing((smoothing) => solveTheta(adjusted, line, smoothing, share))
  const run = runTheta(adjusted, line, best)
  // Smoothing, first level and the line's slope are fitted, and theta where it is searched.
  const free = countObserved(series) - (theta === 'optimised' ? 4 : 3)
  const n = series.length
  return {
    kind: 'theta',
    theta: theta === 'optimised' ? 1 / (1 - best.lineShare) : theta,
    smoothing: best.smoothing,
    line: { intercept: line.intercept * unit, slope: line.slope * unit },
    n,
    startLevel: best.startLevel * unit,
    level: run.level * unit,
    season,
    seasons: figure.map((_, slot) => figure[(n + slot) % period]! * (season === 'additive' ? unit : 1)),
    sigma: Math.sqrt(run.squares / Math.max(1, free)) * unit,
    fitted: run.fitted.map((value, at) => withSeason(value, season, figure[at % period]) * unit),
  }
}

/**
 * The next values by `fitTheta`, with the bounds of exponential smoothing with drift, to which Theta is equal.
 *
 * @throws RapportError `forecast.horizon`, `forecast.confidence`
 *
 * Source: Hyndman & Billah, "Unmasking the Theta method", International Journal of Forecasting 19(2), 2003.
 */
export function forecastTheta(model: ThetaModel, options: ForecastOptions): Forecast {
  const { horizon, confidence } = checkForecast(options)
  const { theta, smoothing, line, n, season, seasons, sigma } = model
  const seasonAt = (step: number): number | undefined => seasons[step % seasons.length]
  let { level } = model
  const mean = Float64Array.from({ length: horizon }, (_, step) => {
    const drift = (1 - 1 / theta) * lineTerm(line, smoothing, n + step + 1)
    const expected = level + drift
    // The level follows what is expected, as if it had come.
    level += smoothing * drift
    return withSeason(expected, season, seasonAt(step))
  })
  const deviation = mean.map((_, step) => {
    const plain = sigma * Math.sqrt(1 + step * smoothing * smoothing)
    return season === 'multiplicative' ? plain * Math.abs(seasonAt(step)!) : plain
  })
  return normalForecast(mean, deviation, confidence)
}

function foundSeason(series: Float64Array, period: number): SeasonKind | 'none' {
  if (!isSeasonal(series, period)) return 'none'
  return series.some((value) => value <= 0) ? 'additive' : 'multiplicative'
}

function checkSeason(series: Float64Array, period: number, season: SeasonKind | 'none'): void {
  if (season !== 'none' && period < 2) {
    throw new RapportError('theta.season', `seasons must have a period of at least 2, got ${period}`)
  }
  const wrong = season === 'multiplicative' ? series.findIndex((value) => value <= 0) : -1
  if (wrong >= 0) {
    throw new RapportError(
      'theta.season',
      `every value must be above 0 for seasons as factors, got ${series[wrong]} at position ${wrong}`,
    )
  }
}

function withoutSeason(value: number, season: SeasonKind | 'none', figure: number | undefined): number {
  if (season === 'none') return value
  return season === 'additive' ? value - figure! : value / figure!
}

function withSeason(value: number, season: SeasonKind | 'none', figure: number | undefined): number {
  if (season === 'none') return value
  return season === 'additive' ? value + figure! : value * figure!
}

/** The smoothing in [1e-4, 0.9999] with the least squared error: the best of a grid, then the golden section around it. */
function bestSmoothing(at: (smoothing: number) => ThetaFit): ThetaFit {
  const grid = [1e-4, ...Array.from({ length: 39 }, (_, step) => (step + 1) / 40), 0.9999]
  const fits = grid.map(at)
  let best = 0
  fits.forEach((fit, index) => {
    if (fit.squares < fits[best]!.squares) best = index
  })
  let low = grid[Math.max(0, best - 1)]!
  let high = grid[Math.min(grid.length - 1, best + 1)]!
  let found = fits[best]!
  const ratio = (Math.sqrt(5) - 1) / 2
  for (let round = 0; round < 50 && high - low > 1e-10; round += 1) {
    const [left, right] = [at(high - ratio * (high - low)), at(low + ratio * (high - low))]
    if (left.squares <= right.squares) high = right.smoothing
    else low = left.smoothing
    const better = left.squares <= right.squares ? left : right
    if (better.squares < found.squares) found = better
  }
  return found
}

function runTheta(
  series: Float64Array,
  line: StraightLine,
  { smoothing, startLevel, lineShare }: ThetaFit,
): { fitted: Float64Array; level: number; squares: number } {
  let level = startLevel
  let squares = 0
  const fitted = series.map((value, at) => {
    const expected = level + lineShare * lineTerm(line, smoothing, at + 1)
    level += smoothing * ((Number.isNaN(value) ? expected : value) - level)
    if (!Number.isNaN(value)) squares += (value - expected) ** 2
    return expected
  })
  return { fitted, level, squares }
}
