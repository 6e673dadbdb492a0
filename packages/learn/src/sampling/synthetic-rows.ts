import { columnOf, type Matrix, matrix } from '@rapport/numerics'
import { buildKdTree } from '../clustering/kd-tree.ts'
import { nearestRows } from '../neighbours/nearest-rows.ts'
import { quantileOf } from '../preparation/quantile.ts'
import { meanAndDeviation } from '../preparation/scaling.ts'

/** Each row's nearest other rows of its class. */
export interface ClassNeighbours {
  readonly k: number
  /** `[rows × k]` nearest first. */
  readonly rows: Int32Array
}

/**
 * The nearest other rows, Euclidean over the columns of numbers; two different codes are as far apart as the median deviation of
 * those columns (SMOTE-NC).
 *
 * @param data rows of one class, finite, more than k
 */
export function sameClassNeighbours(data: Matrix, k: number, categorical: readonly number[]): ClassNeighbours {
  const embedded = categorical.length === 0 ? data : embedCodes(data, categorical)
  const found = nearestRows(buildKdTree(embedded), embedded, k + 1)
  const rows = new Int32Array(data.rows * k)
  for (let row = 0; row < data.rows; row += 1) {
    const near = Array.from(found.rows.subarray(row * (k + 1), (row + 1) * (k + 1)))
    // A row is its own nearest, unless more equal rows than k come before it.
    rows.set(near.filter((other) => other !== row).slice(0, k), row * k)
  }
  return { k, rows }
}

/** What is drawn for a new row. */
export interface SyntheticPick {
  readonly row: number
  /** Which of its neighbours, 0 … k − 1. */
  readonly neighbour: number
  /** How far towards it, 0 … 1. */
  readonly part: number
}

/** Writes the new row to `values` from `at` on: between the two in numbers, and of the commonest code among the neighbours. */
export function writeSynthetic(
  data: Matrix,
  near: ClassNeighbours,
  categorical: readonly number[],
  { row, neighbour, part }: SyntheticPick,
  values: Float64Array,
  at: number,
): void {
  const { columns } = data
  const from = row * columns
  const to = near.rows[row * near.k + neighbour]! * columns
  for (let column = 0; column < columns; column += 1) {
    const start = data.values[from + column]!
    values[at + column] = start + part * (data.values[to + column]! - start)
  }
  for (const column of categorical) values[at + column] = commonestCode(data, near, row, column)
}

/** The commonest code among a row's neighbours; of equally common ones the smallest. */
function commonestCode(data: Matrix, { k, rows }: ClassNeighbours, row: number, column: number): number {
  const counts = new Map<number, number>()
  for (const other of rows.subarray(row * k, (row + 1) * k)) {
    const code = data.values[other * data.columns + column]!
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  return [...counts].reduce((best, own) =>
    own[1] > best[1] || (own[1] === best[1] && own[0] < best[0]) ? own : best,
  )[0]
}

/**
 * Columns of numbers, and for each code of the others a column that is the median deviation where a row has it, over √2: rows of
 * different codes differ in two of them.
 */
function embedCodes(data: Matrix, categorical: readonly number[]): Matrix {
  const numbers = Array.from({ length: data.columns }, (_, column) => column).filter(
    (own) => !categorical.includes(own),
  )
  const deviations = Float64Array.from(numbers, (column) => meanAndDeviation(columnOf(data, column)).spread).sort()
  // Without any column of numbers all codes weigh alike.
  const size = deviations.length > 0 ? quantileOf(deviations, 0.5) * Math.SQRT1_2 : 1
  const codes = categorical.map((column) => [...new Set(columnOf(data, column))].sort((left, right) => left - right))
  const width = numbers.length + codes.reduce((sum, own) => sum + own.length, 0)
  const values = new Float64Array(data.rows * width)
  for (let row = 0; row < data.rows; row += 1) {
    numbers.forEach((column, place) => {
      values[row * width + place] = data.values[row * data.columns + column]!
    })
    let start = row * width + numbers.length
    categorical.forEach((column, at) => {
      values[start + codes[at]!.indexOf(data.values[row * data.columns + column]!)] = size
      start += codes[at]!.length
    })
  }
  return matrix(data.rows, width, values)
}
