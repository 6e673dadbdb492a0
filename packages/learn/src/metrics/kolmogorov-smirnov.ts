import type { MetricOptions } from './metric.ts'
import { type NoCurve, rocCurve } from './ranking.ts'

/** How far the scores of the two classes lie apart. */
export interface ClassSeparation {
  readonly defined: true
  /** Largest difference of the shares of the classes that score at or above a threshold, 0 … 1. */
  readonly value: number
  /** The threshold where they differ most: the highest, if there are several. */
  readonly threshold: number
}

/**
 * The Kolmogorov-Smirnov distance of the scores of class 1 from those of class 0: how far the two separate at the one
 * threshold where they do most. Usual for credit and lead scores; says nothing of the rest of the ranking.
 *
 * @param scores `[n]` any numbers
 * @param labels `[n]` 0 or 1
 * @returns 0 … 1, whichever class scores higher, or the reason that there is none
 * @throws RapportError as `rocAuc`
 *
 * Source: as scipy's `ks_2samp` of the two classes.
 *
 * @example
 * kolmogorovSmirnov([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) // value 0.5, threshold 0.8
 */
export function kolmogorovSmirnov(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: MetricOptions = {},
): ClassSeparation | NoCurve {
  const curve = rocCurve(scores, labels, options)
  if (!curve.defined) return curve
  let [value, threshold] = [0, curve.thresholds[0]!]
  curve.thresholds.forEach((at, step) => {
    const apart = Math.abs(curve.truePositiveRates[step]! - curve.falsePositiveRates[step]!)
    if (apart > value) [value, threshold] = [apart, at]
  })
  return { defined: true, value, threshold }
}
