import type { Matrix } from '@rapport/numerics'

/**
 * The pairing of rows with columns that is worth most in all: each row has one column or none, each column one row at most.
 *
 * @param worth `[rows × columns]` finite
 * @returns `[rows]` the column of each, −1 where there are fewer columns than rows
 *
 * Cost: O(n³), n the larger of the two.
 * Source: Kuhn, "The Hungarian method for the assignment problem", 1955, by shortest augmenting paths (Jonker & Volgenant 1987).
 */
export function bestAssignment({ rows, columns, values }: Matrix): Int32Array {
  const n = Math.max(rows, columns)
  let most = 0
  for (const value of values) most = Math.max(most, value)
  const cost = (row: number, column: number): number =>
    row < rows && column < columns ? most - values[row * columns + column]! : most
  // Numbered from 1, so that 0 can stand for none.
  const [rowPrices, columnPrices] = [new Float64Array(n + 1), new Float64Array(n + 1)]
  const rowOf = new Int32Array(n + 1)
  for (let row = 1; row <= n; row += 1) {
    const came = new Int32Array(n + 1)
    const least = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY)
    const isDone = new Uint8Array(n + 1)
    let column = 0
    rowOf[0] = row
    do {
      isDone[column] = 1
      const from = rowOf[column]!
      let [step, next] = [Number.POSITIVE_INFINITY, 0]
      for (let to = 1; to <= n; to += 1) {
        if (isDone[to] === 1) continue
        const reduced = cost(from - 1, to - 1) - rowPrices[from]! - columnPrices[to]!
        if (reduced < least[to]!) {
          least[to] = reduced
          came[to] = column
        }
        if (least[to]! < step) {
          step = least[to]!
          next = to
        }
      }
      for (let to = 0; to <= n; to += 1) {
        if (isDone[to] === 1) {
          rowPrices[rowOf[to]!]! += step
          columnPrices[to]! -= step
        } else least[to]! -= step
      }
      column = next
    } while (rowOf[column] !== 0)
    while (column !== 0) {
      const before = came[column]!
      rowOf[column] = rowOf[before]!
      column = before
    }
  }
  const columnOf = new Int32Array(rows).fill(-1)
  for (let column = 1; column <= columns; column += 1) {
    const row = rowOf[column]! - 1
    if (row < rows) columnOf[row] = column - 1
  }
  return columnOf
}
