import { normalQuantile, RapportError, seededRandom } from '@rapport/numerics'

export interface EstimateOptions {
  /** Share of samples whose interval would hold the true mean, in (0, 1). Default 0.95. */
  readonly level?: number
  /**
   * `normal` takes mean ± z × standard error; `bootstrap` the percentiles of resampled means, better for few users or
   * values that are nearly all 0. Default `normal`.
   */
  readonly interval?: 'normal' | 'bootstrap'
  /** Resamples of the bootstrap, ≥ 100. Default 1000. */
  readonly resamples?: number
  /** Seed of the bootstrap. Default 0. */
  readonly seed?: number
}

/** A mean over users and where it could have been with other users of the same kind. */
export interface Estimate {
  readonly mean: number
  /** Ends of the interval, equal to each other only when every user has the same value; NaN for a single user. */
  readonly low: number
  readonly high: number
}

/**
 * The mean of one value per user, with its interval.
 *
 * @param values `[n]`, n ≥ 1
 * @throws RapportError `ranking.level` or `ranking.resamples`
 *
 * @example
 * estimateMean(Float64Array.of(0, 1, 1, 0)).mean // 0.5
 */
export function estimateMean(values: Float64Array, options: EstimateOptions = {}): Estimate {
  const { level = 0.95, interval = 'normal', resamples = 1000, seed = 0 } = options
  if (!(level > 0 && level < 1)) throw new RapportError('ranking.level', `level must be between 0 and 1, got ${level}`)
  if (!(Number.isInteger(resamples) && resamples >= 100)) {
    throw new RapportError('ranking.resamples', `resamples must be a whole number of at least 100, got ${resamples}`)
  }
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  if (n < 2) return { mean, low: NaN, high: NaN }
  if (interval === 'bootstrap') return { mean, ...bootstrapEnds(values, level, resamples, seed) }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  const margin = normalQuantile(0.5 + level / 2) * Math.sqrt(variance / n)
  return { mean, low: mean - margin, high: mean + margin }
}

function bootstrapEnds(
  values: Float64Array,
  level: number,
  resamples: number,
  seed: number,
): { low: number; high: number } {
  const random = seededRandom(seed)
  const n = values.length
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0
    for (let draw = 0; draw < n; draw += 1) sum += values[random.integer(n)]!
    return sum / n
  }).sort()
  const at = (share: number): number => means[Math.round(share * (resamples - 1))]!
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) }
}
