import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../random/random.ts'
import { cholesky, inverseFromCholesky, solveCholesky } from './cholesky.ts'

const positiveDefinite = (size: number, seed: number): Float64Array => {
  const random = seededRandom(seed)
  const factor = Float64Array.from({ length: size * size }, () => random.normal())
  return Float64Array.from({ length: size * size }, (_, at) => {
    const row = Math.floor(at / size)
    const column = at % size
    let sum = row === column ? 0.5 : 0
    for (let k = 0; k < size; k += 1) sum += factor[row * size + k]! * factor[column * size + k]!
    return sum
  })
}

const times = (symmetric: Float64Array, size: number, x: Float64Array): Float64Array =>
  Float64Array.from({ length: size }, (_, row) =>
    x.reduce((sum, value, at) => sum + value * symmetric[row * size + at]!, 0),
  )

test('the solution, put back into the equations, gives the right side', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 1e6 }), (size, seed) => {
      const symmetric = positiveDefinite(size, seed)
      const right = Float64Array.from({ length: size }, (_, at) => at - 1.5)
      const back = times(symmetric, size, solveCholesky(cholesky(symmetric, size)!, right))
      for (let at = 0; at < size; at += 1) expect(Math.abs(back[at]! - right[at]!)).toBeLessThan(1e-8)
    }),
  )
})

test('the inverse times the matrix is the identity', () => {
  const size = 7
  const symmetric = positiveDefinite(size, 3)
  const inverse = inverseFromCholesky(cholesky(symmetric, size)!)
  for (let row = 0; row < size; row += 1) {
    const column = times(symmetric, size, inverse.slice(row * size, (row + 1) * size))
    for (let at = 0; at < size; at += 1) expect(column[at]).toBeCloseTo(at === row ? 1 : 0, 9)
  }
})

test('a matrix with a dependent column, or an indefinite one, has no factor', () => {
  expect(cholesky(Float64Array.of(1, 1, 1, 1), 2)).toBeUndefined()
  expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined()
  expect(cholesky(Float64Array.of(0), 1)).toBeUndefined()
})

test('a wrong length is refused', () => {
  expect(() => cholesky(new Float64Array(3), 2)).toThrow('matrix must hold 2 × 2 numbers, got 3')
})
