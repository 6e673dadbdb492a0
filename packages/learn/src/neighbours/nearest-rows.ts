import type { Matrix } from '@rapport/numerics'
import { type KdTree, squaredBoxDistance, squaredPointDistance } from '../clustering/kd-tree.ts'

/** The nearest rows of a tree, nearest first; of rows equally far away the earlier ones. */
export interface NearestRows {
  /** `[queries × k]` row numbers of the tree's data. */
  readonly rows: Int32Array
  /** `[queries × k]` Euclidean distances. */
  readonly distances: Float64Array
}

/**
 * Finds the k nearest rows of each query exactly.
 *
 * @param queries `[q × d]` finite
 * @param k at most the rows in the tree
 *
 * Cost: some k log n distances a query in few columns, up to n in many.
 * Source: Friedman, Bentley & Finkel, "An algorithm for finding best matches in logarithmic expected time", ACM TOMS 3(3), 1977.
 */
export function nearestRows(tree: KdTree, queries: Matrix, k: number): NearestRows {
  const rows = new Int32Array(queries.rows * k)
  const squares = new Float64Array(queries.rows * k).fill(Infinity)
  for (let query = 0; query < queries.rows; query += 1) {
    const at = query * queries.columns
    const kept = squares.subarray(query * k, (query + 1) * k)
    visit(tree, 0, queries, at, kept, rows.subarray(query * k, (query + 1) * k))
  }
  return { rows, distances: squares.map(Math.sqrt) }
}

function visit(tree: KdTree, node: number, queries: Matrix, at: number, squares: Float64Array, rows: Int32Array): void {
  if (node >= tree.firstLeaf) {
    for (let place = tree.first[node]!; place < tree.end[node]!; place += 1) {
      const square = squaredPointDistance(queries.values, at, tree.points, place * tree.columns, tree.columns)
      keep(squares, rows, square, tree.rows[place]!)
    }
    return
  }
  const left = 2 * node + 1
  const toLeft = squaredBoxDistance(tree, left, queries.values, at)
  const toRight = squaredBoxDistance(tree, left + 1, queries.values, at)
  const nearer = toLeft <= toRight ? left : left + 1
  // Boxes just as far as the farthest kept are opened too: an earlier row may lie there.
  if (Math.min(toLeft, toRight) <= squares.at(-1)!) visit(tree, nearer, queries, at, squares, rows)
  if (Math.max(toLeft, toRight) <= squares.at(-1)!) visit(tree, 2 * left + 1 - nearer, queries, at, squares, rows)
}

/** Puts a row where it belongs among the nearest; the farthest falls out. */
function keep(squares: Float64Array, rows: Int32Array, square: number, row: number): void {
  let place = squares.length
  while (place > 0 && (square < squares[place - 1]! || (square === squares[place - 1] && row < rows[place - 1]!))) {
    place -= 1
  }
  if (place === squares.length) return
  squares.copyWithin(place + 1, place, squares.length - 1)
  rows.copyWithin(place + 1, place, rows.length - 1)
  squares[place] = square
  rows[place] = row
}
