import type { Matrix } from '@rapport/numerics'
import type { ColumnBins } from '../boosting-model.ts'

/** Data as numbers of bins, column after column. */
export interface BinnedColumns {
  readonly rows: number
  /** `[columns]` each `[rows]`. */
  readonly columns: readonly Uint8Array[]
  /** `[columns]` number of the bin for missing values; those below it hold values. */
  readonly missingBins: Int32Array
}

/** Puts each value into its bin: the first whose upper end it does not exceed, or its category's. */
export function binColumns({ rows, columns, values }: Matrix, bins: ColumnBins): BinnedColumns {
  const missingBins = new Int32Array(columns)
  const binned = Array.from({ length: columns }, (_, column) => {
    const edges = bins.edges.subarray(bins.starts[column]!, bins.starts[column + 1]!)
    const isCategorical = bins.isCategorical[column] === 1
    const missing = isCategorical ? edges.length : edges.length + 1
    missingBins[column] = missing
    const own = new Uint8Array(rows)
    for (let row = 0, at = column; row < rows; row += 1, at += columns) {
      const value = values[at]!
      if (Number.isNaN(value)) own[row] = missing
      else own[row] = firstNotBelow(edges, value)
    }
    return own
  })
  return { rows, columns: binned, missingBins }
}

function firstNotBelow(rising: Float64Array, value: number): number {
  let low = 0
  let high = rising.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rising[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
