import { checkFinite, checkMatrix, type Matrix, RapportError, type SparseMatrix } from '@rapport/numerics'

/** A B, `[rows × width]`, for A dense or sparse and B `[columns × width]`, on the calling thread. */
export type TimesBlock = (block: Float64Array, width: number) => Float64Array

/**
 * The product of data with narrow blocks, stored row after row, for rows that a fitted model is used on.
 *
 * Cost: a product takes `width` multiplications a stored value.
 *
 * @throws RapportError `<method>.data` when it has no rows or columns, `<method>.missing` when a value is not finite
 */
export function timesBlock(method: string, data: Matrix | SparseMatrix): TimesBlock {
  checkEntries(method, data)
  const { rows, columns, values } = data
  const sparse = 'rowStarts' in data ? data : undefined
  return (block, width) => {
    const product = new Float64Array(rows * width)
    for (let row = 0; row < rows; row += 1) {
      const first = sparse ? sparse.rowStarts[row]! : row * columns
      const end = sparse ? sparse.rowStarts[row + 1]! : first + columns
      for (let at = first; at < end; at += 1) {
        const from = (sparse ? sparse.columnIndices[at]! : at - first) * width
        const value = values[at]!
        for (let place = 0; place < width; place += 1) product[row * width + place]! += value * block[from + place]!
      }
    }
    return product
  }
}

/**
 * @throws RapportError `<method>.data` when it is no matrix or has no rows or columns, `<method>.missing` when a value is not
 * finite
 */
export function checkEntries(method: string, data: Matrix | SparseMatrix): void {
  checkMatrix(method, data)
  if (!('rowStarts' in data)) {
    checkFinite(method, data)
    return
  }
  const { rows, columns, rowStarts, columnIndices, values } = data
  if (rows === 0 || columns === 0) {
    throw new RapportError(`${method}.data`, `data must have at least one row and one column, got ${rows} × ${columns}`)
  }
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]!
    // Only infinities and NaN are not zero when taken from themselves; a callback for each of millions is slow.
    if (value - value === 0) continue
    const row = rowStarts.findIndex((start) => start > at) - 1
    throw new RapportError(
      `${method}.missing`,
      `every value must be finite, got ${value} at row ${row}, column ${columnIndices[at]}`,
    )
  }
}
