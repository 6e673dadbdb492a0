import { expect, test } from 'vitest'
import { matrix } from '../matrix/matrix.ts'
import { seededRandom } from '../random/random.ts'
import { weightedGram } from './weighted-gram.ts'

// The second way: the sum over rows, entry by entry.
test.each([
  [1, 3, 1],
  [6, 1, 1],
  [9, 4, 1],
  [23, 5, 3],
  [150, 10, 1],
])('%i rows of %i columns, every %i-th taken, sum as written', (rows, columns, stride) => {
  const random = seededRandom(5)
  const data = matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => (random.uniform() < 0.4 ? 0 : random.normal())),
  )
  const weights = Float64Array.from({ length: Math.ceil(rows / stride) }, () => random.uniform())
  const gram = weightedGram(data, weights, stride)
  const at = (row: number, column: number): number => (column === 0 ? 1 : data.values[row * columns + column - 1]!)
  for (let left = 0; left <= columns; left += 1) {
    for (let right = 0; right <= columns; right += 1) {
      let sum = 0
      weights.forEach((weight, taken) => {
        sum += weight * at(taken * stride, left) * at(taken * stride, right)
      })
      expect(gram[left * (columns + 1) + right]).toBeCloseTo(sum, 10)
    }
  }
})
