import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import {
  bestThreshold,
  classAgreement,
  confusion,
  expectedProfit,
  kolmogorovSmirnov,
  meanAbsoluteError,
  metricValue,
  pinball,
  rocAucDifference,
  rootMeanSquaredError,
} from './index.ts'

type Columns = 'actual' | 'called' | 'weights' | 'labels' | 'scores' | 'other' | 'amounts' | 'guesses'
type Values = Record<'accuracy' | 'balancedAccuracy' | 'macroF1' | 'kappa' | 'matthews', number>
interface Profits extends Record<'best' | 'profit' | 'share', number> {
  thresholds: number[]
  means: number[]
}

// Reference: scikit-learn 1.9.1, scipy 1.17.1, and DeLong's covariance as its double sum over all pairs; made by
// golden/make/selection.py. Scores are rounded to two digits so that many are tied, and some weights are 0. Sums are taken
// in another order: 1e-12.
const { values: golden, agree } = readGolden<
  Record<Columns, number[]> &
    Record<'classes' | 'classesWeighted', Values & { table: number[][]; precisions: number[]; recalls: number[] }> &
    Record<
      'binary' | 'binaryWeighted',
      Record<'balancedAccuracy' | 'specificity' | 'fTwo' | 'fHalf' | 'matthews' | 'kappa', number>
    > &
    Record<'kolmogorovSmirnov' | 'pinball' | 'pinballWeighted', number> &
    Record<'meanAbsoluteErrorWeighted' | 'rootMeanSquaredErrorWeighted', number> &
    Record<'profits' | 'profitsWeighted', Profits> & {
      delong: { areas: number[]; standardError: number; z: number; pValue: number }
    }
>(new URL('golden/agreement.json', import.meta.url))
const { weights, labels, scores, amounts, guesses } = golden
const both = [
  ['without weights', {}, ''],
  ['with weights', { weights }, 'Weighted'],
] as const

test.each(both)('agreement of four classes as scikit-learn, %s', (_, options, suffix) => {
  const expected = golden[`classes${suffix}`]
  const found = classAgreement(golden.called, golden.actual, options)
  agree('agreement of classes', found.table.values, expected.table.flat(), 0)
  for (const name of ['accuracy', 'balancedAccuracy', 'macroF1', 'kappa', 'matthews'] as const) {
    agree('agreement of classes', metricValue(found[name]), expected[name], 1e-12)
  }
  const parts = (name: 'precision' | 'recall') => found.byClass.map((own) => metricValue(own[name]))
  agree('agreement of classes', parts('precision'), expected.precisions, 1e-12)
  agree('agreement of classes', parts('recall'), expected.recalls, 1e-12)
})

test.each(both)('what else a binary confusion tells, as scikit-learn, %s', (_, options, suffix) => {
  const expected = golden[`binary${suffix}`]
  const at = (beta: number) => confusion(scores, labels, { threshold: 0.4, beta, ...options })
  const { balancedAccuracy, specificity, matthews, kappa, fBeta } = at(2)
  const ours = [balancedAccuracy, specificity, matthews, kappa, fBeta, at(0.5).fBeta].map(metricValue)
  const { fTwo, fHalf, ...others } = expected
  const theirs = [others.balancedAccuracy, others.specificity, others.matthews, others.kappa, fTwo, fHalf]
  agree("Cohen's kappa, Matthews' correlation, F-beta", ours, theirs, 1e-12)
  expect(at(1).fBeta).toEqual(at(1).f1)
})

test('the Kolmogorov-Smirnov distance as scipy', () => {
  const found = kolmogorovSmirnov(scores, labels)
  if (!found.defined) throw new Error(found.because)
  agree('Kolmogorov-Smirnov distance', found.value, golden.kolmogorovSmirnov, 1e-12)
  const { recall, specificity } = confusion(scores, labels, { threshold: found.threshold })
  expect(metricValue(recall) + metricValue(specificity) - 1).toBeCloseTo(found.value, 12)
})

test('pinball, absolute and squared error with weights as scikit-learn', () => {
  agree('pinball loss', metricValue(pinball(guesses, amounts, { quantile: 0.9 })), golden.pinball, 1e-12)
  const weighted = pinball(guesses, amounts, { quantile: 0.2, weights })
  agree('pinball loss', metricValue(weighted), golden.pinballWeighted, 1e-12)
  const absolute = metricValue(meanAbsoluteError(guesses, amounts, { weights }))
  expect(absolute / golden.meanAbsoluteErrorWeighted).toBeCloseTo(1, 12)
  const squared = metricValue(rootMeanSquaredError(guesses, amounts, { weights }))
  expect(squared / golden.rootMeanSquaredErrorWeighted).toBeCloseTo(1, 12)
})

test.each(both)('profit at every threshold, and the best one, as by confusion matrices, %s', (_, options, suffix) => {
  const expected = golden[`profits${suffix}`]
  const payoffs = { truePositive: 30, falsePositive: -4, falseNegative: -6 }
  const ours = expected.thresholds.map((threshold) =>
    metricValue(expectedProfit(scores, labels, { payoffs, threshold, ...options })),
  )
  agree('expected profit', ours, expected.means, 1e-12)
  const best = bestThreshold(scores, labels, { payoffs, ...options })
  if (!best.defined) throw new Error(best.because)
  const { threshold, profit, share } = best
  agree('expected profit', [threshold, profit, share], [expected.best, expected.profit, expected.share], 1e-12)
})

test("DeLong's test as its double sum", () => {
  const found = rocAucDifference(scores, golden.other, labels)
  if (!found.defined) throw new Error(found.because)
  const { areas, standardError, z, pValue } = golden.delong
  agree("DeLong's test of two scores", [found.first, found.second], areas, 1e-12)
  agree("DeLong's test of two scores", [found.standardError, found.z], [standardError, z], 1e-11)
  agree("DeLong's test of two scores", found.pValue, pValue, 1e-10, 0)
})
