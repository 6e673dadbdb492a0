import { matrixFromRows, rowOf } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
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
const { values: golden, agree } = readGolden<{
  x: number[][]
  label: number[]
  weights: number[]
  sparse: Sparse[]
  sparseWeighted: Sparse
  several: Several[]
  severalWeighted: Several
}>(new URL('golden/classes.json', import.meta.url))
const data = matrixFromRows(golden.x)
const { weights } = golden

test.each([
  ...golden.sparse.map((fit) => ({ fit, options: {} })),
  { fit: golden.sparseWeighted, options: { weights } },
])('absolute penalty as scikit-learn, $fit.penalty, share $fit.l1Share', ({ fit, options }) => {
  const { penalty, l1Share } = fit
  const labels = golden.label.map((label) => (label === 2 ? 1 : 0))
  const model = fitLogistic(data, labels, { penalty, l1Share, ...options })
  expect(model.converged).toBe(true)
  const expected = [fit.intercept, ...fit.coefficients]
  agree('logistic regression, absolute penalty', [model.intercept, ...model.coefficients], expected, 1e-7)
  expect([...model.coefficients].map((value) => value === 0)).toEqual(fit.coefficients.map((value) => value === 0))
})

test.each([
  ...golden.several.map((fit) => ({ fit, options: {} })),
  { fit: golden.severalWeighted, options: { weights } },
])('several classes as scikit-learn, penalty $fit.penalty', ({ fit, options }) => {
  const model = fitMultinomial(data, golden.label, { penalty: fit.penalty, tolerance: 1e-8, ...options })
  expect(model.converged).toBe(true)
  const ours = [...model.intercepts, ...model.coefficients.values]
  agree('multinomial logistic regression', ours, [fit.intercepts, fit.coefficients.flat()].flat(), 1e-7)
  const predicted = predictMultinomial(model, data)
  fit.probabilities.forEach((row, at) => {
    agree('multinomial logistic regression', rowOf(predicted, at), row, 1e-7)
  })
})
