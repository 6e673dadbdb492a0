import { type Matrix, matrix, matrixFromRows, rowOf, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitBoosting } from '../trees/fit-boosting.ts'
import { predictBoosting } from '../trees/predict-boosting.ts'
import { chooseCoalitions } from './coalitions.ts'
import { explainByKernel } from './kernel-shap.ts'

const normals = (rows: number, columns: number, seed: number): Matrix => {
  const random = seededRandom(seed)
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  )
}

const each = (data: Matrix, of: (row: Float64Array) => number): Float64Array =>
  Float64Array.from({ length: data.rows }, (_, row) => of(Float64Array.from(rowOf(data, row))))

test('base and contributions of a row sum to what the model predicts, gaps included', async () => {
  const data = normals(300, 5, 2)
  data.values[7] = Number.NaN
  const labels = each(data, ([a, b]) => Number(a! * b! > 0))
  const model = await fitBoosting(data, labels, { rounds: 10, seed: 1 })
  const some = matrix(12, 5, data.values.slice(0, 60))
  const typical = matrix(40, 5, data.values.slice(300, 500))
  const { base, contributions } = explainByKernel((rows) => predictBoosting(model, rows), some, typical, { seed: 1 })
  predictBoosting(model, some).forEach((predicted, row) => {
    const sum = Float64Array.from(rowOf(contributions, row)).reduce((total, part) => total + part, base)
    expect(Math.abs(sum - predicted)).toBeLessThan(1e-12)
  })
})

test('with a draw of the sets: sums hold, columns that only add are exact, and others are near what all sets give', () => {
  const data = normals(4, 12, 3)
  const typical = normals(8, 12, 4)
  const additive = (rows: Matrix) => each(rows, (row) => row.reduce((sum, value, at) => sum + at * Math.sin(value), 0))
  const few = explainByKernel(additive, data, typical, { sets: 100, seed: 1 })
  const all = explainByKernel(additive, data, typical, { sets: 2 ** 12, seed: 1 })
  few.contributions.values.forEach((value, at) => {
    expect(Math.abs(value - all.contributions.values[at]!)).toBeLessThan(1e-9)
  })
  const mixed = (rows: Matrix) => each(rows, (row) => row[0]! * row[1]! + row[2]! * row[3]! * row[4]! + row[5]!)
  const drawn = explainByKernel(mixed, data, typical, { sets: 1000, seed: 1 })
  const exact = explainByKernel(mixed, data, typical, { sets: 2 ** 12, seed: 1 })
  const values = Float64Array.from(drawn.contributions.values)
  const apart = values.reduce((sum, value, at) => sum + Math.abs(value - exact.contributions.values[at]!), 0)
  expect(apart / values.length).toBeLessThan(0.02)
  expect(explainByKernel(mixed, data, typical, { sets: 1000, seed: 1 })).toEqual(drawn)
})

test.each([
  [2, 100],
  [3, 100],
  [6, 1000],
  [7, 1000],
])('of %i columns all sets but the empty and the full one are tried once', (d, most) => {
  const { masks, weights } = chooseCoalitions(d, most, 1)
  const seen = new Set(Array.from(weights, (_, set) => masks.subarray(set * d, (set + 1) * d).join('')))
  expect(seen.size).toBe(2 ** d - 2)
  expect(weights.length).toBe(2 ** d - 2)
})

test('sets that are drawn weigh together what all of their sizes would, and keep to the bound', () => {
  const weightOf = (most: number): number => {
    const { weights } = chooseCoalitions(12, most, 5)
    expect(weights.length).toBeLessThanOrEqual(most)
    return weights.reduce((sum, weight) => sum + weight, 0)
  }
  const all = weightOf(5000)
  for (const most of [26, 160, 1000]) expect(weightOf(most)).toBeCloseTo(all, 9)
})

test('a row like all of the background has no contributions, and one different column takes all', () => {
  const typical = matrixFromRows([
    [1, 2],
    [1, 2],
  ])
  const predict = (rows: Matrix) => each(rows, ([a, b]) => a! + 3 * b!)
  const same = explainByKernel(predict, matrixFromRows([[1, 2]]), typical, { seed: 1 })
  expect(Array.from(same.contributions.values)).toEqual([0, 0])
  const other = explainByKernel(predict, matrixFromRows([[1, 4]]), typical, { seed: 1 })
  expect(Array.from(other.contributions.values)).toEqual([0, 6])
})

test('what cannot be used is refused', () => {
  const data = matrixFromRows([[1, 2]])
  const predict = (rows: Matrix) => each(rows, ([a]) => a!)
  const refuse = (run: () => unknown, message: string) => expect(run).toThrow(message)
  refuse(() => explainByKernel(predict, data, matrixFromRows([[1]]), { seed: 1 }), 'must have the same columns')
  refuse(() => explainByKernel(predict, data, matrix(0, 2), { seed: 1 }), 'at least one row, got none')
  refuse(() => explainByKernel(predict, data, data, { sets: 3, seed: 1 }), 'at least twice the columns (4), got 3')
  refuse(() => explainByKernel(() => [Number.NaN], data, data, { seed: 1 }), 'one finite number a row (1), got NaN')
  refuse(() => explainByKernel(() => [], data, data, { seed: 1 }), 'one finite number a row (1), got 0 numbers')
  const stopped = { signal: AbortSignal.abort() }
  refuse(() => explainByKernel(predict, data, data, { seed: 1 }, stopped), 'the work was stopped')
})
