import type { Matrix } from '@rapport/numerics'

/**
 * Points in a balanced tree of boxes, for searches that can leave whole boxes out.
 *
 * The tree is complete: node k has the children 2k + 1 and 2k + 2, and the last `leaves` nodes are the leaves.
 */
export interface KdTree {
  readonly columns: number
  /** `[n]` the row of the data at each place; the places of a node's points are consecutive. */
  readonly rows: Int32Array
  /** `[n × d]` the points by place. */
  readonly points: Float64Array
  /** `[nodes]` each node's first place. */
  readonly first: Int32Array
  /** `[nodes]` one past each node's last place. */
  readonly end: Int32Array
  /** `[nodes × d]` the least and the largest value of each column in each node. */
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** The first node that is a leaf. */
  readonly firstLeaf: number
}

/** Points a leaf holds at most: fewer make more boxes to look at, more make more points. */
const leafPointsMax = 12

/**
 * Builds the tree over all rows, or over the rows listed.
 *
 * @param data `[n × d]`, finite
 * @param listed rows to put into the tree, at least one; kept and put into another order. Default all
 *
 * Cost: O(n · (d + log n) · log n) time, 8 · n · d bytes and a third more for the boxes.
 * Source: Bentley, "Multidimensional binary search trees used for associative searching", CACM 18(9), 1975; split at
 * the median of the widest column.
 */
export function buildKdTree(data: Matrix, listed?: Int32Array): KdTree {
  const { columns, values } = data
  const rows = listed ?? Int32Array.from({ length: data.rows }, (_, row) => row)
  const n = rows.length
  let leaves = 1
  while (n > leaves * leafPointsMax) leaves *= 2
  const nodes = 2 * leaves - 1
  const first = new Int32Array(nodes)
  const end = new Int32Array(nodes)
  const lower = new Float64Array(nodes * columns).fill(Infinity)
  const upper = new Float64Array(nodes * columns).fill(-Infinity)
  end[0] = n
  for (let node = 0; node < nodes; node += 1) {
    const at = node * columns
    for (let place = first[node]!; place < end[node]!; place += 1) {
      const from = rows[place]! * columns
      for (let column = 0; column < columns; column += 1) {
        const value = values[from + column]!
        if (value < lower[at + column]!) lower[at + column] = value
        if (value > upper[at + column]!) upper[at + column] = value
      }
    }
    if (node >= leaves - 1) continue
    const middle = (first[node]! + end[node]!) >> 1
    partitionAt(rows, first[node]!, end[node]!, middle, values, columns, widestColumn(lower, upper, at, columns))
    first[2 * node + 1] = first[node]!
    end[2 * node + 1] = middle
    first[2 * node + 2] = middle
    end[2 * node + 2] = end[node]!
  }
  const points = new Float64Array(n * columns)
  for (let place = 0, at = 0; place < n; place += 1) {
    const from = rows[place]! * columns
    for (let column = 0; column < columns; column += 1, at += 1) points[at] = values[from + column]!
  }
  return { columns, rows, points, first, end, lower, upper, firstLeaf: leaves - 1 }
}

/** Squared distance from the point at `at` of `points` to a node's box: 0 inside. */
export function squaredBoxDistance(
  { columns, lower, upper }: KdTree,
  node: number,
  points: Matrix['values'],
  at: number,
): number {
  let square = 0
  for (let column = 0, box = node * columns; column < columns; column += 1, box += 1) {
    const value = points[at + column]!
    const outside = value < lower[box]! ? lower[box]! - value : value - upper[box]!
    if (outside > 0) square += outside * outside
  }
  return square
}

/** Squared distance between the points at `a` and `b`. */
export function squaredPointDistance(
  ofA: Matrix['values'],
  a: number,
  ofB: Matrix['values'],
  b: number,
  columns: number,
): number {
  let square = 0
  for (let column = 0; column < columns; column += 1) {
    const difference = ofA[a + column]! - ofB[b + column]!
    square += difference * difference
  }
  return square
}

function widestColumn(lower: Float64Array, upper: Float64Array, at: number, columns: number): number {
  let widest = 0
  for (let column = 1; column < columns; column += 1) {
    if (upper[at + column]! - lower[at + column]! > upper[at + widest]! - lower[at + widest]!) widest = column
  }
  return widest
}

/** Orders `rows[from … end − 1]` so that none before `middle` has a larger value than any from there on (Hoare 1961). */
function partitionAt(
  rows: Int32Array,
  from: number,
  end: number,
  middle: number,
  values: Matrix['values'],
  columns: number,
  column: number,
): void {
  let left = from
  let right = end - 1
  while (left < right) {
    const pivot = values[rows[(left + right) >> 1]! * columns + column]!
    let low = left
    let high = right
    while (low <= high) {
      while (values[rows[low]! * columns + column]! < pivot) low += 1
      while (values[rows[high]! * columns + column]! > pivot) high -= 1
      if (low > high) break
      const held = rows[low]!
      rows[low] = rows[high]!
      rows[high] = held
      low += 1
      high -= 1
    }
    if (middle <= high) right = high
    else if (middle >= low) left = low
    else return
  }
}
