import { expect, test } from 'vitest'
import { balancedThreshold, qualityOf } from './quality.ts'

test('the threshold lies where precision and recall balance best, halfway to who is left out', () => {
  // In by 0.9, 0.8 and 0.6: two of three right, of two: precision 2/3, recall 1, F1 0.8; at 0.8 and above F1 is 2/3.
  expect(balancedThreshold(Float64Array.of(0.9, 0.8, 0.6, 0.2), Uint8Array.of(1, 0, 1, 0))).toBeCloseTo(0.4, 12)
  // Equal probabilities are in together.
  expect(balancedThreshold(Float64Array.of(0.7, 0.7, 0.1), Uint8Array.of(1, 0, 0))).toBeCloseTo(0.4, 12)
})

test('quality stands beside what telling everybody the same would reach', () => {
  const probabilities = Float64Array.of(0.9, 0.8, 0.4, 0.3, 0.6, 0.2, 0.1, 0.1)
  const quality = qualityOf('yes', probabilities, Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 0), 0.5)
  expect(quality).toMatchObject({ positives: 3, negatives: 5, precision: 2 / 3, recall: 2 / 3 })
  expect(quality.auc.value).toBeCloseTo(14 / 15, 12)
  expect(quality.baselineBrier).toBeCloseTo((3 / 8) * (5 / 8), 12)
  expect(quality.brier).toBeCloseTo((0.01 + 0.04 + 0.36 + 0.09 + 0.36 + 0.04 + 0.01 + 0.01) / 8, 12)
  expect(qualityOf('yes', probabilities, Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 0), 0.95).precision).toBe(null)
})
