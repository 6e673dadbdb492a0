import type { Kernels, Matrix, Span } from '@rapport/numerics'

/** A matrix's rows where kernels can read them, cut into blocks by their number alone. */
export interface LoadedRows {
  readonly rows: number
  readonly columns: number
  /** Columns in memory: even, the last one zero where one was added. */
  readonly width: number
  /** `[rows × width]` */
  readonly values: Span<Float64Array>
  /** `[rows]`, or left out when every row counts once. */
  readonly weights: Span<Float64Array> | undefined
  readonly blocks: readonly { readonly from: number; readonly to: number }[]
}

/** Rows a block: long enough to pay for handing it over, short enough for the cache and for a prompt stop. */
const blockRows = 4096

/** Copies rows into the arena. Cost: 8 bytes a value, freed with the arena. */
export function loadRows({ arena }: Kernels, data: Matrix, weights?: Float64Array): LoadedRows {
  const { rows, columns } = data
  const width = columns + (columns % 2)
  const values = arena.float64(rows * width)
  const view = values.view
  if (width === columns) view.set(data.values)
  else
    for (let row = 0; row < rows; row += 1)
      view.set(data.values.subarray(row * columns, (row + 1) * columns), row * width)
  const loadedWeights = weights && arena.float64(rows)
  if (weights) loadedWeights?.view.set(weights)
  return { rows, columns, width, values, weights: loadedWeights, blocks: blocksOf(rows, blockRows) }
}

export function blocksOf(rows: number, size: number): { from: number; to: number }[] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, block) => ({
    from: block * size,
    to: Math.min(rows, (block + 1) * size),
  }))
}
