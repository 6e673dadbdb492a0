import { type KdTree, squaredBoxDistance, squaredDiagonal, squaredPointDistance } from './kd-tree.ts'
import { RowSets } from './row-sets.ts'

/**
 * Joins the points that chains of steps no longer than a radius connect.
 *
 * A node whose points are all in one set stays so; it is left out for points of that set, and for others one of its
 * points within the radius is enough. So dense places cost hardly more than their number of points.
 */
export class RadiusGraph {
  /** Points and boxes that `connect` looked at last. */
  steps = 0
  readonly #tree: KdTree
  readonly #square: number
  readonly #sets: RowSets
  /** `[nodes]` 1 once all points of the node are in one set. */
  readonly #isOneSet: Uint8Array
  #place = 0

  constructor(tree: KdTree, radius: number) {
    this.#tree = tree
    this.#square = radius * radius
    this.#sets = new RowSets(tree.rows.length)
    this.#isOneSet = new Uint8Array(tree.first.length)
    this.#joinSmallNodes()
  }

  /** In nodes so small that all points are neighbours nothing is left to look at. */
  #joinSmallNodes(): void {
    const { first, end } = this.#tree
    for (let node = 0; node < first.length; node += 1) {
      // An empty node keeps no other from being one set.
      if (first[node] === end[node]) this.#isOneSet[node] = 1
      else if (squaredDiagonal(this.#tree, node) <= this.#square) {
        for (let place = first[node]! + 1; place < end[node]!; place += 1) this.#joinPlaces(first[node]!, place)
        this.#isOneSet[node] = 1
      }
    }
  }

  #joinPlaces(one: number, other: number): void {
    const a = this.#sets.find(one)
    const b = this.#sets.find(other)
    if (a !== b) this.#sets.join(a, b)
  }

  /** Joins the point at `place` with all points of later places within the radius. */
  connect(place: number): void {
    this.#place = place
    this.steps = 0
    this.#visit(0)
  }

  /** The place that stands for the set of `place`. */
  setOf(place: number): number {
    return this.#sets.find(place)
  }

  #visit(node: number): void {
    const tree = this.#tree
    const place = this.#place
    const { columns, points } = tree
    if (tree.end[node]! <= place || tree.first[node] === tree.end[node]) return
    this.steps += 1
    if (this.#isOneSet[node] && this.#sets.find(tree.first[node]!) === this.#sets.find(place)) return
    if (squaredBoxDistance(tree, node, points, place * columns) > this.#square) return
    if (node >= tree.firstLeaf) this.#joinLeaf(node)
    else {
      this.#visit(2 * node + 1)
      this.#visit(2 * node + 2)
      this.#isOneSet[node] ||= this.#areOneSet(2 * node + 1, 2 * node + 2) ? 1 : 0
    }
  }

  #joinLeaf(node: number): void {
    const { columns, points, first, end } = this.#tree
    const place = this.#place
    for (let other = first[node]!; other < end[node]!; other += 1) {
      this.steps += 1
      const square = squaredPointDistance(points, place * columns, points, other * columns, columns)
      if (square > this.#square) continue
      this.#joinPlaces(place, other)
      if (this.#isOneSet[node]) return
    }
    const set = this.#sets.find(first[node]!)
    for (let other = first[node]! + 1; other < end[node]!; other += 1) if (this.#sets.find(other) !== set) return
    this.#isOneSet[node] = 1
  }

  #areOneSet(a: number, b: number): boolean {
    const { first, end } = this.#tree
    if (first[a] === end[a]) return this.#isOneSet[b] === 1
    if (first[b] === end[b]) return this.#isOneSet[a] === 1
    return (
      this.#isOneSet[a] === 1 && this.#isOneSet[b] === 1 && this.#sets.find(first[a]!) === this.#sets.find(first[b]!)
    )
  }
}
