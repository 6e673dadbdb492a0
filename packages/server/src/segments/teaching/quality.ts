import {
  brier,
  type CalibrationBin,
  calibrationCurve,
  confusion,
  expectedCalibrationError,
  metricValue,
  rocAucInterval,
} from '@rapport/learn'

/** How well one class is told from the others, by what was said of customers that the model had not seen. */
export interface TaughtQuality {
  readonly class: string
  /** Labelled customers of it, and of others. */
  readonly positives: number
  readonly negatives: number
  /** Area under the ROC curve with DeLong's 95 % interval; half would be chance. */
  readonly auc: { readonly value: number; readonly low: number; readonly high: number }
  /** From this probability on a customer is in the segment. */
  readonly threshold: number
  /** Of those called in, how many are; null when nobody was. */
  readonly precision: number | null
  /** Of those who are, how many were called in. */
  readonly recall: number
  readonly f1: number
  readonly brier: number
  /** That of telling everybody the class's share. */
  readonly baselineBrier: number
  readonly baselinePrecision: number
  readonly calibrationError: number
  readonly calibration: readonly CalibrationBin[]
}

/** @param probabilities `[n]` of the class, out of fold @param isOf `[n]` 0 or 1, at least two of each */
export function qualityOf(
  name: string,
  probabilities: Float64Array,
  isOf: Uint8Array,
  threshold: number,
): TaughtQuality {
  const positives = isOf.reduce((sum, one) => sum + one, 0)
  const share = positives / isOf.length
  const auc = rocAucInterval(probabilities, isOf)
  const { precision, recall, f1 } = confusion(probabilities, isOf, { threshold })
  const bins = { bins: Math.max(2, Math.min(10, Math.floor(isOf.length / 30))), strategy: 'quantile' } as const
  return {
    class: name,
    ...{ positives, negatives: isOf.length - positives, threshold },
    auc: auc.defined ? { value: auc.value, low: auc.low, high: auc.high } : { value: 0.5, low: 0, high: 1 },
    precision: precision.defined ? precision.value : null,
    recall: metricValue(recall),
    f1: f1.defined ? f1.value : 0,
    brier: metricValue(brier(probabilities, isOf)),
    baselineBrier: share * (1 - share),
    baselinePrecision: share,
    calibrationError: metricValue(expectedCalibrationError(probabilities, isOf, bins)),
    calibration: calibrationCurve(probabilities, isOf, bins),
  }
}

/** The probability at which precision and recall balance best (F1); the highest of equals. */
export function balancedThreshold(probabilities: Float64Array, isOf: Uint8Array): number {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]!)
  const positives = isOf.reduce((sum, one) => sum + one, 0)
  let [best, threshold, found] = [-1, 0.5, 0]
  order.forEach((row, at) => {
    found += isOf[row]!
    const next = order[at + 1]
    if (next !== undefined && probabilities[next] === probabilities[row]) return
    const f1 = (2 * found) / (at + 1 + positives)
    // Halfway to the next: a customer just like the last one in is in.
    if (f1 > best) {
      best = f1
      threshold = next === undefined ? probabilities[row]! : (probabilities[row]! + probabilities[next]!) / 2
    }
  })
  return threshold
}
