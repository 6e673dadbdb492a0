import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { applyIsotonic, applyPlatt, fitIsotonic, fitPlatt } from './index.ts'

// Reference: scikit-learn 1.9.1 IsotonicRegression(out_of_bounds="clip"), and Platt's objective minimised by scipy
// 1.17.1; made by golden/make/metrics.py. Many scores are tied, and the grid reaches beyond both ends.
const { values: golden, agree } = readGolden<{
  labels: number[]
  probabilities: number[]
  scores: number[]
  weights: number[]
  grid: number[]
  isotonic: number[]
  isotonicThresholds: number[]
  isotonicWeighted: number[]
  platt: { slope: number; intercept: number }
}>(new URL('golden/calibration.json', import.meta.url))

test('isotonic regression as scikit-learn, between and beyond the training scores', () => {
  const model = fitIsotonic(golden.probabilities, golden.labels)
  agree('isotonic regression', model.scores, golden.isotonicThresholds, 0)
  agree('isotonic regression', applyIsotonic(model, golden.grid), golden.isotonic, 1e-12)
})

test('isotonic regression with weights as scikit-learn', () => {
  const model = fitIsotonic(golden.probabilities, golden.labels, { weights: golden.weights })
  agree('isotonic regression', applyIsotonic(model, golden.grid), golden.isotonicWeighted, 1e-12)
})

test("Platt's sigmoid as its minimised objective", () => {
  const model = fitPlatt(golden.scores, golden.labels)
  agree("Platt's sigmoid", [model.slope, model.intercept], [golden.platt.slope, golden.platt.intercept], 1e-7)
  const middle = -model.intercept / model.slope
  expect(applyPlatt(model, [middle])[0]).toBeCloseTo(0.5, 12)
})
