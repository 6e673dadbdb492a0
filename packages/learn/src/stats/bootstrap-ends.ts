import { normalCdf, normalQuantile } from '@rapport/numerics'
import { quantileOf } from '../preparation/quantile.ts'

/** Ends of the middle of a bootstrap distribution. @param ascending `[n]` sorted, at least one */
export function percentileEnds(ascending: Float64Array, confidence: number): { low: number; high: number } {
  const tail = (1 - confidence) / 2
  return { low: quantileOf(ascending, tail), high: quantileOf(ascending, 1 - tail) }
}

/**
 * Ends of the bias-corrected and accelerated interval.
 *
 * @param ascending `[n]` sorted values of the statistic on resamples
 * @param value on the rows themselves
 * @param acceleration from `accelerationOf`
 * @returns NaN twice when the value lies beyond all resamples: then there is no telling how biased they are
 *
 * Source: Efron, "Better bootstrap confidence intervals", JASA 82, 1987. As scipy's `bootstrap`, ties counting half.
 */
export function acceleratedEnds(
  ascending: Float64Array,
  value: number,
  acceleration: number,
  confidence: number,
): { low: number; high: number } {
  let below = 0
  for (const other of ascending) below += other < value ? 1 : other === value ? 0.5 : 0
  const bias = normalQuantile(below / ascending.length)
  if (!Number.isFinite(bias)) return { low: Number.NaN, high: Number.NaN }
  const end = (share: number): number => {
    const moved = bias + normalQuantile(share)
    return quantileOf(ascending, normalCdf(bias + moved / (1 - acceleration * moved)))
  }
  const tail = (1 - confidence) / 2
  return { low: end(tail), high: end(1 - tail) }
}

/**
 * How fast the standard error changes with the value: a sixth of the skewness of what single rows, or blocks of them, do to
 * the statistic, stratum by stratum.
 *
 * @param strata values of the statistic with each part of a stratum left out
 * @returns 0 when nothing changes it
 *
 * Source: Efron & Tibshirani, *An introduction to the bootstrap*, 1993, eq. 14.15; strata as scipy's samples.
 */
export function accelerationOf(strata: readonly ArrayLike<number>[]): number {
  let [cubes, squares] = [0, 0]
  for (const values of strata) {
    const n = values.length
    let mean = 0
    for (let at = 0; at < n; at += 1) mean += values[at]! / n
    for (let at = 0; at < n; at += 1) {
      const influence = ((n - 1) * (mean - values[at]!)) / n
      cubes += influence ** 3
      squares += influence ** 2
    }
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0
}
