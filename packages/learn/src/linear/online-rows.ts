import { checkFinite, checkMatrix, type Matrix, RapportError, type SparseMatrix } from '@rapport/numerics'

/** Rows, dense or sparse, entry by entry. */
export class OnlineRows {
  readonly rows: number
  readonly columns: number
  readonly #data: Matrix | SparseMatrix

  /** @throws RapportError `online.data` when it is no matrix, `online.missing` when a value is not finite */
  constructor(data: Matrix | SparseMatrix) {
    checkMatrix('online', data)
    this.#data = data
    this.rows = data.rows
    this.columns = data.columns
    if ('rowStarts' in data) {
      const wrong = data.values.findIndex((value) => !Number.isFinite(value))
      if (wrong >= 0) {
        throw new RapportError(
          'online.missing',
          `every value must be finite, got ${data.values[wrong]} at entry ${wrong}`,
        )
      }
    } else if (data.rows > 0) {
      checkFinite('online', data)
    }
  }

  /** Intercept and coefficients times the row's values. */
  score(row: number, intercept: number, coefficients: Float64Array): number {
    const data = this.#data
    let sum = 0
    if ('rowStarts' in data) {
      for (let at = data.rowStarts[row]!; at < data.rowStarts[row + 1]!; at += 1) {
        sum += data.values[at]! * coefficients[data.columnIndices[at]!]!
      }
    } else {
      const first = row * data.columns
      for (let column = 0; column < data.columns; column += 1)
        sum += data.values[first + column]! * coefficients[column]!
    }
    return sum + intercept
  }

  /** Adds the row's values times `factor` to `sums`, and tells which columns that were. */
  addTo(sums: Float64Array, row: number, factor: number, touched: Set<number> | undefined): void {
    const data = this.#data
    if ('rowStarts' in data) {
      for (let at = data.rowStarts[row]!; at < data.rowStarts[row + 1]!; at += 1) {
        sums[data.columnIndices[at]!]! += factor * data.values[at]!
        touched?.add(data.columnIndices[at]!)
      }
      return
    }
    const first = row * data.columns
    for (let column = 0; column < data.columns; column += 1) sums[column]! += factor * data.values[first + column]!
  }

  get isSparse(): boolean {
    return 'rowStarts' in this.#data
  }
}
