import { place } from './ets-filter.ts'
import type { EtsForm } from './ets-form.ts'
import { straightLine } from './straight-line.ts'

/**
 * Rough starting states of a form: seasons from the first cycles, level and slope from a line through what is then left of
 * the first values. A place for the search to begin, no more.
 *
 * @param smoothing the level's smoothing to begin with, in (0, 1)
 * @returns a point as laid out by `place`
 */
export function startingPoint(form: EtsForm, period: number, series: Float64Array, smoothing: number): Float64Array {
  const point = new Float64Array(place.startSeason + (form.season === 'none' ? 0 : period))
  point[place.level] = smoothing
  point[place.trend] = form.trend === 'none' ? 0 : smoothing * 0.1
  point[place.season] = form.season === 'none' ? 0 : (1 - smoothing) * 0.1
  point[place.damping] = form.damped ? 0.95 : 1

  const isFactor = form.season === 'multiplicative'
  const seasons = form.season === 'none' ? undefined : firstSeasons(series, period, isFactor)
  if (seasons !== undefined) point.set(seasons, place.startSeason)
  const left = series.slice(0, Math.max(10, 2 * period)).map((value, step) => {
    if (seasons === undefined) return value
    return isFactor ? value / seasons[step % period]! : value - seasons[step % period]!
  })
  const { intercept, slope } = left.every(Number.isNaN) ? { intercept: 0, slope: 0 } : straightLine(left)
  if (form.trend === 'none') {
    point[place.startLevel] = meanOf(left)
  } else if (form.trend === 'additive') {
    point[place.startLevel] = intercept
    point[place.startSlope] = slope
  } else {
    const level = intercept > 0 ? intercept : meanOf(left)
    point[place.startLevel] = level
    point[place.startSlope] = Math.min(1.2, Math.max(0.8, 1 + slope / level))
  }
  // A line may begin below 0, where a form of products has no meaning; the mean is always inside.
  if ((form.error === 'multiplicative' || isFactor) && !(point[place.startLevel]! > 0)) {
    point[place.startLevel] = meanOf(left)
    point[place.startSlope] = form.trend === 'multiplicative' ? 1 : 0
  }
  return point
}

/** Each season's mean distance (or ratio) to its cycle's mean over the first four cycles; 0 (or 1) where never seen. */
function firstSeasons(series: Float64Array, period: number, isFactor: boolean): Float64Array {
  const sums = new Float64Array(period)
  const counts = new Float64Array(period)
  const cycles = Math.max(1, Math.min(4, Math.floor(series.length / period)))
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const values = series.subarray(cycle * period, (cycle + 1) * period)
    const mean = meanOf(values)
    values.forEach((value, slot) => {
      if (Number.isNaN(value)) return
      sums[slot]! += isFactor ? value / mean : value - mean
      counts[slot]! += 1
    })
  }
  const neutral = isFactor ? 1 : 0
  const seasons = sums.map((sum, slot) => (counts[slot]! > 0 ? sum / counts[slot]! : neutral))
  const mean = meanOf(seasons)
  // No factor near 0, by which the values are divided next.
  return seasons.map((season) => (isFactor ? Math.max(season / mean, 0.01) : season - mean))
}

function meanOf(values: Float64Array): number {
  let [sum, count] = [0, 0]
  for (const value of values) {
    if (Number.isNaN(value)) continue
    sum += value
    count += 1
  }
  return count > 0 ? sum / count : 0
}
