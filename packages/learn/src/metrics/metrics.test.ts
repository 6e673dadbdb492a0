import { expect, test } from 'vitest'
import {
  brier,
  calibrationCurve,
  confusion,
  expectedCalibrationError,
  lift,
  logLoss,
  meanAbsoluteError,
  metricValue,
  normalisedGini,
  prAuc,
  prCurve,
  rocAuc,
  rocAucInterval,
  rocCurve,
  spearman,
} from './index.ts'

test.each([
  ['rocAuc', rocAuc],
  ['prAuc', prAuc],
  ['rocCurve', rocCurve],
  ['prCurve', prCurve],
  ['rocAucInterval', rocAucInterval],
])('%s: one class only, or no rows, has a reason and no number', (_name, metric) => {
  expect(metric([0.2, 0.7], [1, 1])).toEqual({ defined: false, because: 'one-class' })
  expect(metric([0.2, 0.7], [0, 0])).toEqual({ defined: false, because: 'one-class' })
  expect(metric([], [])).toEqual({ defined: false, because: 'no-rows' })
})

test('a class that has no weight is not there', () => {
  expect(rocAuc([0.2, 0.7], [0, 1], { weights: [0, 1] })).toEqual({ defined: false, because: 'one-class' })
  expect(rocAuc([0.2, 0.7], [0, 1], { weights: [0, 0] })).toEqual({ defined: false, because: 'no-rows' })
})

test('a score that only rows without weight have is no point of a curve', () => {
  const curve = prCurve([0.9, 0.7, 0.2], [1, 1, 0], { weights: [0, 1, 1] })
  expect(curve).toEqual({
    defined: true,
    precisions: Float64Array.of(1, 0.5),
    recalls: Float64Array.of(1, 1),
    thresholds: Float64Array.of(0.7, 0.2),
  })
})

test('a single row of a class has an AUC but no interval', () => {
  expect(metricValue(rocAuc([0.1, 0.2, 0.9], [0, 0, 1]))).toBe(1)
  expect(rocAucInterval([0.1, 0.2, 0.9], [0, 0, 1])).toEqual({ defined: false, because: 'one-class' })
})

test('shares of nothing have reasons', () => {
  const nobody = confusion([0.1, 0.2], [0, 1], { threshold: 0.9 })
  expect(nobody.precision).toEqual({ defined: false, because: 'no-predicted-positives' })
  expect(nobody.recall).toEqual({ defined: true, value: 0 })
  expect(nobody.f1).toEqual({ defined: true, value: 0 })
  expect(confusion([0.1], [0]).recall).toEqual({ defined: false, because: 'one-class' })
  expect(confusion([], []).accuracy).toEqual({ defined: false, because: 'no-rows' })
  expect(lift([0.1], [0])).toEqual({ defined: false, because: 'one-class' })
  expect(logLoss([], [])).toEqual({ defined: false, because: 'no-rows' })
  expect(brier([], [])).toEqual({ defined: false, because: 'no-rows' })
  expect(calibrationCurve([], [])).toEqual([])
  expect(expectedCalibrationError([], [])).toEqual({ defined: false, because: 'no-rows' })
  expect(spearman([1, 1], [1, 2])).toEqual({ defined: false, because: 'constant' })
  expect(normalisedGini([1, 2], [0, 0])).toEqual({ defined: false, because: 'constant' })
  expect(meanAbsoluteError([], [])).toEqual({ defined: false, because: 'no-rows' })
  expect(() => metricValue(rocAuc([], []))).toThrow('metric must be defined, got no-rows')
})

test('a tie at the border of the lift counts in part', () => {
  // One of four rows is reached; two share the highest score, one of them positive: half a positive of two.
  expect(metricValue(lift([0.9, 0.9, 0.1, 0.2], [1, 0, 1, 0], { share: 0.25 }))).toBe(1)
})

test('a probability on an edge belongs to the bin below it', () => {
  const bins = calibrationCurve([0, 0.5, 0.6], [0, 1, 1], { bins: 2 })
  expect(bins.map(({ count, predicted, observed }) => [count, predicted, observed])).toEqual([
    [2, 0.25, 0.5],
    [1, 0.6, 1],
  ])
})

test('what means nothing is refused', () => {
  expect(() => rocAuc([0.1, Number.NaN], [0, 1])).toThrow('every score must be a number, got NaN at row 1')
  expect(() => rocAuc([0.1], [0, 1])).toThrow('one length, got 1, 2 and 1')
  expect(() => rocAuc([0.1, 0.2], [0, 0.5])).toThrow('every label must be 0 or 1, got 0.5 at row 1')
  expect(() => rocAuc([0.1, 0.2], [0, 1], { weights: [1, -1] })).toThrow('got -1 at row 1')
  expect(() => logLoss([1.1], [1])).toThrow('every probability must be 0 … 1, got 1.1 at row 0')
  expect(() => lift([0.1], [1], { share: 0 })).toThrow('shares must rise, above 0 and up to 1, got 0')
  expect(() => calibrationCurve([0.1], [1], { bins: 0 })).toThrow('bins must be a whole number ≥ 1, got 0')
  expect(() => spearman([1], [Number.NaN])).toThrow('every value must be finite, got NaN at row 0')
  expect(() => normalisedGini([1], [-1])).toThrow('actual must be at least 0, got -1 at row 0')
})
