import { type Matrix, matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { permutationImportance } from './permutation-importance.ts'

const predict = ({ rows, columns, values }: Matrix): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => 2 * values[row * columns]! + values[row * columns + 1]!)

/** Rows whose number the first two columns say, but for noise. */
function drawRows(n: number, seed: number) {
  const random = seededRandom(seed)
  const data = matrix(
    n,
    3,
    Float64Array.from({ length: 3 * n }, () => random.normal()),
  )
  const targets = predict(data).map((value) => value + random.normal())
  const negativeSquares = (predicted: Float64Array, weights: Float64Array): number => {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return predicted.reduce((sum, value, row) => sum - weights[row]! * (value - targets[row]!) ** 2, 0) / total
  }
  return { data, negativeSquares }
}

test('the interval holds what shuffling costs among all such rows in about 95 % of draws', () => {
  // Two normals of standard deviation 2 that have nothing to do with each other differ by 8 in the mean of squares.
  let held = 0
  for (let seed = 0; seed < 150; seed += 1) {
    const { data, negativeSquares } = drawRows(100, seed)
    const options = { features: [[0]], repeats: 10, resamples: 100, seed }
    const [{ low, high }] = permutationImportance(predict, data, negativeSquares, options).features as [never]
    if (low <= 8 && 8 <= high) held += 1
  }
  // Resampled intervals of 100 rows are a little too narrow: 90 % of 150 are 135.
  expect(held).toBeGreaterThanOrEqual(133)
  expect(held).toBeLessThan(150)
})

test('a column that the model does not read costs exactly nothing, and columns can be shuffled together', () => {
  const { data, negativeSquares } = drawRows(200, 3)
  const options = { features: [[2], [0, 1]], seed: 1 }
  const { features } = permutationImportance(predict, data, negativeSquares, options)
  expect(features[0]).toEqual({ columns: [2], mean: 0, standardError: 0, low: 0, high: 0 })
  expect(features[1]!.mean).toBeGreaterThan(8)
  expect(permutationImportance(predict, data, negativeSquares, options).features).toEqual(features)
})

test('rows of weight 0 have no say', () => {
  const { data, negativeSquares } = drawRows(200, 4)
  const weights = Float64Array.from({ length: 200 }, (_, row) => Number(row < 100))
  const spoiled = matrix(
    200,
    3,
    data.values.map((value, at) => (at >= 300 && at % 3 === 2 ? 1e9 : value)),
  )
  const options = { weights, seed: 1 }
  expect(permutationImportance(predict, spoiled, negativeSquares, options)).toEqual(
    permutationImportance(predict, data, negativeSquares, options),
  )
})

test('progress is told, and what cannot be used is refused', () => {
  const { data, negativeSquares } = drawRows(30, 5)
  const seen: number[] = []
  permutationImportance(predict, data, negativeSquares, { seed: 1 }, { onProgress: ({ done }) => seen.push(done) })
  expect(seen).toEqual([1, 2, 3])
  const refuse = (options: object, message: string) =>
    expect(() => permutationImportance(predict, data, negativeSquares, { seed: 1, ...options })).toThrow(message)
  refuse({ features: [[3]] }, 'features must name columns from 0 to 2, got 3')
  refuse({ repeats: 0 }, 'repeats must be a whole number ≥ 1, got 0')
  refuse({ resamples: 19 }, 'resamples must be a whole number ≥ 20, got 19')
  refuse({ confidence: 0 }, 'confidence must be between 0 and 1, got 0')
  refuse({ weights: [1] }, 'weights must hold one finite number ≥ 0 a row (30)')
  refuse({ weights: new Float64Array(30) }, 'weights must hold one above 0, got only 0')
  expect(() => permutationImportance(() => [1], data, negativeSquares, { seed: 1 })).toThrow('got 1')
  expect(() => permutationImportance(predict, matrixFromRows([[1, 2]]), negativeSquares, { seed: 1 })).toThrow(
    'at least two rows and a column, got 1 × 2',
  )
})
