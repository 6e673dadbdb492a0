import { matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitBoostingRegression } from '../trees/fit-boosting-regression.ts'
import { predictBoostingRegression } from '../trees/predict-boosting.ts'
import { partialDependence } from './partial-dependence.ts'

const random = seededRandom(5)
const data = matrix(
  400,
  3,
  Float64Array.from({ length: 1200 }, () => random.normal()),
)

// By hand: of 2a + b² the mean with a = v is 2v + mean(b²), with b = v it is 2 mean(a) + v².
test('of a known function it is that function of the column, and the mean of the rest', () => {
  const predict = ({ rows, values }: { rows: number; values: ArrayLike<number> }): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => 2 * values[3 * row]! + values[3 * row + 1]! ** 2)
  let mean = 0
  let square = 0
  for (let row = 0; row < 400; row += 1) {
    mean += data.values[3 * row]! / 400
    square += data.values[3 * row + 1]! ** 2 / 400
  }
  const first = partialDependence(predict, data, { column: 0, values: [-1, 0, 3] })
  ;[-1, 0, 3].forEach((value, at) => {
    expect(first.means[at]).toBeCloseTo(2 * value + square, 10)
  })
  const second = partialDependence(predict, data, { column: 1 })
  expect(second.values.length).toBe(20)
  second.values.forEach((value, at) => {
    expect(second.means[at]).toBeCloseTo(2 * mean + value ** 2, 10)
  })
  expect(new Set(partialDependence(predict, data, { column: 2 }).means).size).toBe(1)
})

test('a row of weight 2 counts as the row twice, and the data are left as they were', () => {
  const before = data.values.slice()
  const predict = ({ rows, values }: { rows: number; values: ArrayLike<number> }): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => values[2 * row]! * values[2 * row + 1]!)
  const two = matrixFromRows([
    [1, 2],
    [1, 5],
  ])
  expect(partialDependence(predict, two, { column: 0, values: [3], weights: [2, 1] }).means[0]).toBe(9)
  expect(data.values).toEqual(before)
})

test('of boosting on a rising column it rises', async () => {
  const targets = Float64Array.from({ length: 400 }, (_, row) => data.values[3 * row]! + random.normal())
  const model = await fitBoostingRegression(data, targets, { monotone: { rising: [0] }, rounds: 20, seed: 1 })
  const { means } = partialDependence((rows) => predictBoostingRegression(model, rows), data, { column: 0 })
  for (let at = 1; at < means.length; at += 1) expect(means[at]).toBeGreaterThanOrEqual(means[at - 1]!)
  expect(means.at(-1)! - means[0]!).toBeGreaterThan(1)
})

test('what makes no sense is refused with what must hold', () => {
  const predict = ({ rows }: { rows: number }): Float64Array => new Float64Array(rows)
  const refuse = (options: { column: number; values?: number[]; weights?: number[] }, message: string): void => {
    expect(() => partialDependence(predict, data, options)).toThrow(message)
  }
  refuse({ column: 3 }, 'column must be a whole number from 0 to 2, got 3')
  refuse({ column: 0, values: [] }, 'values must hold one at least, got none')
  refuse({ column: 0, weights: [1] }, 'weights must hold one number a row, 400, got 1')
  expect(() => partialDependence(predict, matrix(0, 2), { column: 0 })).toThrow('data must have at least one row')
})
