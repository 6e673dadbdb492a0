import { readFileSync } from 'node:fs'
import { matrixFromRows, rowOf } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitLogistic, fitMultinomial, predictMultinomial } from './index.ts'

interface Sparse {
  penalty: number
  l1Share: number
  intercept: number
  coefficients: number[]
}
interface Several {
  penalty: number
  intercepts: number[]
  coefficients: number[][]
  probabilities: number[][]
}

// Reference: scikit-learn 1.9.1 LogisticRegression, saga (tol 1e-13) with an absolute penalty and newton-cholesky (tol 1e-12)
// with several classes; made by golden/make/classes.py. saga's last digits limit the
// first to 1e-7, the rounding of the loss that L-BFGS compares the second.
const golden = JSON.parse(readFileSync(new URL('./golden/classes.json', import.meta.url), 'utf8')) as {
  x: number[][]
  label: number[]
  weights: number[]
  sparse: Sparse[]
  sparseWeighted: Sparse
  several: Several[]
  severalWeighted: Several
}
const data = matrixFromRows(golden.x)
const { weights } = golden

function expectClose(found: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length)
  expected.forEach((value, at) => {
    expect(Math.abs(found[at]! - value)).toBeLessThan(tolerance * Math.max(1, Math.abs(value)))
  })
}

test.each([
  ...golden.sparse.map((fit) => ({ fit, options: {} })),
  { fit: golden.sparseWeighted, options: { weights } },
])('absolute penalty as scikit-learn, $fit.penalty, share $fit.l1Share', ({ fit, options }) => {
  const { penalty, l1Share } = fit
  const labels = golden.label.map((label) => (label === 2 ? 1 : 0))
  const model = fitLogistic(data, labels, { penalty, l1Share, ...options })
  expect(model.converged).toBe(true)
  expectClose([model.intercept, ...model.coefficients], [fit.intercept, ...fit.coefficients], 1e-7)
  expect([...model.coefficients].map((value) => value === 0)).toEqual(fit.coefficients.map((value) => value === 0))
})

test.each([
  ...golden.several.map((fit) => ({ fit, options: {} })),
  { fit: golden.severalWeighted, options: { weights } },
])('several classes as scikit-learn, penalty $fit.penalty', ({ fit, options }) => {
  const model = fitMultinomial(data, golden.label, { penalty: fit.penalty, tolerance: 1e-8, ...options })
  expect(model.converged).toBe(true)
  expectClose(model.intercepts, fit.intercepts, 1e-7)
  expectClose(model.coefficients.values, fit.coefficients.flat(), 1e-7)
  const predicted = predictMultinomial(model, data)
  fit.probabilities.forEach((row, at) => {
    expectClose(rowOf(predicted, at), row, 1e-7)
  })
})
