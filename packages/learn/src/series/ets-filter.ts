import type { EtsForm } from './ets-form.ts'

/** Where the numbers of a form lie in one array: four of smoothing, two of state, then the seasons. */
export const place = {
  level: 0,
  trend: 1,
  season: 2,
  damping: 3,
  startLevel: 4,
  startSlope: 5,
  startSeason: 6,
} as const

/** What one pass over a series leaves behind; its arrays are written again by every pass. */
export interface EtsPass {
  /** `[n]` what was expected of each value from those before it. */
  readonly fitted: Float64Array
  /** `[n]` value less what was expected, 0 where the value is missing. */
  readonly differences: Float64Array
  /** `[n + 1]` states before each step and after the last one; the slope is 0 or 1 in a form without a trend. */
  readonly levels: Float64Array
  readonly slopes: Float64Array
  /** `[n + period]` the season that each step used; the last `period` are those of the next ones. */
  readonly seasons: Float64Array
}

/** A series with room for passes over it. */
export function etsPass(n: number, period: number): EtsPass {
  const [fitted, differences] = [new Float64Array(n), new Float64Array(n)]
  const [levels, slopes] = [new Float64Array(n + 1), new Float64Array(n + 1)]
  return { fitted, differences, levels, slopes, seasons: new Float64Array(n + period) }
}

/**
 * Runs the form over the series, in error-correction form. The states move alike for both kinds of error, which differ
 * in the likelihood alone. A missing value moves the states as if it had come as expected.
 *
 * @param point as laid out by `place`
 * @returns false when a part that must be above 0 is not
 *
 * Source: Hyndman, Koehler, Ord & Snyder, "Forecasting with exponential smoothing", 2008, tables 2.2 and 2.3.
 */
export function runEts(
  form: EtsForm,
  period: number,
  series: Float64Array,
  point: Float64Array,
  pass: EtsPass,
): boolean {
  const { fitted, differences, levels, slopes, seasons } = pass
  const [alpha, beta, gamma, damping] = point as unknown as [number, number, number, number]
  const isProduct = form.trend === 'multiplicative'
  const [addsSeason, timesSeason] = [form.season === 'additive', form.season === 'multiplicative']
  let level = point[place.startLevel]!
  let slope = isProduct ? 1 : 0
  if (form.trend !== 'none') slope = point[place.startSlope]!
  seasons.fill(timesSeason ? 1 : 0)
  if (form.season !== 'none') seasons.set(point.subarray(place.startSeason))
  levels[0] = level
  slopes[0] = slope
  for (let step = 0; step < series.length; step += 1) {
    if (isProduct && !(slope > 0 && level > 0)) return false
    const carried = isProduct ? slope ** damping : slope * damping
    const base = isProduct ? level * carried : level + carried
    const season = seasons[step]!
    const expected = timesSeason ? base * season : base + season
    if ((timesSeason && !(base > 0 && season > 0)) || (form.error === 'multiplicative' && !(expected > 0))) return false
    const seen = series[step]!
    const difference = Number.isNaN(seen) ? 0 : seen - expected
    fitted[step] = expected
    differences[step] = difference
    const push = timesSeason ? difference / season : difference
    slope = carried + (isProduct ? (beta * push) / level : beta * push)
    level = base + alpha * push
    levels[step + 1] = level
    slopes[step + 1] = slope
    if (timesSeason) seasons[step + period] = season + (gamma * difference) / base
    else if (addsSeason) seasons[step + period] = season + gamma * difference
  }
  return Number.isFinite(level) && Number.isFinite(slope)
}

/**
 * Carries the slopes of a function of the fitted values back through the pass of `runEts`, to the slopes by its point.
 *
 * @param byFitted `[n]` the function's slope by each fitted value where the differences are held fast
 * @param byDifference `[n]` its slope by each difference, 0 where the value is missing
 * @param gradient written, as laid out by `place`
 *
 * Cost: twice the pass.
 */
export function backEts(
  form: EtsForm,
  period: number,
  series: Float64Array,
  point: Float64Array,
  pass: EtsPass,
  byFitted: Float64Array,
  byDifference: Float64Array,
  gradient: Float64Array,
): void {
  const { differences, levels, slopes, seasons } = pass
  const [alpha, beta, gamma, damping] = point as unknown as [number, number, number, number]
  const isProduct = form.trend === 'multiplicative'
  const timesSeason = form.season === 'multiplicative'
  gradient.fill(0)
  let toLevel = 0
  let toSlope = 0
  const toSeasons = new Float64Array(seasons.length)
  for (let step = differences.length - 1; step >= 0; step -= 1) {
    const [level, slope, season] = [levels[step]!, slopes[step]!, seasons[step]!]
    const carried = isProduct ? slope ** damping : slope * damping
    const base = isProduct ? level * carried : level + carried
    const difference = differences[step]!
    const push = timesSeason ? difference / season : difference
    const divisor = isProduct ? level : 1
    const toNextSeason = form.season === 'none' ? 0 : toSeasons[step + period]!
    gradient[place.level]! += toLevel * push
    gradient[place.trend]! += (toSlope * push) / divisor
    gradient[place.season]! += (toNextSeason * difference) / (timesSeason ? base : 1)

    const toPush = toLevel * alpha + (toSlope * beta) / divisor
    let toDifference = (toNextSeason * gamma) / (timesSeason ? base : 1) + toPush / (timesSeason ? season : 1)
    let toBase = toLevel
    let toSeason = toNextSeason
    if (timesSeason) {
      toBase -= (toNextSeason * gamma * difference) / (base * base)
      toSeason -= (toPush * difference) / (season * season)
    }
    toDifference += byDifference[step]!
    const toExpected = byFitted[step]! - (Number.isNaN(series[step]) ? 0 : toDifference)
    toBase += timesSeason ? toExpected * season : toExpected
    toSeason += timesSeason ? toExpected * base : toExpected
    toSeasons[step] = toSeason

    const toCarried = toSlope + (isProduct ? toBase * level : toBase)
    const ofLevel = isProduct ? (toSlope * beta * push) / (level * level) : 0
    toLevel = (isProduct ? toBase * carried : toBase) - ofLevel
    toSlope = isProduct ? toCarried * damping * slope ** (damping - 1) : toCarried * damping
    gradient[place.damping]! += isProduct ? toCarried * carried * Math.log(slope) : toCarried * slope
  }
  gradient[place.startLevel] = toLevel
  gradient[place.startSlope] = toSlope
  if (form.season !== 'none') gradient.set(toSeasons.subarray(0, period), place.startSeason)
}
