import type { Matrix } from '@rapport/numerics'
import { type KdTree, squaredBoxDistance, squaredPointDistance } from './kd-tree.ts'

/** The farthest a node's box reaches from the point at `at`, squared. */
function squaredBoxReach(
  { columns, lower, upper }: KdTree,
  node: number,
  points: Matrix['values'],
  at: number,
): number {
  let square = 0
  for (let column = 0, box = node * columns; column < columns; column += 1, box += 1) {
    const value = points[at + column]!
    square += Math.max(value - lower[box]!, upper[box]! - value) ** 2
  }
  return square
}

/** Tells whether enough weight lies within a radius, without looking at more points than that takes. */
export class NeighbourCount {
  /** Points and boxes that `isEnough` looked at last. */
  steps = 0
  readonly #tree: KdTree
  readonly #square: number
  readonly #enough: number
  /** `[n + 1]` weight before each place. */
  readonly #weightBefore: Float64Array
  #points: Matrix['values'] = new Float64Array(0)
  #at = 0
  #weight = 0

  /**
   * @param radius distances up to it count
   * @param enough weight that is asked for
   * @param weights `[rows of the data]`
   */
  constructor(tree: KdTree, radius: number, enough: number, weights: Float64Array | undefined) {
    this.#tree = tree
    this.#square = radius * radius
    this.#enough = enough
    this.#weightBefore = new Float64Array(tree.rows.length + 1)
    tree.rows.forEach((row, place) => {
      this.#weightBefore[place + 1] = this.#weightBefore[place]! + (weights ? weights[row]! : 1)
    })
  }

  /** Weight of a node's points. */
  weightOf(node: number): number {
    return this.#weightBefore[this.#tree.end[node]!]! - this.#weightBefore[this.#tree.first[node]!]!
  }

  /** Whether the tree's points within the radius of the point at `at` have enough weight. */
  isEnough(points: Matrix['values'], at: number): boolean {
    this.#points = points
    this.#at = at
    this.#weight = 0
    this.steps = 0
    return this.#visit(0)
  }

  #visit(node: number): boolean {
    const tree = this.#tree
    this.steps += 1
    if (squaredBoxReach(tree, node, this.#points, this.#at) <= this.#square) {
      this.#weight += this.weightOf(node)
    } else if (node >= tree.firstLeaf) this.#countLeaf(node)
    else {
      const left = squaredBoxDistance(tree, 2 * node + 1, this.#points, this.#at)
      const right = squaredBoxDistance(tree, 2 * node + 2, this.#points, this.#at)
      const [near, far] = left <= right ? [1, 2] : [2, 1]
      if (Math.min(left, right) <= this.#square && this.#visit(2 * node + near)) return true
      if (Math.max(left, right) <= this.#square && this.#visit(2 * node + far)) return true
    }
    return this.#weight >= this.#enough
  }

  #countLeaf(node: number): void {
    const { columns, points, first, end } = this.#tree
    this.steps += end[node]! - first[node]!
    for (let place = first[node]!; place < end[node]!; place += 1) {
      if (squaredPointDistance(this.#points, this.#at, points, place * columns, columns) <= this.#square) {
        this.#weight += this.#weightBefore[place + 1]! - this.#weightBefore[place]!
      }
    }
  }
}

/** Finds the tree's nearest point within a radius. */
export class NearestWithin {
  /** Points and boxes that `place` looked at last. */
  steps = 0
  readonly #tree: KdTree
  readonly #radiusSquare: number
  #points: Matrix['values'] = new Float64Array(0)
  #at = 0
  #square = 0
  #nearest = -1

  constructor(tree: KdTree, radius: number) {
    this.#tree = tree
    this.#radiusSquare = radius * radius
  }

  /** The place of the nearest point, of equally near ones that of the earliest row; −1 when none is near enough. */
  place(points: Matrix['values'], at: number): number {
    this.#points = points
    this.#at = at
    this.#square = this.#radiusSquare
    this.#nearest = -1
    this.steps = 0
    this.#visit(0)
    return this.#nearest
  }

  #visit(node: number): void {
    const tree = this.#tree
    if (node >= tree.firstLeaf) this.#compareLeaf(node)
    else {
      const left = squaredBoxDistance(tree, 2 * node + 1, this.#points, this.#at)
      const right = squaredBoxDistance(tree, 2 * node + 2, this.#points, this.#at)
      this.steps += 2
      const [near, far] = left <= right ? [1, 2] : [2, 1]
      if (Math.min(left, right) <= this.#square) this.#visit(2 * node + near)
      if (Math.max(left, right) <= this.#square) this.#visit(2 * node + far)
    }
  }

  #compareLeaf(node: number): void {
    const { columns, points, first, end, rows } = this.#tree
    this.steps += end[node]! - first[node]!
    for (let place = first[node]!; place < end[node]!; place += 1) {
      const square = squaredPointDistance(this.#points, this.#at, points, place * columns, columns)
      const isNearer =
        square < this.#square || (square === this.#square && (this.#nearest < 0 || rows[place]! < rows[this.#nearest]!))
      if (isNearer) {
        this.#square = square
        this.#nearest = place
      }
    }
  }
}
