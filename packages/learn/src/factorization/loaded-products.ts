import type { Kernels, Matrix, Span, SparseMatrix } from '@rapport/numerics'
import type { NarrowBlock } from './narrow-block.ts'

/** A matrix as kernels read it: in compressed rows, or, where `starts` is 0, with `length` values in every row. */
export interface LoadedEntries {
  readonly rows: number
  /** The leading arguments of kernels: where rows start, values a row, columns, values. */
  readonly arguments: readonly [starts: number, length: number, columns: number, values: number]
  /** Rows cut where about as many values are full, by the data alone. */
  readonly blocks: readonly { readonly from: number; readonly to: number }[]
}

/** A matrix and its transpose in the arena, for their products with narrow blocks. */
export interface LoadedProducts {
  readonly rows: number
  readonly columns: number
  /** `[columns]` sums of the values, and of their squares. */
  readonly sums: Float64Array
  readonly squares: Float64Array
  readonly byRow: LoadedEntries
  readonly byColumn: LoadedEntries
  /** A B into `product` `[rows]`, for B `[columns]`. */
  readonly times: (block: NarrowBlock, product: NarrowBlock) => Promise<void>
  /** Aᵀ B into `product` `[columns]`, for B `[rows]`. */
  readonly transposedTimes: (block: NarrowBlock, product: NarrowBlock) => Promise<void>
}

/** Values of a block: tenths of a millisecond of work, so that threads end together and stop promptly. */
const blockValues = 8192

/**
 * Copies checked data into the arena, twice, so that each product writes row after row and no two threads write the same.
 *
 * Cost: 24 bytes a stored value of sparse data, 16 of dense.
 */
export function loadProducts(kernels: Kernels, data: Matrix | SparseMatrix): LoadedProducts {
  const { rows, columns } = data
  const sums = new Float64Array(columns)
  const squares = new Float64Array(columns)
  const [byRow, byColumn] =
    'rowStarts' in data ? loadSparse(kernels, data, sums, squares) : loadDense(kernels, data, sums, squares)
  const times = async (entries: LoadedEntries, block: NarrowBlock, product: NarrowBlock): Promise<void> => {
    const tasks = entries.blocks.map(({ from, to }) => [
      ...entries.arguments,
      from,
      to,
      block.values.at,
      block.stride,
      product.values.at,
    ])
    await kernels.run('rowsTimesBlock', tasks)
  }
  return {
    rows,
    columns,
    sums,
    squares,
    byRow,
    byColumn,
    times: (block, product) => times(byRow, block, product),
    transposedTimes: (block, product) => times(byColumn, block, product),
  }
}

function loadSparse(
  { arena }: Kernels,
  { rows, columns, rowStarts, columnIndices, values }: SparseMatrix,
  sums: Float64Array,
  squares: Float64Array,
): [LoadedEntries, LoadedEntries] {
  const entries = values.length
  const spans = (n: number) => ({
    starts: arena.int32(n + 1),
    names: arena.int32(entries),
    values: arena.float64(entries),
  })
  const [own, turned] = [spans(rows), spans(columns)]
  own.starts.view.set(rowStarts)
  own.names.view.set(columnIndices)
  own.values.view.set(values)
  const starts = turned.starts.view
  for (let at = 0; at < entries; at += 1) starts[columnIndices[at]! + 1]! += 1
  for (let column = 0; column < columns; column += 1) starts[column + 1]! += starts[column]!
  const next = starts.slice()
  const [rowNames, turnedValues] = [turned.names.view, turned.values.view]
  for (let row = 0; row < rows; row += 1) {
    for (let at = rowStarts[row]!; at < rowStarts[row + 1]!; at += 1) {
      const column = columnIndices[at]!
      const value = values[at]!
      const to = next[column]!
      next[column] = to + 1
      rowNames[to] = row
      turnedValues[to] = value
      sums[column]! += value
      squares[column]! += value * value
    }
  }
  const entriesOf = (n: number, loaded: ReturnType<typeof spans>): LoadedEntries => ({
    rows: n,
    arguments: [loaded.starts.at, 0, loaded.names.at, loaded.values.at],
    blocks: blocksByStarts(loaded.starts.view),
  })
  return [entriesOf(rows, own), entriesOf(columns, turned)]
}

function loadDense(
  { arena }: Kernels,
  { rows, columns, values }: Matrix,
  sums: Float64Array,
  squares: Float64Array,
): [LoadedEntries, LoadedEntries] {
  const own = arena.float64(values.length)
  const turned = arena.float64(values.length)
  own.view.set(values)
  const view = turned.view
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) {
      const value = values[at]!
      view[column * rows + row] = value
      sums[column]! += value
      squares[column]! += value * value
    }
  }
  const entriesOf = (n: number, length: number, span: Span<Float64Array>): LoadedEntries => {
    const starts = Int32Array.from({ length: n + 1 }, (_, row) => row * length)
    return { rows: n, arguments: [0, length, 0, span.at], blocks: blocksByStarts(starts) }
  }
  return [entriesOf(rows, columns, own), entriesOf(columns, rows, turned)]
}

function blocksByStarts(starts: Int32Array): { from: number; to: number }[] {
  const rows = starts.length - 1
  const blocks: { from: number; to: number }[] = []
  for (let from = 0, row = 0, filled = 0; row < rows; row += 1) {
    // A row costs something even when it is empty.
    filled += starts[row + 1]! - starts[row]! + 4
    if (filled < blockValues && row + 1 < rows) continue
    blocks.push({ from, to: row + 1 })
    from = row + 1
    filled = 0
  }
  return blocks
}
