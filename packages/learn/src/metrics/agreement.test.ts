import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bestThreshold,
  classAgreement,
  confusion,
  costThreshold,
  expectedProfit,
  kolmogorovSmirnov,
  meanAbsoluteError,
  metricValue,
  pinball,
  rocAucDifference,
} from './index.ts'

test('what has no value says why, and what means nothing is refused', () => {
  const nobody = classAgreement([], [])
  expect([nobody.accuracy, nobody.kappa, nobody.matthews, nobody.balancedAccuracy, nobody.macroF1]).toEqual(
    Array(5).fill({ defined: false, because: 'no-rows' }),
  )
  const one = classAgreement([1, 1], [1, 1])
  expect(one.kappa).toEqual({ defined: false, because: 'constant' })
  expect(one.matthews).toEqual({ defined: false, because: 'constant' })
  expect(one.byClass[0]).toEqual({
    precision: { defined: false, because: 'no-predicted-positives' },
    recall: { defined: false, because: 'one-class' },
    f1: { defined: false, because: 'one-class' },
  })
  expect(() => classAgreement([0.5], [0])).toThrow('called must be whole numbers, got 0.5 at row 0')
  expect(() => classAgreement([0], [3], { classes: 3 })).toThrow('classes must be a whole number ≥ 4, got 3')
  expect(() => classAgreement([0, 1], [0])).toThrow('called must hold one number a row (1), got 2')
  expect(() => confusion([0.5], [1], { beta: 0 })).toThrow('beta must be finite and above 0, got 0')
  expect(kolmogorovSmirnov([0.5], [1])).toEqual({ defined: false, because: 'one-class' })
  expect(() => pinball([1], [1], { quantile: 1 })).toThrow('quantile must be between 0 and 1, got 1')
  expect(() => meanAbsoluteError([1], [1], { weights: [-1] })).toThrow('weights must be finite and at least 0')
  expect(meanAbsoluteError([1], [1], { weights: [0] })).toEqual({ defined: false, because: 'no-rows' })
  expect(rocAucDifference([1, 2, 3, 4], [2, 4, 6, 8], [0, 1, 0, 1])).toEqual({ defined: false, because: 'constant' })
  expect(rocAucDifference([1, 2], [2, 4], [0, 1])).toEqual({ defined: false, because: 'one-class' })
})

const pairs = fc.array(fc.record({ called: fc.nat(3), actual: fc.nat(3), weight: fc.nat(3) }), {
  minLength: 2,
  maxLength: 40,
})

test('a weight of k is the row k times, and names of classes do not matter', () => {
  fc.assert(
    fc.property(pairs, (drawn) => {
      const repeated = drawn.flatMap((row) => Array.from({ length: row.weight }, () => row))
      const columns = (rows: typeof drawn) =>
        [rows.map(({ called }) => called), rows.map(({ actual }) => actual)] as const
      const weighted = classAgreement(...columns(drawn), { classes: 4, weights: drawn.map(({ weight }) => weight) })
      expect(weighted).toEqual(classAgreement(...columns(repeated), { classes: 4 }))
      const [called, actual] = columns(drawn)
      const renamed = classAgreement(
        called.map((own) => 3 - own),
        actual.map((own) => 3 - own),
      )
      const plain = classAgreement(called, actual)
      for (const name of ['accuracy', 'kappa', 'matthews'] as const) {
        const [ours, theirs] = [plain[name], renamed[name]]
        expect(ours.defined).toBe(theirs.defined)
        if (ours.defined && theirs.defined) expect(ours.value).toBeCloseTo(theirs.value, 12)
      }
    }),
  )
})

test('no threshold beats the best one, and reaching nobody is among the choices', () => {
  const rows = fc.array(fc.record({ score: fc.nat(6), label: fc.nat(1) }), { minLength: 1, maxLength: 30 })
  const money = fc.integer({ min: -9, max: 9 })
  fc.assert(
    fc.property(rows, money, money, (drawn, truePositive, falsePositive) => {
      const scores = drawn.map(({ score }) => score)
      const labels = drawn.map(({ label }) => label)
      const payoffs = { truePositive, falsePositive }
      const best = bestThreshold(scores, labels, { payoffs })
      if (!best.defined) throw new Error(best.because)
      for (const threshold of [0, 1, 2, 3, 4, 5, 6, Infinity]) {
        const other = metricValue(expectedProfit(scores, labels, { payoffs, threshold }))
        expect(other).toBeLessThanOrEqual(best.profit + 1e-12)
      }
      const own = metricValue(expectedProfit(scores, labels, { payoffs, threshold: best.threshold }))
      expect(own).toBeCloseTo(best.profit, 12)
    }),
  )
  expect(bestThreshold([], [], { payoffs: { truePositive: 1, falsePositive: 0 } })).toEqual({
    defined: false,
    because: 'no-rows',
  })
})

test('with calibrated probabilities the threshold of the costs is about the best one', () => {
  const random = seededRandom(5)
  const probabilities = Array.from({ length: 40_000 }, () => random.uniform() ** 2)
  const labels = probabilities.map((probability) => (random.uniform() < probability ? 1 : 0))
  const payoffs = { truePositive: 9, falsePositive: -1 }
  expect(costThreshold(payoffs)).toBeCloseTo(0.1, 15)
  const best = bestThreshold(probabilities, labels, { payoffs })
  if (!best.defined) throw new Error(best.because)
  const byCost = metricValue(expectedProfit(probabilities, labels, { payoffs, threshold: 0.1 }))
  expect(best.profit - byCost).toBeLessThan(0.01)
  expect(() => costThreshold({ truePositive: -1, falsePositive: -1 })).toThrow('must gain')
  expect(() => costThreshold({ truePositive: Number.NaN, falsePositive: -1 })).toThrow('every payoff must be finite')
})

test('two scores that are equally good differ by chance as often as the level says', () => {
  const random = seededRandom(8)
  let found = 0
  const draws = 400
  for (let draw = 0; draw < draws; draw += 1) {
    const labels = Array.from({ length: 90 }, (_, row) => (row % 3 === 0 ? 1 : 0))
    const shared = labels.map((label) => label + random.normal())
    const noisy = () => shared.map((value) => value + 0.7 * random.normal())
    const test = rocAucDifference(noisy(), noisy(), labels)
    if (test.defined && test.pValue < 0.05) found += 1
  }
  // 5 % ± four standard errors of 1.1 %.
  expect(found / draws).toBeGreaterThan(0.01)
  expect(found / draws).toBeLessThan(0.095)
})
