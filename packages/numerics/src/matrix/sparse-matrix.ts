import { RapportError } from '../error.ts'

/** A sparse matrix in compressed rows (CSR): row `r` holds entries `rowStarts[r]` … `rowStarts[r + 1] - 1`. */
export interface SparseMatrix {
  readonly rows: number
  readonly columns: number
  /** `[rows + 1]`, never falling; the last is the number of entries. */
  readonly rowStarts: Int32Array
  /** `[entries]`, rising within a row. */
  readonly columnIndices: Int32Array
  /** `[entries]` */
  readonly values: Float32Array | Float64Array
}

/**
 * A sparse matrix from triplets in any order; values at the same place are added.
 *
 * @param rowIndices `[n]`, each 0 … rows − 1
 * @param columnIndices `[n]`, each 0 … columns − 1
 * @param values `[n]`; ones when left out
 * @throws RapportError `sparse.index` when an index is no whole number inside the shape, `sparse.lengths` when there are not
 *   as many of each
 *
 * Cost: O(n + rows + columns), two counting sorts.
 */
export function sparseFromTriplets(
  rows: number,
  columns: number,
  rowIndices: ArrayLike<number>,
  columnIndices: ArrayLike<number>,
  values?: ArrayLike<number>,
): SparseMatrix {
  const n = rowIndices.length
  if (columnIndices.length !== n || (values !== undefined && values.length !== n)) {
    throw new RapportError(
      'sparse.lengths',
      `rowIndices, columnIndices and values must have one length, got ${n}, ${columnIndices.length} and ${values?.length ?? n}`,
    )
  }
  for (let at = 0; at < n; at += 1) {
    const row = rowIndices[at]!
    const column = columnIndices[at]!
    const isWhole = Number.isInteger(row) && Number.isInteger(column)
    if (!(isWhole && row >= 0 && row < rows && column >= 0 && column < columns)) {
      throw new RapportError(
        'sparse.index',
        `entry ${at} must lie inside ${rows} × ${columns}, got (${row}, ${column})`,
      )
    }
  }
  // Sorting by column first and by row second, both stable, leaves columns rising within rows.
  const byColumn = stableOrder(columnIndices, columns, identityOrder(n))
  const order = stableOrder(rowIndices, rows, byColumn)

  const rowStarts = new Int32Array(rows + 1)
  const keptColumns = new Int32Array(n)
  const keptValues = new Float64Array(n)
  let kept = 0
  let previousRow = -1
  for (let place = 0; place < n; place += 1) {
    const at = order[place]!
    const row = rowIndices[at]!
    const column = columnIndices[at]!
    const value = values ? values[at]! : 1
    if (kept > 0 && row === previousRow && keptColumns[kept - 1] === column) {
      keptValues[kept - 1]! += value
      continue
    }
    keptColumns[kept] = column
    keptValues[kept] = value
    rowStarts[row + 1]! += 1
    previousRow = row
    kept += 1
  }
  for (let row = 0; row < rows; row += 1) rowStarts[row + 1]! += rowStarts[row]!
  return { rows, columns, rowStarts, columnIndices: keptColumns.slice(0, kept), values: keptValues.slice(0, kept) }
}

/** Columns become rows: `[columns × rows]`. Cost: O(entries + rows + columns). */
export function transposeSparse(data: SparseMatrix): SparseMatrix {
  const rowStarts = new Int32Array(data.columns + 1)
  for (let at = 0; at < data.columnIndices.length; at += 1) rowStarts[data.columnIndices[at]! + 1]! += 1
  for (let column = 0; column < data.columns; column += 1) rowStarts[column + 1]! += rowStarts[column]!
  const next = rowStarts.slice()
  const columnIndices = new Int32Array(data.columnIndices.length)
  const values = data.values.slice()
  for (let row = 0; row < data.rows; row += 1) {
    for (let at = data.rowStarts[row]!; at < data.rowStarts[row + 1]!; at += 1) {
      const to = next[data.columnIndices[at]!]!++
      columnIndices[to] = row
      values[to] = data.values[at]!
    }
  }
  return { rows: data.columns, columns: data.rows, rowStarts, columnIndices, values }
}

function identityOrder(n: number): Int32Array {
  const order = new Int32Array(n)
  for (let at = 0; at < n; at += 1) order[at] = at
  return order
}

function stableOrder(keys: ArrayLike<number>, keyCount: number, order: Int32Array): Int32Array {
  const next = new Int32Array(keyCount + 1)
  for (let at = 0; at < keys.length; at += 1) next[keys[at]! + 1]! += 1
  for (let key = 0; key < keyCount; key += 1) next[key + 1]! += next[key]!
  const sorted = new Int32Array(order.length)
  for (let place = 0; place < order.length; place += 1) {
    const at = order[place]!
    sorted[next[keys[at]!]!++] = at
  }
  return sorted
}
