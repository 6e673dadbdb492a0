import { RapportError } from '@rapport/numerics'
import { quantileOf } from '../preparation/quantile.ts'
import { wilsonInterval } from '../stats/wilson-interval.ts'
import { defined, type Metric, missing } from './metric.ts'
import { probabilityRows } from './probability.ts'

export interface CalibrationCurveOptions {
  /** Number of bins, at least 1. Default 10. */
  readonly bins?: number
  /** Bins of equal width, or with equally many rows. Default `width`. */
  readonly strategy?: 'width' | 'quantile'
  /** Confidence of the intervals, in (0, 1). Default 0.95. */
  readonly confidence?: number
}

/** Predicted and observed in one bin of predictions. */
export interface CalibrationBin {
  /** Predictions above `from` (in the first bin: at or above) up to `to`. */
  readonly from: number
  readonly to: number
  /** Rows in the bin, at least 1. */
  readonly count: number
  /** Mean of the predicted probabilities. */
  readonly predicted: number
  /** Share of class 1. */
  readonly observed: number
  /** Wilson interval of the observed share. */
  readonly low: number
  readonly high: number
}

/**
 * Predicted probabilities against observed shares, bin by bin. Bins without rows are left out.
 *
 * @param probabilities `[n]` 0 … 1
 * @param labels `[n]` 0 or 1
 * @returns at most `bins` bins, rising; none for no rows
 * @throws RapportError `metrics.bins`, `metrics.probabilities`, and as `rocAuc`
 *
 * Source: bins as scikit-learn's `calibration_curve`; intervals Wilson 1927.
 *
 * @example
 * calibrationCurve([0.1, 0.9], [0, 1], { bins: 2 }).map((bin) => bin.observed) // [0, 1]
 */
export function calibrationCurve(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  { bins = 10, strategy = 'width', confidence = 0.95 }: CalibrationCurveOptions = {},
): CalibrationBin[] {
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RapportError('metrics.bins', `bins must be a whole number ≥ 1, got ${bins}`)
  }
  const rows = probabilityRows(probabilities, labels)
  if (rows.n === 0) return []
  const edges = strategy === 'width' ? evenEdges(bins) : quantileEdges(rows.scores, bins)
  const counts = new Float64Array(bins)
  const sums = new Float64Array(bins)
  const positives = new Float64Array(bins)
  for (let row = 0; row < rows.n; row += 1) {
    const probability = rows.scores[row]!
    let bin = 0
    while (bin < bins - 1 && probability > edges[bin + 1]!) bin += 1
    counts[bin]! += 1
    sums[bin]! += probability
    positives[bin]! += rows.labels[row]!
  }
  return Array.from(counts).flatMap((count, bin) => {
    if (count === 0) return []
    const { low, high } = wilsonInterval(positives[bin]!, count, confidence)
    const observed = positives[bin]! / count
    return [{ from: edges[bin]!, to: edges[bin + 1]!, count, predicted: sums[bin]! / count, observed, low, high }]
  })
}

/**
 * The expected calibration error: mean distance of predicted and observed share over the bins, each by its rows.
 *
 * Falls with fewer bins and is above 0 by chance alone; compare only at the same bins and rows.
 *
 * @returns 0 … 1, or the reason that there is none
 * @throws RapportError as `calibrationCurve`
 *
 * Source: Naeini, Cooper & Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
 */
export function expectedCalibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: CalibrationCurveOptions = {},
): Metric {
  const curve = calibrationCurve(probabilities, labels, options)
  if (curve.length === 0) return missing('no-rows')
  const n = curve.reduce((sum, { count }) => sum + count, 0)
  return defined(curve.reduce((sum, bin) => sum + (bin.count / n) * Math.abs(bin.predicted - bin.observed), 0))
}

const evenEdges = (bins: number): Float64Array => Float64Array.from({ length: bins + 1 }, (_, at) => at / bins)

function quantileEdges(probabilities: Float64Array, bins: number): Float64Array {
  const ascending = probabilities.slice().sort()
  return Float64Array.from({ length: bins + 1 }, (_, at) => quantileOf(ascending, at / bins))
}
