import { expect, test } from 'vitest'
import { borrowKernels, directKernels } from '../../pool/direct-kernels.ts'
import { seededRandom } from '../../random/random.ts'
import { exponential, logOnePlus } from '../exponential.ts'

/** The kernels of linear models over one tile, and what they left. */
function overTile(engine: 'wasm' | 'typescript', rows: number, columns: number): Float64Array[] {
  const random = seededRandom(columns)
  const { arena, kernel } = directKernels({ engine })
  const numbers = (length: number, draw: () => number = () => 0) => {
    const span = arena.float64(length)
    span.view.set(Float64Array.from({ length }, draw))
    return span
  }
  const tile = numbers(rows * columns, () => random.normal())
  const labels = arena.uint8(rows)
  labels.view.set(Uint8Array.from({ length: rows }, () => random.integer(2)))
  const weights = numbers(rows, () => random.exponential(1))
  const coefficients = numbers(columns + 1, () => 3 * random.normal())
  const [scores, curvatures, gradient] = [numbers(rows), numbers(rows), numbers(columns + 1, () => 0.5)]
  const scratch = numbers(rows + columns + 1)
  // Far out a probability is 0 or 1.
  tile.view[0] = 1e4
  const pointers = [labels, weights, coefficients, scores, curvatures, gradient, scratch].map(({ at }) => at)
  const loss = kernel('logisticTile')(tile.at, rows, columns, ...pointers)!
  const [sums, squares] = [numbers(columns), numbers(columns)]
  kernel('addWeightedColumns')(tile.at, rows, columns, weights.at, 0, sums.at)
  kernel('addWeightedColumns')(tile.at, rows, columns, weights.at, 1, squares.at)
  const width = 4 * Math.floor(columns / 4)
  const products = numbers(width * width)
  kernel('addWeightedProducts')(tile.at, rows, width, weights.at, products.at)
  const left = [scores, curvatures, gradient, sums, squares, products].map(({ view }) => view.slice())
  return [Float64Array.of(loss), ...left]
}

test.each([
  [8, 1],
  [4, 2],
  [64, 13],
  [256, 50],
])('the kernels of linear models and their twins agree bit for bit, %i rows of %i columns', (rows, columns) => {
  const kernel = overTile('wasm', rows, columns)
  expect(overTile('typescript', rows, columns)).toEqual(kernel)
  expect(kernel.every((values) => values.every(Number.isFinite))).toBe(true)
  expect(kernel[0]![0]).toBeGreaterThan(0)
})

test('exponential and logarithm are near those of the machine', () => {
  const random = seededRandom(1)
  for (let draw = 0; draw < 10_000; draw += 1) {
    const power = 1400 * random.uniform() - 700
    expect(Math.abs(exponential(power) / Math.exp(power) - 1)).toBeLessThan(5e-16)
    const x = random.uniform() ** (1 + random.integer(20))
    expect(Math.abs(logOnePlus(x) / Math.log1p(x) - 1)).toBeLessThan(5e-16)
  }
  expect([exponential(0), logOnePlus(0)]).toEqual([1, 0])
})

test('whoever borrows inside another’s turn gets a memory of its own, and memory comes back zeroed', () => {
  const [outer, inner] = borrowKernels(({ arena }) => {
    const span = arena.float64(4)
    span.view.fill(1)
    const view = span.view
    const sum = borrowKernels((other) => other.arena.float64(2 ** 18).view.length)
    return [view.reduce((total, value) => total + value, 0), sum]
  })
  expect([outer, inner]).toEqual([4, 2 ** 18])
  expect(borrowKernels(({ arena }) => arena.float64(4).view)).toEqual(new Float64Array(4))
})
