import { seededRandom } from '@rapport/numerics'
import type { EtsModel } from './ets.ts'
import { checkForecast, type Forecast, type ForecastOptions, normalForecast } from './forecast.ts'
import { largestOf } from './series.ts'

export interface EtsForecastOptions extends ForecastOptions {
  /** For the paths of the forms whose variance has no closed form; the same seed gives the same bounds. Default 1. */
  readonly seed?: number
}

const pathsDrawn = 5000

/**
 * The next values by `fitEts`: the states carried on without errors, with bounds that hold both the errors to come and what
 * they do to the states. What the parameters themselves may be off by is not in the bounds.
 *
 * @returns normal bounds with exact variances for additive forms and those whose error multiplies; with a season that
 *   multiplies they are exact within one period, and beyond it up to the square of the errors' variance. Multiplicative trends, and additive errors beside
 *   seasons that multiply, have the quantiles of 5,000 drawn paths
 * @throws RapportError `forecast.horizon`, `forecast.confidence`, `random.seed`
 *
 * Source: Hyndman, Koehler, Ord & Snyder 2008, §6.2 (class 1), §6.3 (class 2), §6.4 (class 3, whose approximation beyond one
 * period leaves out that level and season move together; ours does not).
 */
export function forecastEts(model: EtsModel, options: EtsForecastOptions): Forecast {
  const { horizon, confidence } = checkForecast(options)
  const { form } = model
  const mean = walk(model, horizon, () => 0)
  const hasVariance =
    form.trend !== 'multiplicative' && (form.season !== 'multiplicative' || form.error === 'multiplicative')
  if (hasVariance) return normalForecast(mean, deviationAhead(model, mean), confidence)
  return { mean, ...drawnBounds(model, horizon, confidence, options.seed ?? 1), confidence }
}

/** Standard deviation of each step ahead, for the forms of classes 1 to 3. */
function deviationAhead({ form, period, smoothing, sigma, end }: EtsModel, mean: Float64Array): Float64Array {
  const timesSeason = form.season === 'multiplicative'
  // What an error of 1 now does to the value `step` later, seasons that multiply left out.
  const effects = mean.map((_, step) => {
    const ofSeason = form.season === 'additive' && step > 0 && step % period === 0 ? smoothing.season : 0
    return step === 0 ? 1 : smoothing.level + smoothing.trend * dampedSteps(smoothing.damping, step) + ofSeason
  })
  if (form.error === 'additive') {
    let sum = 0
    return effects.map((effect) => {
      sum += effect * effect
      return sigma * Math.sqrt(sum)
    })
  }
  const errorVariance = sigma * sigma
  // Second moments of what is expected with the seasons divided out, relative to its size, whose square may be out of range.
  const unseasoned = mean.map((value, step) => (timesSeason ? value / end.seasons[step % period]! : value))
  const size = largestOf(unseasoned) || 1
  const plain = unseasoned.map((value) => value / size)
  const moments = new Float64Array(mean.length)
  return plain.map((value, step) => {
    let moment = value * value
    for (let back = 1; back <= step; back += 1) {
      // The error of whole periods ago has moved this step's season too, in one direction with the level.
      const ofSeason = timesSeason && back % period === 0 ? smoothing.season * value : 0
      moment += errorVariance * (effects[back]! * Math.sqrt(moments[step - back]!) + ofSeason) ** 2
    }
    moments[step] = moment
    const season = timesSeason ? end.seasons[step % period]! : 1
    return size * season * Math.sqrt(moment * (1 + errorVariance) - value * value)
  })
}

/** damping + damping² + … over `steps` terms. */
function dampedSteps(damping: number, steps: number): number {
  return damping === 1 ? steps : (damping * (1 - damping ** steps)) / (1 - damping)
}

/** The values to come when each has the error that `draw` gives, in the units of `sigma`. */
function walk({ form, smoothing, sigma, end, period }: EtsModel, horizon: number, draw: () => number): Float64Array {
  const isProduct = form.trend === 'multiplicative'
  const timesSeason = form.season === 'multiplicative'
  const seasons = end.seasons.slice()
  let { level, slope } = end
  return Float64Array.from({ length: horizon }, (_, step) => {
    const carried = isProduct ? slope ** smoothing.damping : slope * smoothing.damping
    const base = isProduct ? level * carried : level + carried
    const slot = step % period
    const season = form.season === 'none' ? (timesSeason ? 1 : 0) : seasons[slot]!
    const expected = timesSeason ? base * season : base + season
    const difference = sigma * draw() * (form.error === 'multiplicative' ? expected : 1)
    const push = timesSeason ? difference / season : difference
    slope = carried + (isProduct ? (smoothing.trend * push) / level : smoothing.trend * push)
    level = base + smoothing.level * push
    if (timesSeason) seasons[slot] = season + (smoothing.season * difference) / base
    else if (form.season === 'additive') seasons[slot] = season + smoothing.season * difference
    return expected + difference
  })
}

/** The bounds of the middle `confidence` of drawn paths, a step. */
function drawnBounds(
  model: EtsModel,
  horizon: number,
  confidence: number,
  seed: number,
): { low: Float64Array; high: Float64Array } {
  const random = seededRandom(seed)
  const paths = Array.from({ length: pathsDrawn }, () => walk(model, horizon, () => random.normal()))
  const low = new Float64Array(horizon)
  const high = new Float64Array(horizon)
  for (let step = 0; step < horizon; step += 1) {
    const ascending = Float64Array.from(paths, (path) => path[step]!)
      // A path that left the form's domain (a level below 0) has no value from there on.
      .filter((value) => !Number.isNaN(value))
      .sort()
    const tail = ((1 - confidence) / 2) * (ascending.length - 1)
    low[step] = ascending[Math.floor(tail)]!
    high[step] = ascending[Math.ceil(ascending.length - 1 - tail)]!
  }
  return { low, high }
}
