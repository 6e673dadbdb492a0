import { checkMatrix, type Matrix, RapportError, type SparseMatrix } from '@rapport/numerics'

/** Calls `visit` for every value that is stored, row after row; a sparse matrix stores few. */
export function eachEntry(
  data: Matrix | SparseMatrix,
  visit: (row: number, column: number, value: number) => void,
): void {
  for (let row = 0; row < data.rows; row += 1) {
    const sparse = 'rowStarts' in data
    const from = sparse ? data.rowStarts[row]! : row * data.columns
    const end = sparse ? data.rowStarts[row + 1]! : from + data.columns
    for (let at = from; at < end; at += 1) visit(row, sparse ? data.columnIndices[at]! : at - from, data.values[at]!)
  }
}

/** @throws RapportError `<method>.data` when it is no matrix, `<method>.missing` when a value is not finite, `<method>.negative` when one is below 0 */
export function checkCounts(method: string, data: Matrix | SparseMatrix): void {
  checkMatrix(method, data)
  eachEntry(data, (row, column, value) => {
    if (value >= 0 && value < Infinity) return
    throw new RapportError(
      `${method}.${value < 0 && value > -Infinity ? 'negative' : 'missing'}`,
      `every value must be finite and at least 0, got ${value} at row ${row}, column ${column}`,
    )
  })
}
