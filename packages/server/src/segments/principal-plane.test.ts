import { matrix, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { principalPlane, projected } from './principal-plane.ts'

test('finds the directions in which rows differ, whatever their order', () => {
  const random = seededRandom(3)
  // Spread 5 along (3, 4, 0) / 5, 2 along z, 0.1 along what is left.
  const rows = Array.from({ length: 4000 }, () => {
    const [long, middle, short] = [5 * random.normal(), 2 * random.normal(), 0.1 * random.normal()]
    return [7 + 0.6 * long - 0.8 * short, 0.8 * long + 0.6 * short, middle - 3]
  })
  const plane = principalPlane(matrix(4000, 3, Float64Array.from(rows.flat())))
  const [first, second] = plane.axes
  ;[0.6, 0.8, 0].forEach((value, at) => {
    expect(first[at]).toBeCloseTo(value, 1)
  })
  expect(second[2]).toBeCloseTo(1, 2)
  expect(plane.explained).toBeGreaterThan(0.999)
  const [x, y] = projected(plane, [7 + 0.6, 0.8, -3])
  expect(x).toBeCloseTo(1, 0)
  expect(y).toBeCloseTo(0, 0)
})

test('one column has a plane of one direction; equal rows explain nothing', () => {
  const line = principalPlane(matrix(3, 1, Float64Array.of(1, 2, 6)))
  expect([...line.axes[0]]).toEqual([1])
  expect([...line.axes[1]]).toEqual([0])
  expect(line.explained).toBeCloseTo(1, 12)
  expect(principalPlane(matrix(2, 2, Float64Array.of(1, 2, 1, 2))).explained).toBe(0)
})
