import { matrix, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { buildKdTree, keepOfTree, squaredBoxDistance, squaredDiagonal, squaredPointDistance } from './kd-tree.ts'

const random = seededRandom(3)
const shapes = [
  { name: 'normal', value: () => random.normal() },
  { name: 'with many ties', value: () => random.integer(3) },
  { name: 'constant', value: () => 5 },
]

test.each(shapes)('every point lies in one leaf, and every box around its points ($name)', ({ value }) => {
  for (const rows of [1, 2, 12, 13, 100, 400]) {
    const data = matrix(rows, 3, Float64Array.from({ length: rows * 3 }, value))
    const tree = buildKdTree(data)
    expect(Array.from(tree.rows).sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row))
    let held = 0
    tree.first.forEach((first, node) => {
      const end = tree.end[node]!
      if (node >= tree.firstLeaf) held += end - first
      for (let place = first; place < end; place += 1) {
        expect(squaredBoxDistance(tree, node, tree.points, place * 3)).toBe(0)
        expect(Array.from(tree.points.subarray(place * 3, place * 3 + 3))).toEqual(
          Array.from(data.values.subarray(tree.rows[place]! * 3, tree.rows[place]! * 3 + 3)),
        )
      }
    })
    expect(held).toBe(rows)
  }
})

test('a box is never farther than a point in it', () => {
  const data = matrix(
    200,
    2,
    Float64Array.from({ length: 400 }, () => random.normal()),
  )
  const tree = buildKdTree(data)
  const from = Float64Array.of(2.5, -1)
  tree.first.forEach((first, node) => {
    const box = squaredBoxDistance(tree, node, from, 0)
    const points = Array.from({ length: tree.end[node]! - first }, (_, at) =>
      squaredPointDistance(from, 0, tree.points, (first + at) * 2, 2),
    )
    expect(box).toBeLessThanOrEqual(Math.min(...points))
  })
})

test('some of the points alone: the same boxes around fewer points, empty ones infinitely far', () => {
  const data = matrix(
    300,
    2,
    Float64Array.from({ length: 600 }, () => random.normal()),
  )
  const tree = buildKdTree(data)
  const isKept = Uint8Array.from({ length: 300 }, (_, row) => (data.values[2 * row]! > 0.3 ? 1 : 0))
  const kept = keepOfTree(tree, isKept)
  expect(Array.from(kept.rows).sort((a, b) => a - b)).toEqual(
    Array.from(isKept.keys()).filter((row) => isKept[row] === 1),
  )
  let isAnyEmpty = false
  kept.first.forEach((first, node) => {
    const end = kept.end[node]!
    if (first === end) {
      isAnyEmpty = true
      expect(squaredBoxDistance(kept, node, data.values, 0)).toBe(Infinity)
    }
    for (let place = first; place < end; place += 1) {
      expect(squaredBoxDistance(kept, node, kept.points, place * 2)).toBe(0)
      expect(squaredPointDistance(kept.points, place * 2, kept.points, first * 2, 2)).toBeLessThanOrEqual(
        squaredDiagonal(kept, node),
      )
      expect(kept.points[place * 2]).toBe(data.values[kept.rows[place]! * 2])
    }
  })
  expect(isAnyEmpty).toBe(true)
})
