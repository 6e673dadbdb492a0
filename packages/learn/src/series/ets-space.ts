import { place } from './ets-filter.ts'
import type { EtsForm } from './ets-form.ts'

// The bounds of R's forecast package: damping nearer to 1 is not told from none by any usual length of series.
const smoothingMin = 1e-4
const smoothingMax = 0.9999
const dampingMin = 0.8
const dampingMax = 0.98

/**
 * The parameters of a form as unbounded numbers that a minimiser may move freely.
 *
 * Smoothing keeps to the usual region, trend ≤ level and season ≤ 1 − level, in which every observation pulls the states
 * towards itself. Seasons are kept at a mean of 0 or 1, so that they and the level say one thing each.
 */
export interface EtsSpace {
  /** Writes the form's point, as laid out by `place`, for free numbers `[d]`. */
  point(free: Float64Array, point: Float64Array): void
  /** Writes the slopes by the free numbers for slopes by the point. */
  gradient(free: Float64Array, byPoint: Float64Array, gradient: Float64Array): void
  /** The free numbers of a point. */
  free(point: Float64Array): Float64Array
}

/** @param scale the size of the series' moves, which makes states as easy to search as smoothing */
export function etsSpace(form: EtsForm, period: number, scale: number): EtsSpace {
  const hasTrend = form.trend !== 'none'
  const hasSeason = form.season !== 'none'
  // Places among the free numbers; the level comes first, with and without the others.
  let next = 1
  const take = (isThere: boolean): number => (isThere ? next++ : -1)
  const trend = take(hasTrend)
  const season = take(hasSeason)
  const damping = take(form.damped)
  const startLevel = take(true)
  const startSlope = take(hasTrend)
  const startSeason = next
  const d = next + (hasSeason ? period : 0)
  const slopeScale = form.trend === 'multiplicative' ? 0.1 : scale / 10
  const seasonScale = form.season === 'multiplicative' ? 0.1 : scale
  const seasonMean = form.season === 'multiplicative' ? 1 : 0

  return {
    point(free, point) {
      const level = between(smoothingMin, smoothingMax, free[0]!)
      point[place.level] = level
      point[place.trend] = hasTrend ? between(smoothingMin, level, free[trend]!) : 0
      point[place.season] = hasSeason ? between(smoothingMin, 1 - level, free[season]!) : 0
      point[place.damping] = form.damped ? between(dampingMin, dampingMax, free[damping]!) : 1
      point[place.startLevel] = free[startLevel]! * scale
      point[place.startSlope] = hasTrend
        ? free[startSlope]! * slopeScale + (form.trend === 'multiplicative' ? 1 : 0)
        : 0
      if (!hasSeason) return
      const mean = free.subarray(startSeason).reduce((sum, value) => sum + value, 0) / period
      for (let slot = 0; slot < period; slot += 1) {
        point[place.startSeason + slot] = (free[startSeason + slot]! - mean) * seasonScale + seasonMean
      }
    },
    gradient(free, byPoint, gradient) {
      const level = between(smoothingMin, smoothingMax, free[0]!)
      let byLevel = byPoint[place.level]!
      if (hasTrend) {
        const share = logistic(free[trend]!)
        byLevel += byPoint[place.trend]! * share
        gradient[trend] = byPoint[place.trend]! * (level - smoothingMin) * share * (1 - share)
        gradient[startSlope] = byPoint[place.startSlope]! * slopeScale
      }
      if (hasSeason) {
        const share = logistic(free[season]!)
        byLevel -= byPoint[place.season]! * share
        gradient[season] = byPoint[place.season]! * (1 - level - smoothingMin) * share * (1 - share)
        const bySeasons = byPoint.subarray(place.startSeason)
        const mean = bySeasons.reduce((sum, value) => sum + value, 0) / period
        for (let slot = 0; slot < period; slot += 1) {
          gradient[startSeason + slot] = (bySeasons[slot]! - mean) * seasonScale
        }
      }
      if (form.damped) {
        const share = logistic(free[damping]!)
        gradient[damping] = byPoint[place.damping]! * (dampingMax - dampingMin) * share * (1 - share)
      }
      const share = logistic(free[0]!)
      gradient[0] = byLevel * (smoothingMax - smoothingMin) * share * (1 - share)
      gradient[startLevel] = byPoint[place.startLevel]! * scale
    },
    free(point) {
      const free = new Float64Array(d)
      free[0] = logit((point[place.level]! - smoothingMin) / (smoothingMax - smoothingMin))
      if (hasTrend) {
        free[trend] = logit((point[place.trend]! - smoothingMin) / (point[place.level]! - smoothingMin))
        free[startSlope] = (point[place.startSlope]! - (form.trend === 'multiplicative' ? 1 : 0)) / slopeScale
      }
      if (hasSeason) {
        free[season] = logit((point[place.season]! - smoothingMin) / (1 - point[place.level]! - smoothingMin))
        for (let slot = 0; slot < period; slot += 1) {
          free[startSeason + slot] = (point[place.startSeason + slot]! - seasonMean) / seasonScale
        }
      }
      if (form.damped) free[damping] = logit((point[place.damping]! - dampingMin) / (dampingMax - dampingMin))
      free[startLevel] = point[place.startLevel]! / scale
      return free
    },
  }
}

const logistic = (free: number): number => 1 / (1 + Math.exp(-free))
const logit = (share: number): number => Math.log(share / (1 - share))
const between = (low: number, high: number, free: number): number => low + (high - low) * logistic(free)
