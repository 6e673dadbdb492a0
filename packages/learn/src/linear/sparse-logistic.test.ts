import { matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitLogistic, predictLogistic } from './index.ts'
import { linearClassifierContract } from './linear.contract.ts'

linearClassifierContract('logistic regression with an absolute penalty', {
  fit: (data, labels) => fitLogistic(data, labels, { l1Share: 0.5 }),
  predict: predictLogistic,
})

function planted(columns: number) {
  const random = seededRandom(6)
  const values = Float64Array.from({ length: 150 * columns }, () => random.normal())
  const labels = Uint8Array.from({ length: 150 }, (_, row) => (values[row * columns]! + random.normal() > 0 ? 1 : 0))
  return { data: matrix(150, columns, values), labels }
}

test('columns of noise get exactly 0, also with more columns than rows', () => {
  const { data, labels } = planted(200)
  const model = fitLogistic(data, labels, { penalty: 15, l1Share: 1 })
  expect(model.converged).toBe(true)
  expect(model.coefficients[0]).toBeGreaterThan(0.3)
  expect(model.coefficients.filter((value) => value !== 0).length).toBeLessThan(10)
  expect(model.standardErrors).toBeNull()
})

test('a share near 0 is the quadratic penalty', () => {
  const { data, labels } = planted(3)
  const far = matrix(
    150,
    3,
    data.values.map((value) => 1e5 + value),
  )
  const quadratic = fitLogistic(far, labels)
  fitLogistic(far, labels, { l1Share: 1e-12 }).coefficients.forEach((value, column) => {
    expect(value).toBeCloseTo(quadratic.coefficients[column]!, 6)
  })
})

test('with a penalty that is too strong only the share of class 1 is left', () => {
  const { data, labels } = planted(3)
  const model = fitLogistic(data, labels, { penalty: 1e4, l1Share: 1 })
  expect([...model.coefficients]).toEqual([0, 0, 0])
  const share = labels.reduce((sum, label) => sum + label, 0) / 150
  expect(predictLogistic(model, data)[0]).toBeCloseTo(share, 10)
})

test('separated classes and constant columns do no harm', () => {
  const model = fitLogistic(
    matrixFromRows([
      [0, 3],
      [1, 3],
      [5, 3],
      [6, 3],
    ]),
    [0, 0, 1, 1],
    { penalty: 0.1, l1Share: 1 },
  )
  expect(model.converged).toBe(true)
  expect(model.coefficients[0]).toBeGreaterThan(0)
  expect(model.coefficients[1]).toBe(0)
  expect(() => fitLogistic(matrixFromRows([[0], [1]]), [0, 1], { l1Share: -1 })).toThrow(
    'l1Share must be from 0 to 1, got -1',
  )
})
