import type { Matrix } from '@rapport/numerics'
import { buildKdTree, type KdTree } from '../clustering/kd-tree.ts'

/**
 * `[n]` the distance of each point to its k-th nearest other point, by the largest difference of any column.
 *
 * @param points `[n × d]`, finite; n > k
 *
 * Cost: O(n k log n) in few columns.
 */
export function distancesToKth(points: Matrix, k: number): Float64Array {
  const tree = buildKdTree(points)
  const nearest = new Float64Array(k)
  const distances = new Float64Array(points.rows)
  for (let place = 0; place < points.rows; place += 1) {
    nearest.fill(Infinity)
    visit(tree, 0, place, nearest)
    distances[tree.rows[place]!] = nearest[k - 1]!
  }
  return distances
}

function visit(tree: KdTree, node: number, place: number, nearest: Float64Array): void {
  const { columns, points } = tree
  const own = place * columns
  if (node >= tree.firstLeaf) {
    for (let other = tree.first[node]!; other < tree.end[node]!; other += 1) {
      if (other === place) continue
      let distance = 0
      for (let column = 0; column < columns; column += 1) {
        distance = Math.max(distance, Math.abs(points[own + column]! - points[other * columns + column]!))
      }
      keep(nearest, distance)
    }
    return
  }
  const left = 2 * node + 1
  const toLeft = boxDistance(tree, left, own)
  const toRight = boxDistance(tree, left + 1, own)
  const nearer = toLeft <= toRight ? left : left + 1
  if (Math.min(toLeft, toRight) < nearest.at(-1)!) visit(tree, nearer, place, nearest)
  if (Math.max(toLeft, toRight) < nearest.at(-1)!) visit(tree, 2 * left + 1 - nearer, place, nearest)
}

function boxDistance({ columns, points, lower, upper }: KdTree, node: number, own: number): number {
  let distance = 0
  for (let column = 0, box = node * columns; column < columns; column += 1, box += 1) {
    const value = points[own + column]!
    distance = Math.max(distance, lower[box]! - value, value - upper[box]!)
  }
  return distance
}

function keep(nearest: Float64Array, distance: number): void {
  let place = nearest.length
  while (place > 0 && distance < nearest[place - 1]!) place -= 1
  if (place === nearest.length) return
  nearest.copyWithin(place + 1, place, nearest.length - 1)
  nearest[place] = distance
}
