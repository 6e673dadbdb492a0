import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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
const golden = JSON.parse(readFileSync(new URL('./golden/metrics.json', import.meta.url), 'utf8'))
const { labels, probabilities, weights, amounts, guesses } = golden as Record<string, number[]> as {
  labels: number[]
  probabilities: number[]
  weights: number[]
  amounts: number[]
  guesses: number[]
}

test.each([
  ['rocAuc', rocAuc(probabilities, labels)],
  ['rocAucWeighted', rocAuc(probabilities, labels, { weights })],
  ['averagePrecision', prAuc(probabilities, labels)],
  ['averagePrecisionWeighted', prAuc(probabilities, labels, { weights })],
  ['logLoss', logLoss(probabilities, labels)],
  ['logLossWeighted', logLoss(probabilities, labels, { weights })],
  ['logLossCertain', logLoss([0, 1, 0], [0, 1, 1])],
  ['brier', brier(probabilities, labels)],
  ['brierWeighted', brier(probabilities, labels, { weights })],
  ['precision', confusion(probabilities, labels).precision],
  ['recall', confusion(probabilities, labels).recall],
  ['f1', confusion(probabilities, labels).f1],
  ['f1Weighted', confusion(probabilities, labels, { weights }).f1],
  ['meanAbsoluteError', meanAbsoluteError(guesses, amounts)],
  ['rootMeanSquaredError', rootMeanSquaredError(guesses, amounts)],
  ['spearman', spearman(guesses, amounts)],
])('%s as the reference', (name, metric) => {
  expect(Math.abs(metricValue(metric) / golden[name] - 1)).toBeLessThan(1e-12)
})

test('the confusion matrix and the ROC curve as scikit-learn', () => {
  const found = confusion(probabilities, labels)
  expect([found.trueNegatives, found.falsePositives, found.falseNegatives, found.truePositives]).toEqual(
    golden.confusion,
  )
  const curve = rocCurve(probabilities, labels)
  if (!curve.defined) throw new Error(curve.because)
  golden.roc.falsePositiveRates.forEach((rate: number, at: number) => {
    expect(curve.falsePositiveRates[at]).toBeCloseTo(rate, 14)
    expect(curve.truePositiveRates[at]).toBeCloseTo(golden.roc.truePositiveRates[at], 14)
  })
  expect(curve.falsePositiveRates).toHaveLength(golden.roc.falsePositiveRates.length)
})

test("DeLong's interval as its double sum", () => {
  const found = rocAucInterval(probabilities, labels)
  if (!found.defined) throw new Error(found.because)
  expect(found.value).toBeCloseTo(golden.delong.value, 13)
  expect(found.standardError).toBeCloseTo(golden.delong.standardError, 13)
  expect(found.high - found.value).toBeCloseTo(golden.delong.half, 12)
})

test.each([
  ['width', 'calibrationWidth'],
  ['quantile', 'calibrationQuantile'],
] as const)('the calibration curve by %s as scikit-learn', (strategy, name) => {
  const bins = calibrationCurve(probabilities, labels, { bins: 8, strategy })
  expect(bins).toHaveLength(golden[name].observed.length)
  bins.forEach((bin, at) => {
    expect(bin.observed).toBeCloseTo(golden[name].observed[at], 13)
    expect(bin.predicted).toBeCloseTo(golden[name].predicted[at], 13)
    expect(bin.low < bin.observed || bin.observed === 0).toBe(true)
    expect(bin.high > bin.observed || bin.observed === 1).toBe(true)
  })
})
