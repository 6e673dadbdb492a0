import { checkFinite, type Matrix, RapportError, type Work } from '@rapport/numerics'
import { buildKdTree, type KdTree, squaredBoxDistance, squaredPointDistance } from './kd-tree.ts'
import { toUnitScale } from './unit-scale.ts'
import { WorkPace } from './work-pace.ts'

/**
 * How far each row's `neighbours` nearest rows reach, itself counted: the radius from which on DBSCAN takes it for a core
 * with `neighboursMin` = `neighbours`. Sorted, they rise steeply where rows begin to lie apart: a radius to try.
 *
 * @param data `[n × d]`, finite
 * @param neighbours 1 … n
 * @returns `[n]` distances in data units
 * @throws RapportError `neighbour-distances.data`, `neighbour-distances.missing`, `neighbour-distances.neighbours`,
 * `work.aborted`
 *
 * Cost: about O(n · (neighbours + log n)) for few columns, up to O(n² · d) for many.
 *
 * @example
 * await neighbourDistances(matrixFromRows([[0], [1], [5]]), 2) // Float64Array [1, 1, 4]
 */
export async function neighbourDistances(data: Matrix, neighbours: number, work?: Work): Promise<Float64Array> {
  checkFinite('neighbour-distances', data)
  if (!Number.isInteger(neighbours) || neighbours < 1 || neighbours > data.rows) {
    throw new RapportError(
      'neighbour-distances.neighbours',
      `neighbours must be between 1 and ${data.rows} (rows), got ${neighbours}`,
    )
  }
  const scaled = toUnitScale(data)
  const squares = await neighbourSquares(scaled.data, neighbours, new WorkPace(work))
  return squares.map((square) => Math.sqrt(square) * scaled.unit)
}

/** `[n]` the squares of what `neighbourDistances` gives, of data that were checked and scaled. */
export async function neighbourSquares(data: Matrix, neighbours: number, pace: WorkPace): Promise<Float64Array> {
  const search = new NearestSquares(buildKdTree(data), neighbours)
  const squares = new Float64Array(data.rows)
  for (let place = 0; place < data.rows; place += 1) {
    squares[search.tree.rows[place]!] = search.farthest(place)
    if (pace.isDue(search.steps)) await pace.turn('distances to neighbours', place, data.rows)
  }
  return squares
}

/** The squared distances from a point of the tree to its nearest ones, itself among them. */
class NearestSquares {
  steps = 0
  readonly tree: KdTree
  /** Ascending; Infinity where fewer were found. */
  readonly #nearest: Float64Array
  #at = 0

  constructor(tree: KdTree, neighbours: number) {
    this.tree = tree
    this.#nearest = new Float64Array(neighbours)
  }

  /** That of the last of the nearest ones. */
  farthest(place: number): number {
    this.#nearest.fill(Infinity)
    this.#at = place * this.tree.columns
    this.steps = 0
    this.#visit(0)
    return this.#nearest.at(-1)!
  }

  #visit(node: number): void {
    const tree = this.tree
    if (node >= tree.firstLeaf) {
      this.steps += tree.end[node]! - tree.first[node]!
      for (let other = tree.first[node]!; other < tree.end[node]!; other += 1) {
        this.#insert(squaredPointDistance(tree.points, this.#at, tree.points, other * tree.columns, tree.columns))
      }
      return
    }
    const left = squaredBoxDistance(tree, 2 * node + 1, tree.points, this.#at)
    const right = squaredBoxDistance(tree, 2 * node + 2, tree.points, this.#at)
    this.steps += 2
    const [near, far] = left <= right ? [1, 2] : [2, 1]
    if (Math.min(left, right) < this.#nearest.at(-1)!) this.#visit(2 * node + near)
    if (Math.max(left, right) < this.#nearest.at(-1)!) this.#visit(2 * node + far)
  }

  #insert(square: number): void {
    const nearest = this.#nearest
    let at = nearest.length - 1
    if (!(square < nearest[at]!)) return
    for (; at > 0 && nearest[at - 1]! > square; at -= 1) nearest[at] = nearest[at - 1]!
    nearest[at] = square
  }
}
