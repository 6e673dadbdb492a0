import { matrix, matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { fitLeastSquares, predictLeastSquares } from './index.ts'

interface Ridge {
  penalty: number
  intercept: number
  coefficients: number[]
}
interface Ordinary {
  parameters: number[]
  standardErrors: number[]
  explained: number
}

// Reference: scikit-learn 1.9.1 Ridge(cholesky) and statsmodels 0.15.0 WLS; made by golden/make/linear.py.
const { values: golden, agree } = readGolden<{
  x: number[][]
  weights: number[]
  target: number[]
  ridge: Ridge[]
  ridgeWeighted: Ridge
  ordinary: Ordinary
  ordinaryWeighted: Ordinary
}>(new URL('golden/least-squares.json', import.meta.url))
const data = matrixFromRows(golden.x)

test.each(golden.ridge)('ridge as scikit-learn, penalty $penalty', ({ penalty, intercept, coefficients }) => {
  const model = fitLeastSquares(data, golden.target, { penalty })
  agree('ridge regression', [model.intercept, ...model.coefficients], [intercept, ...coefficients], 1e-10)
  expect(model.standardErrors).toBeNull()
})

test('ridge with weights as scikit-learn', () => {
  const { penalty, intercept, coefficients } = golden.ridgeWeighted
  const model = fitLeastSquares(data, golden.target, { penalty, weights: golden.weights })
  agree('ridge regression', [model.intercept, ...model.coefficients], [intercept, ...coefficients], 1e-10)
})

test.each([
  ['without weights', golden.ordinary, {}],
  ['with weights', golden.ordinaryWeighted, { weights: golden.weights }],
] as const)('least squares %s as statsmodels, with standard errors', (_name, expected, options) => {
  const model = fitLeastSquares(data, golden.target, options)
  agree('least squares', [model.intercept, ...model.coefficients], expected.parameters, 1e-10)
  agree('least squares', model.standardErrors!, expected.standardErrors, 1e-10)
  agree('least squares', model.explained!, expected.explained, 1e-12)
})

test('a line is found exactly, however far from zero it lies', () => {
  const years = matrixFromRows([[1e9], [1e9 + 1], [1e9 + 2], [1e9 + 3]])
  const model = fitLeastSquares(years, [1, 3, 5, 7])
  expect(model.coefficients[0]).toBeCloseTo(2, 12)
  expect([...predictLeastSquares(structuredClone(model), years)].map((value) => value.toFixed(5))).toEqual(
    [1, 3, 5, 7].map((value) => value.toFixed(5)),
  )
})

test('what has no answer is null, what means nothing is refused', () => {
  expect(fitLeastSquares(matrixFromRows([[0], [1]]), [3, 3])).toMatchObject({ explained: null, standardErrors: null })
  expect(() => fitLeastSquares(data, [1])).toThrow('targets must hold one number a row (120), got 1')
  expect(() => fitLeastSquares(matrixFromRows([[1]]), [Number.NaN])).toThrow('targets must be finite, got NaN at row 0')
  expect(() => fitLeastSquares(data, golden.target, { penalty: -1 })).toThrow('penalty must be finite and at least 0')
  expect(() => fitLeastSquares(matrixFromRows([[1], [2]]), [1, 2], { weights: [0, 0] })).toThrow('got none')
  const model = fitLeastSquares(data, golden.target)
  expect(() => predictLeastSquares(model, matrix(1, 2))).toThrow('data must have the 5 columns of training, got 2')
})

// Summing 0.1 rounds: for most of these lengths the mean is not quite 0.1, and what is left must not pass for a column.
test.each([3, 7, 10, 11, 30])('a constant column is seen as one, %i rows', (rows) => {
  const constant = matrixFromRows(Array.from({ length: rows }, (_, row) => [0.1, row * row]))
  const targets = Array.from({ length: rows }, (_, row) => row)
  expect(() => fitLeastSquares(constant, targets)).toThrow('columns must be independent')
  expect(fitLeastSquares(constant, targets, { penalty: 1 }).coefficients[0]).toBe(0)
})
