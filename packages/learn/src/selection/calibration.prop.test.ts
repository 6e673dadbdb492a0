import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brier, expectedCalibrationError, metricValue, rocAuc } from '../metrics/index.ts'
import { applyCalibration, applyIsotonic, applyPlatt, crossFittedCalibration, fitIsotonic, fitPlatt } from './index.ts'

const points = fc.array(
  fc.record({
    score: fc.integer({ min: -9, max: 9 }),
    target: fc.integer({ min: 0, max: 1 }),
    weight: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 1, maxLength: 50 },
)

test('an isotonic fit never falls, keeps the weighted mean and stays within the targets', () => {
  fc.assert(
    fc.property(points, (drawn) => {
      const scores = drawn.map(({ score }) => score)
      const weights = drawn.map(({ weight }) => weight)
      const model = fitIsotonic(
        scores,
        drawn.map(({ target }) => target),
        { weights },
      )
      const grid = applyIsotonic(
        model,
        Array.from({ length: 90 }, (_, at) => at / 4 - 11),
      )
      grid.forEach((value, at) => {
        expect(value >= (grid[at - 1] ?? 0) && value <= 1).toBe(true)
      })
      let fitted = 0
      let actual = 0
      applyIsotonic(model, scores).forEach((value, row) => {
        fitted += weights[row]! * value
        actual += weights[row]! * drawn[row]!.target
      })
      expect(fitted).toBeCloseTo(actual, 9)
    }),
  )
})

test('targets that rise already are met exactly', () => {
  expect([...applyIsotonic(fitIsotonic([3, 1, 2], [0.9, 0.1, 0.4]), [1, 2, 3])]).toEqual([0.1, 0.4, 0.9])
})

test.each(['isotonic', 'platt'] as const)(
  '%s repairs distorted probabilities, judged on rows it did not see',
  (method) => {
    const random = seededRandom(12)
    const scores = Float64Array.from({ length: 6000 }, () => random.normal())
    const labels = scores.map((score) => (random.uniform() < 1 / (1 + Math.exp(1 - 2 * score)) ? 1 : 0))
    const fold = Uint8Array.from(scores, (_, row) => row % 5)
    const distorted = scores.map((score) => 1 / (1 + Math.exp(-0.5 * score)))
    const given = method === 'platt' ? scores : distorted
    const { calibration, probabilities } = crossFittedCalibration(given, labels, fold, { method })
    expect(metricValue(expectedCalibrationError(distorted, labels))).toBeGreaterThan(0.1)
    expect(metricValue(expectedCalibrationError(probabilities, labels))).toBeLessThan(0.02)
    expect(metricValue(brier(probabilities, labels))).toBeLessThan(metricValue(brier(distorted, labels)))
    expect(metricValue(rocAuc(probabilities, labels))).toBeCloseTo(metricValue(rocAuc(scores, labels)), 2)
    expect(applyCalibration(structuredClone(calibration), given)).toEqual(applyCalibration(calibration, given))
  },
)

test("a fold's probabilities do not depend on its own labels", () => {
  const scores = Float64Array.from({ length: 40 }, (_, row) => (row * 7) % 11)
  const labels = scores.map((score, row) => (score + (row % 5) > 7 ? 1 : 0))
  const fold = scores.map((_, row) => row % 2)
  const turned = labels.map((label, row) => (row % 2 === 0 ? 1 - label : label))
  const [before, after] = [labels, turned].map((given) => crossFittedCalibration(scores, given, fold).probabilities)
  for (let row = 0; row < 40; row += 2) expect(after![row]).toBe(before![row])
  expect(after).not.toEqual(before)
})

test('Platt separates without going to infinity, and refuses what has no fit', () => {
  const { slope } = fitPlatt([-2, -1, 1, 2], [0, 0, 1, 1])
  expect(slope > 0 && slope < 10).toBe(true)
  expect(() => fitPlatt([1, 1], [0, 1])).toThrow('scores must differ, got 1 in every row')
  expect(() => fitPlatt([1, 2], [1, 1])).toThrow('both classes')
  expect(() => applyPlatt(fitPlatt([1, 2], [0, 1]), [Number.NaN])).toThrow('got NaN')
  expect(() => fitIsotonic([], [])).toThrow('at least one row')
  expect(() => fitIsotonic([1, Number.NaN], [0, 1])).toThrow('must be finite')
  expect(() => crossFittedCalibration(Float64Array.of(1, 2), [0, 1], [0, 0])).toThrow('at least 2 folds, got 1')
})
