import { checkFinite, type Matrix, RapportError, type SparseMatrix } from '@rapport/numerics'

/** A matrix, dense or sparse, as the factorizations use it: by its products with narrow blocks, stored row after row. */
export interface DataProducts {
  readonly rows: number
  readonly columns: number
  /** A B, `[rows × width]`, for B `[columns × width]`. */
  readonly times: (block: Float64Array, width: number) => Float64Array
  /** Aᵀ B, `[columns × width]`, for B `[rows × width]`. */
  readonly transposedTimes: (block: Float64Array, width: number) => Float64Array
  /** `[columns]` sums of the values, and of their squares. */
  readonly sums: Float64Array
  readonly squares: Float64Array
}

/**
 * Cost: a product takes 2 · width multiplications a stored value.
 *
 * @throws RapportError `<method>.data` when it has no rows or columns, `<method>.missing` when a value is not finite
 */
export function dataProducts(method: string, data: Matrix | SparseMatrix): DataProducts {
  const { rows, columns, values } = data
  const entries = 'rowStarts' in data ? checkedSparse(method, data) : checkedDense(method, data)
  const { startOf, columnAt } = entries
  const sums = new Float64Array(columns)
  const squares = new Float64Array(columns)
  for (let at = 0; at < values.length; at += 1) {
    sums[columnAt(at)]! += values[at]!
    squares[columnAt(at)]! += values[at]! ** 2
  }
  return {
    rows,
    columns,
    sums,
    squares,
    times: (block, width) => {
      const product = new Float64Array(rows * width)
      for (let row = 0; row < rows; row += 1) {
        const end = startOf(row + 1)
        for (let at = startOf(row); at < end; at += 1) {
          addScaled(product, row * width, block, columnAt(at) * width, width, values[at]!)
        }
      }
      return product
    },
    transposedTimes: (block, width) => {
      const product = new Float64Array(columns * width)
      for (let row = 0; row < rows; row += 1) {
        const end = startOf(row + 1)
        for (let at = startOf(row); at < end; at += 1) {
          addScaled(product, columnAt(at) * width, block, row * width, width, values[at]!)
        }
      }
      return product
    },
  }
}

/** Where each stored value lies. */
interface Entries {
  readonly startOf: (row: number) => number
  readonly columnAt: (at: number) => number
}

function checkedDense(method: string, data: Matrix): Entries {
  checkFinite(method, data)
  const { columns } = data
  return { startOf: (row) => row * columns, columnAt: (at) => at % columns }
}

function checkedSparse(method: string, { rows, columns, rowStarts, columnIndices, values }: SparseMatrix): Entries {
  if (rows === 0 || columns === 0) {
    throw new RapportError(`${method}.data`, `data must have at least one row and one column, got ${rows} × ${columns}`)
  }
  const wrong = values.findIndex((value: number) => !Number.isFinite(value))
  if (wrong >= 0) {
    const row = rowStarts.findIndex((start) => start > wrong) - 1
    throw new RapportError(
      `${method}.missing`,
      `every value must be finite, got ${values[wrong]} at row ${row}, column ${columnIndices[wrong]}`,
    )
  }
  return { startOf: (row) => rowStarts[row]!, columnAt: (at) => columnIndices[at]! }
}

function addScaled(
  target: Float64Array,
  to: number,
  source: Float64Array,
  from: number,
  width: number,
  factor: number,
): void {
  for (let at = 0; at < width; at += 1) target[to + at]! += factor * source[from + at]!
}

/** Columns `[width]` of a block that is stored row after row. */
export const columnsOfBlock = (block: Float64Array, width: number): Float64Array[] =>
  Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: block.length / width }, (_, row) => block[row * width + column]!),
  )

/** The block, row after row, of columns. */
export function blockOfColumns(columns: readonly Float64Array[]): Float64Array {
  const width = columns.length
  const block = new Float64Array(width * (columns[0]?.length ?? 0))
  columns.forEach((column, at) => {
    for (let row = 0; row < column.length; row += 1) block[row * width + at] = column[row]!
  })
  return block
}
