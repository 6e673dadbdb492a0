import {
  brier,
  calibrationCurve,
  confusion,
  lift,
  liftCurve,
  logLoss,
  type Metric,
  metricValue,
  prAuc,
  rocAucInterval,
  rocCurve,
} from '@rapport/learn'
import type { ModelQuality } from './result.ts'

const rocPointsMax = 200

/** How good probabilities are on rows that nothing was fitted or tuned on; both classes must be there twice. */
export function judge(name: string, probabilities: Float64Array, labels: Uint8Array): ModelQuality {
  const auc = rocAucInterval(probabilities, labels)
  if (!auc.defined) throw new TypeError(`both classes must be there to judge, got ${auc.because}`)
  const { precision, recall, f1 } = confusion(probabilities, labels)
  const gains = liftCurve(probabilities, labels)
  return {
    name,
    rocAuc: auc.value,
    rocAucInterval: { low: auc.low, high: auc.high },
    prAuc: metricValue(prAuc(probabilities, labels)),
    logLoss: metricValue(logLoss(probabilities, labels)),
    brier: metricValue(brier(probabilities, labels)),
    liftTop10: metricValue(lift(probabilities, labels)),
    precision: orNull(precision),
    recall: orNull(recall),
    f1: orNull(f1),
    roc: thinnedRoc(probabilities, labels),
    calibration: calibrationCurve(probabilities, labels, { strategy: 'quantile' }).map((bin) => ({
      predicted: bin.predicted,
      seen: bin.observed,
      interval: { low: bin.low, high: bin.high },
      customers: bin.count,
    })),
    gain: gains.defined ? gains.points.map(({ share, gain }) => ({ share, found: gain })) : [],
  }
}

/** Precision has no value where nobody is predicted to lapse. */
const orNull = (metric: Metric): number | null => (metric.defined ? metric.value : null)

function thinnedRoc(probabilities: Float64Array, labels: Uint8Array): ModelQuality['roc'] {
  const curve = rocCurve(probabilities, labels)
  if (!curve.defined) return { falsePositive: [], truePositive: [] }
  const last = curve.falsePositiveRates.length - 1
  const points = Math.min(rocPointsMax - 1, last)
  const places = Array.from({ length: points + 1 }, (_, at) => Math.round((at * last) / Math.max(points, 1)))
  return {
    falsePositive: places.map((place) => curve.falsePositiveRates[place]!),
    truePositive: places.map((place) => curve.truePositiveRates[place]!),
  }
}
