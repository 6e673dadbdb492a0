import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { brier, classBrier, classLogLoss, classRocAuc, logLoss, metricValue, rocAuc } from './index.ts'

type Values = Record<'logLoss' | 'brier' | 'rocAuc', number>

// Reference: scikit-learn 1.9.1; made by golden/make/selection.py. Sums in another order: 1e-12.
const { values: golden, agree } = readGolden<
  Record<'actual' | 'weights', number[]> & Record<'plain' | 'weighted', Values> & { probabilities: number[][] }
>(new URL('golden/class-probabilities.json', import.meta.url))
const probabilities = matrixFromRows(golden.probabilities)

test.each(['plain', 'weighted'] as const)(
  'log loss, Brier and ROC AUC of three classes as scikit-learn, %s',
  (name) => {
    const options = name === 'weighted' ? { weights: golden.weights } : {}
    const ours = [classLogLoss, classBrier, classRocAuc].map((metric) =>
      metricValue(metric(probabilities, golden.actual, options)),
    )
    const { logLoss: loss, brier: squared, rocAuc: area } = golden[name]
    agree('probabilities of classes', ours, [loss, squared, area], 1e-12)
  },
)

test('two classes are the binary metrics', () => {
  const scores = [0.2, 0.7, 0.4, 0.9]
  const labels = [0, 1, 1, 0]
  const both = matrixFromRows(scores.map((score) => [1 - score, score]))
  expect(metricValue(classLogLoss(both, labels))).toBeCloseTo(metricValue(logLoss(scores, labels)), 12)
  expect(metricValue(classBrier(both, labels))).toBeCloseTo(2 * metricValue(brier(scores, labels)), 12)
  expect(metricValue(classRocAuc(both, labels))).toBeCloseTo(metricValue(rocAuc(scores, labels)), 12)
})

test('what has no value says why, and what means nothing is refused', () => {
  const sure = matrixFromRows([
    [1, 0],
    [1, 0],
  ])
  expect(classRocAuc(sure, [0, 0])).toEqual({ defined: false, because: 'one-class' })
  expect(metricValue(classLogLoss(sure, [0, 1]))).toBeCloseTo(26 * Math.LN2, 9)
  expect(classLogLoss(sure, [0, 1], { weights: [0, 0] })).toEqual({ defined: false, because: 'no-rows' })
  expect(() => classBrier(sure, [0, 2])).toThrow('whole numbers 0 … 1, got 2 at row 1')
  expect(() => classBrier(matrixFromRows([[0.5, 0.4]]), [0])).toThrow('add up to 1, got 0.9 at row 0')
  expect(() => classBrier(matrixFromRows([[1.5, -0.5]]), [0])).toThrow('add up to 1, got NaN at row 0')
})
