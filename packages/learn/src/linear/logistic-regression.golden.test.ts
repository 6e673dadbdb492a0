import { type Matrix, matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { fitLogistic, type LogisticOptions, predictLogistic } from './index.ts'

interface Fit {
  penalty: number
  intercept: number
  coefficients: number[]
  probabilities: number[]
}

// Reference: scikit-learn 1.9.1 LogisticRegression(newton-cholesky, tol 1e-10) and statsmodels 0.15.0 Logit;
// made by golden/make/linear.py. One column is in hundreds and one is 0/1, so scales differ by three orders.
const { values: golden, agree } = readGolden<{
  x: number[][]
  y: number[]
  weights: number[]
  unweighted: Fit[]
  weighted: Fit[]
  constantColumn: Fit
  unpenalised: { parameters: number[]; standardErrors: number[]; objective: number }
}>(new URL('golden/logistic-regression.json', import.meta.url))
const data = matrixFromRows(golden.x)

function expectFit(x: Matrix, options: LogisticOptions, expected: Fit): void {
  const model = fitLogistic(x, golden.y, { penalty: expected.penalty, ...options })
  expect(model.converged).toBe(true)
  agree('logistic regression', model.intercept, expected.intercept, 1e-6)
  agree('logistic regression', model.coefficients, expected.coefficients, 1e-7)
  agree(
    'logistic regression',
    predictLogistic(model, x).slice(0, expected.probabilities.length),
    expected.probabilities,
    1e-8,
  )
}

test.each(golden.unweighted)('coefficients and probabilities as scikit-learn, penalty $penalty', (expected) => {
  expectFit(data, {}, expected)
})

test.each(golden.weighted)('with weights as scikit-learn, penalty $penalty', (expected) => {
  expectFit(data, { weights: golden.weights }, expected)
})

test('a constant column gets no effect, as in scikit-learn', () => {
  const constant = matrixFromRows(golden.x.map((row) => row.map((value, column) => (column === 2 ? 7 : value))))
  expectFit(constant, {}, golden.constantColumn)
})

test('without a penalty, estimates and standard errors as statsmodels', () => {
  const model = fitLogistic(data, golden.y, { penalty: 0 })
  const { parameters, standardErrors, objective } = golden.unpenalised
  agree('logistic regression', model.objective, objective, 1e-9)
  agree('logistic regression', [model.intercept, ...model.coefficients], parameters, 1e-7, 0)
  agree('logistic regression', model.standardErrors!, standardErrors, 1e-7, 0)
})
