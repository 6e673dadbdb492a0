import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { applyIsotonic, applyPlatt, fitIsotonic, fitPlatt } from './index.ts'

// Reference: scikit-learn 1.9.1 IsotonicRegression(out_of_bounds="clip"), and Platt's objective minimised by scipy
// 1.17.1; made by golden/make/metrics.py. Many scores are tied, and the grid reaches beyond both ends.
const golden = JSON.parse(readFileSync(new URL('./golden/calibration.json', import.meta.url), 'utf8')) as {
  labels: number[]
  probabilities: number[]
  scores: number[]
  weights: number[]
  grid: number[]
  isotonic: number[]
  isotonicThresholds: number[]
  isotonicWeighted: number[]
  platt: { slope: number; intercept: number }
}

test('isotonic regression as scikit-learn, between and beyond the training scores', () => {
  const model = fitIsotonic(golden.probabilities, golden.labels)
  expect([...model.scores]).toEqual(golden.isotonicThresholds)
  applyIsotonic(model, golden.grid).forEach((value, at) => {
    expect(value).toBeCloseTo(golden.isotonic[at]!, 12)
  })
})

test('isotonic regression with weights as scikit-learn', () => {
  const model = fitIsotonic(golden.probabilities, golden.labels, { weights: golden.weights })
  applyIsotonic(model, golden.grid).forEach((value, at) => {
    expect(value).toBeCloseTo(golden.isotonicWeighted[at]!, 12)
  })
})

test("Platt's sigmoid as its minimised objective", () => {
  const model = fitPlatt(golden.scores, golden.labels)
  expect(model.slope).toBeCloseTo(golden.platt.slope, 7)
  expect(model.intercept).toBeCloseTo(golden.platt.intercept, 7)
  const middle = -model.intercept / model.slope
  expect(applyPlatt(model, [middle])[0]).toBeCloseTo(0.5, 12)
})
