import { columnOf, type Matrix, matrix, matrixFromRows, rowOf, seededRandom, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitLogistic, fitMultinomial, predictLogistic, predictMultinomial } from './index.ts'

function planted(rows: number, seed: number): { data: Matrix; labels: Int32Array } {
  const random = seededRandom(seed)
  const values = Float64Array.from({ length: rows * 2 }, () => random.normal())
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    const score = values[row * 2]! + 0.3 * random.normal()
    return score < -0.5 ? 0 : score < 0.5 ? 1 : 2
  })
  return { data: matrix(rows, 2, values), labels }
}

test('two classes: the binary model with half the penalty, split between both', () => {
  const { data, labels } = planted(80, 1)
  const binary = labels.map((label) => Math.min(label, 1))
  const model = fitMultinomial(data, binary, { penalty: 2, tolerance: 1e-8 })
  const logistic = fitLogistic(data, binary, { penalty: 1 })
  expect(model.coefficients.values[2]! - model.coefficients.values[0]!).toBeCloseTo(logistic.coefficients[0]!, 7)
  expect(model.intercepts[1]! - model.intercepts[0]!).toBeCloseTo(logistic.intercept, 7)
  expect(model.objective).toBeCloseTo(logistic.objective, 9)
  const probabilities = predictLogistic(logistic, data)
  expect(rowOf(predictMultinomial(model, data), 3)[1]).toBeCloseTo(probabilities[3]!, 8)
})

test('probabilities add up to 1 whatever the scale, and the mean of each is the share of its class', () => {
  const { data, labels } = planted(200, 2)
  const far = matrix(
    200,
    2,
    data.values.map((value, at) => (at % 2 === 0 ? 1e6 + 1e3 * value : 1e-6 * value)),
  )
  const model = fitMultinomial(far, labels, { penalty: 1e-9 })
  expect(model.converged).toBe(true)
  const predicted = predictMultinomial(structuredClone(model), far)
  for (const label of [0, 1, 2]) {
    const mean = columnOf(predicted, label).reduce((sum, value) => sum + value, 0) / 200
    expect(mean).toBeCloseTo(labels.filter((value) => value === label).length / 200, 5)
  }
  const extreme = predictMultinomial(model, matrixFromRows([[1e300, 0]]))
  expect([...extreme.values].reduce((sum, value) => sum + value, 0)).toBe(1)
})

test('a weight of 2 is the row twice; the same data give the same model', () => {
  const { data, labels } = planted(40, 3)
  const weights = Float64Array.from(labels, (_, row) => 1 + (row % 2))
  const rows = Array.from(labels, (_, row) => row).flatMap((row) => Array<number>(1 + (row % 2)).fill(row))
  const options = { tolerance: 1e-8 }
  const weighted = fitMultinomial(data, labels, { ...options, weights })
  const repeated = fitMultinomial(
    takeRows(data, rows),
    rows.map((row) => labels[row]!),
    options,
  )
  weighted.coefficients.values.forEach((value, at) => {
    expect(value).toBeCloseTo(repeated.coefficients.values[at]!, 8)
  })
  expect(fitMultinomial(data, labels, { ...options, weights })).toEqual(weighted)
})

test('a constant column says nothing, and separated classes are found', () => {
  const apart = matrixFromRows([
    [0, 5],
    [1, 5],
    [10, 5],
    [11, 5],
    [20, 5],
    [21, 5],
  ])
  const model = fitMultinomial(apart, [0, 0, 1, 1, 2, 2], { penalty: 0.01 })
  expect([...model.coefficients.values].filter((_, at) => at % 2 === 1)).toEqual([0, 0, 0])
  const predicted = predictMultinomial(model, apart)
  expect(
    Array.from({ length: 6 }, (_, row) => rowOf(predicted, row).indexOf(Math.max(...rowOf(predicted, row)))),
  ).toEqual([0, 0, 1, 1, 2, 2])
})

test('what means nothing is refused', () => {
  const { data, labels } = planted(10, 4)
  expect(() => fitMultinomial(data, [0, 1])).toThrow('labels must hold one number a row (10), got 2')
  expect(() =>
    fitMultinomial(
      data,
      labels.map(() => 0),
    ),
  ).toThrow('got class 0 only')
  expect(() => fitMultinomial(data, [0, 2, 0, 2, 0, 2, 0, 2, 0, 2])).toThrow('got none of class 1')
  expect(() => fitMultinomial(data, [...labels.slice(1), 1e9])).toThrow('got 1000000000 at row 9')
  expect(() => fitMultinomial(data, [...labels.slice(1), 0.5])).toThrow('got 0.5 at row 9')
  expect(() => fitMultinomial(data, labels, { penalty: 0 })).toThrow('penalty must be finite and above 0, got 0')
  expect(() => fitMultinomial(matrixFromRows([[Number.NaN]]), [0])).toThrow('every value must be finite')
  const model = fitMultinomial(data, labels, { roundsMax: 1 })
  expect(model.converged).toBe(false)
  expect(() => predictMultinomial(model, matrix(1, 1))).toThrow('data must have the 2 columns of training, got 1')
  expect(() => fitMultinomial(data, labels, {}, { signal: AbortSignal.abort() })).toThrow('stopped')
})
