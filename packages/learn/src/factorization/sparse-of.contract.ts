import { type Matrix, type SparseMatrix, sparseFromTriplets } from '@rapport/numerics'

/** The same matrix without its zeros: methods that take both must make the same of them. */
export function sparseOf({ rows, columns, values }: Matrix): SparseMatrix {
  const kept = Array.from(values, (_, at) => at).filter((at) => values[at] !== 0)
  const rowIndices = kept.map((at) => Math.floor(at / columns))
  return sparseFromTriplets(
    rows,
    columns,
    rowIndices,
    kept.map((at) => at % columns),
    kept.map((at) => values[at]!),
  )
}
