import { matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildKdTree } from '../clustering/kd-tree.ts'
import { fitNeighbourAmounts, fitNeighbourClasses, predictNeighbourAmounts, predictNeighbourClasses } from './index.ts'
import { nearestRows } from './nearest-rows.ts'

test('the rows found are those of a search through all, the earlier first where distances are equal', () => {
  const shapes = fc.record({
    rows: fc.integer({ min: 1, max: 120 }),
    columns: fc.integer({ min: 1, max: 5 }),
    whole: fc.boolean(),
    seed: fc.nat(1000),
  })
  fc.assert(
    fc.property(shapes, ({ rows, columns, whole, seed }) => {
      const random = seededRandom(seed)
      // Whole numbers, for ties.
      const draw = () => (whole ? random.integer(3) : random.normal())
      const data = matrix(rows, columns, Float64Array.from({ length: rows * columns }, draw))
      const query = matrix(1, columns, Float64Array.from({ length: columns }, draw))
      const k = 1 + random.integer(rows)
      const squares = Float64Array.from({ length: rows }, (_, row) => {
        let square = 0
        for (let column = 0; column < columns; column += 1) {
          square += (query.values[column]! - data.values[row * columns + column]!) ** 2
        }
        return square
      })
      const order = Array.from(squares, (_, row) => row).sort(
        (one, other) => squares[one]! - squares[other]! || one - other,
      )
      const found = nearestRows(buildKdTree(data), query, k)
      expect([...found.rows]).toEqual(order.slice(0, k))
      expect(found.distances.at(-1)).toBeCloseTo(Math.sqrt(squares[order[k - 1]!]!), 12)
    }),
  )
})

const line = matrixFromRows([[0], [1], [2], [10]])

test('amounts: the mean of the nearest, by weight; a row at the same place speaks alone', () => {
  const at = matrixFromRows([[0.9], [2]])
  const targets = [1, 2, 4, 100]
  expect([...predictNeighbourAmounts(fitNeighbourAmounts(line, targets, { neighbours: 2 }), at)]).toEqual([1.5, 3])
  const near = fitNeighbourAmounts(line, targets, { neighbours: 3, voice: 'distance' })
  expect(predictNeighbourAmounts(structuredClone(near), at)[1]).toBe(4)
  const weights = [3, 1, 1, 1]
  expect(predictNeighbourAmounts(fitNeighbourAmounts(line, targets, { neighbours: 2, weights }), at)[0]).toBe(1.25)
})

test('a row of weight 0 is as if it were not there', () => {
  const targets = [1, 0, 1, 0]
  const weights = [3, 1, 0, 2]
  const counted = matrixFromRows([[0], [1], [10]])
  for (const voice of ['equal', 'distance'] as const) {
    const amounts = fitNeighbourAmounts(line, targets, { neighbours: 2, voice, weights })
    const without = { neighbours: 2, voice, weights: [3, 1, 2] }
    expect(amounts).toEqual(fitNeighbourAmounts(counted, [1, 0, 0], without))
    expect([...predictNeighbourAmounts(amounts, line)].every(Number.isFinite)).toBe(true)
    const classes = fitNeighbourClasses(line, targets, { neighbours: 2, voice, weights })
    expect(classes).toEqual(fitNeighbourClasses(counted, [1, 0, 0], without))
  }
  expect(() => fitNeighbourAmounts(line, targets, { neighbours: 4, weights })).toThrow(
    'neighbours must be a whole number from 1 to 3 (rows with weight), got 4',
  )
})

test('neither large weights nor large targets overflow', () => {
  const model = fitNeighbourAmounts(line, [1e308, 1.5e308, 1e308, 0], { neighbours: 2, weights: [1e89, 1e89, 1e89, 1] })
  expect(predictNeighbourAmounts(model, matrixFromRows([[0.4]]))[0]).toBeCloseTo(1.25e308, -290)
  expect(() => fitNeighbourAmounts(line, [1, 2, 3, 4], { neighbours: 1, weights: [1e308, 1e308, 1, 1] })).toThrow(
    'weights must add up to between 1e-90 and 1e90, got Infinity',
  )
})

test('classes: shares of the vote add up to 1, also among tiny distances', () => {
  const tiny = matrixFromRows([[0], [2e-150], [1]])
  const model = fitNeighbourClasses(tiny, [0, 1, 1], { neighbours: 2, voice: 'distance' })
  const shares = predictNeighbourClasses(model, matrixFromRows([[1e-150], [0], [0.9]]))
  for (let row = 0; row < 3; row += 1) expect(shares.values[2 * row]! + shares.values[2 * row + 1]!).toBeCloseTo(1, 12)
  expect(shares.values[2]).toBe(1)
})

test('what means nothing is refused', () => {
  expect(() => fitNeighbourAmounts(line, [1, 2, 3, 4])).toThrow(
    'neighbours must be a whole number from 1 to 4 (rows with weight), got 5',
  )
  expect(() => fitNeighbourAmounts(line, [1, 2], { neighbours: 1 })).toThrow(
    'targets must hold one number a row (4), got 2',
  )
  expect(() => fitNeighbourClasses(line, [0, 0, 0, 0], { neighbours: 1 })).toThrow('got class 0 only')
  expect(() => fitNeighbourClasses(line, [0, 1, 0, 1], { neighbours: 1, weights: [0, 0, 0, 0] })).toThrow('above 0')
  expect(() => fitNeighbourAmounts(matrixFromRows([[Number.NaN]]), [1], { neighbours: 1 })).toThrow('must be finite')
  expect(() => fitNeighbourAmounts(matrix(0, 1), [], { neighbours: 1 })).toThrow('at least one row')
  const amounts = fitNeighbourAmounts(line, [1, 2, 3, 4], { neighbours: 1 })
  const classes = fitNeighbourClasses(line, [0, 1, 0, 1], { neighbours: 1 })
  expect(() => predictNeighbourClasses(amounts, line)).toThrow('must be fitted to classes')
  expect(() => predictNeighbourAmounts(classes, line)).toThrow('must be fitted to amounts')
  expect(() => predictNeighbourAmounts(amounts, matrix(1, 2))).toThrow(
    'data must have the 1 columns of training, got 2',
  )
  expect(predictNeighbourAmounts(amounts, matrix(0, 1))).toHaveLength(0)
})
