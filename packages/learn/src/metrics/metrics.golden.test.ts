import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import {
  brier,
  calibrationCurve,
  confusion,
  logLoss,
  meanAbsoluteError,
  metricValue,
  prAuc,
  rocAuc,
  rocAucInterval,
  rocCurve,
  rootMeanSquaredError,
  spearman,
} from './index.ts'

// Reference: scikit-learn 1.9.1 and scipy 1.17.1; made by golden/make/metrics.py. Probabilities are rounded to two
// digits so that many are tied, and some weights are 0.
const { values: golden, agree } = readGolden<
  Record<'labels' | 'probabilities' | 'weights' | 'amounts' | 'guesses' | 'confusion', number[]> &
    Record<'calibrationWidth' | 'calibrationQuantile', { observed: number[]; predicted: number[] }> & {
      roc: Record<'falsePositiveRates' | 'truePositiveRates', number[]>
      delong: { value: number; standardError: number; half: number }
    }
>(new URL('golden/metrics.json', import.meta.url))
const { labels, probabilities, weights, amounts, guesses } = golden

test.each([
  ['ROC AUC and curve', 'rocAuc', rocAuc(probabilities, labels)],
  ['ROC AUC and curve', 'rocAucWeighted', rocAuc(probabilities, labels, { weights })],
  ['average precision', 'averagePrecision', prAuc(probabilities, labels)],
  ['average precision', 'averagePrecisionWeighted', prAuc(probabilities, labels, { weights })],
  ['log loss', 'logLoss', logLoss(probabilities, labels)],
  ['log loss', 'logLossWeighted', logLoss(probabilities, labels, { weights })],
  ['log loss', 'logLossCertain', logLoss([0, 1, 0], [0, 1, 1])],
  ['Brier score', 'brier', brier(probabilities, labels)],
  ['Brier score', 'brierWeighted', brier(probabilities, labels, { weights })],
  ['confusion matrix', 'precision', confusion(probabilities, labels).precision],
  ['confusion matrix', 'recall', confusion(probabilities, labels).recall],
  ['confusion matrix', 'f1', confusion(probabilities, labels).f1],
  ['confusion matrix', 'f1Weighted', confusion(probabilities, labels, { weights }).f1],
  ['absolute and squared error', 'meanAbsoluteError', meanAbsoluteError(guesses, amounts)],
  ['absolute and squared error', 'rootMeanSquaredError', rootMeanSquaredError(guesses, amounts)],
  ["Spearman's correlation", 'spearman', spearman(guesses, amounts)],
] as const)('%s as the reference: %s', (method, name, metric) => {
  agree(method, metricValue(metric), (golden as unknown as Record<string, number>)[name]!, 1e-12, 0)
})

test('the confusion matrix and the ROC curve as scikit-learn', () => {
  const found = confusion(probabilities, labels)
  const cells = [found.trueNegatives, found.falsePositives, found.falseNegatives, found.truePositives]
  agree('confusion matrix', cells, golden.confusion, 0)
  const curve = rocCurve(probabilities, labels)
  if (!curve.defined) throw new Error(curve.because)
  agree('ROC AUC and curve', curve.falsePositiveRates, golden.roc.falsePositiveRates, 1e-14)
  agree('ROC AUC and curve', curve.truePositiveRates, golden.roc.truePositiveRates, 1e-14)
})

test("DeLong's interval as its double sum", () => {
  const found = rocAucInterval(probabilities, labels)
  if (!found.defined) throw new Error(found.because)
  const { value, standardError, half } = golden.delong
  agree(
    "DeLong's interval",
    [found.value, found.standardError, found.high - found.value],
    [value, standardError, half],
    1e-12,
  )
})

test.each([
  ['width', 'calibrationWidth'],
  ['quantile', 'calibrationQuantile'],
] as const)('the calibration curve by %s as scikit-learn', (strategy, name) => {
  const bins = calibrationCurve(probabilities, labels, { bins: 8, strategy })
  const observed = bins.map((bin) => bin.observed)
  const predicted = bins.map((bin) => bin.predicted)
  agree('calibration curve', observed, golden[name].observed, 1e-13)
  agree('calibration curve', predicted, golden[name].predicted, 1e-13)
  bins.forEach((bin) => {
    expect(bin.low < bin.observed || bin.observed === 0).toBe(true)
    expect(bin.high > bin.observed || bin.observed === 1).toBe(true)
  })
})
