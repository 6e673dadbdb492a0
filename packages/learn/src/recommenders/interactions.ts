import { checkMatrix, RapportError, type SparseMatrix } from '@rapport/numerics'

/**
 * Refuses a history that no recommender can learn from or look up.
 *
 * @param interactions `[users × items]`, each value the strength of an interaction, finite and ≥ 0; 0 counts as none
 * @throws RapportError `<method>.data` when it is no sparse matrix, `<method>.interactions` when a value is negative or not
 * finite
 */
export function checkInteractions(method: string, interactions: SparseMatrix): void {
  checkSparse(method, interactions)
  const { values, rowStarts, columnIndices } = interactions
  let at = 0
  while (at < values.length && values[at]! >= 0 && values[at]! < Infinity) at += 1
  if (at === values.length) return
  let user = 0
  while (rowStarts[user + 1]! <= at) user += 1
  throw new RapportError(
    `${method}.interactions`,
    `interactions must be finite and at least 0, got ${values[at]} for user ${user}, item ${columnIndices[at]}`,
  )
}

/** @throws RapportError `<method>.data` when it is no sparse matrix, or one that contradicts itself */
export function checkSparse(method: string, data: SparseMatrix): void {
  checkMatrix(method, data)
  if ('rowStarts' in data) return
  throw new RapportError(
    `${method}.data`,
    'data must be a sparse matrix, got a dense one (sparseFromTriplets makes one)',
  )
}

/** The same interactions without stored zeros; the matrix itself when it has none. */
export function withoutZeros(interactions: SparseMatrix): SparseMatrix {
  if (!interactions.values.includes(0)) return interactions
  const { rows, columns } = interactions
  const rowStarts = new Int32Array(rows + 1)
  const columnIndices = new Int32Array(interactions.values.length)
  const values = new Float64Array(interactions.values.length)
  let kept = 0
  for (let row = 0; row < rows; row += 1) {
    for (let at = interactions.rowStarts[row]!; at < interactions.rowStarts[row + 1]!; at += 1) {
      if (interactions.values[at] === 0) continue
      columnIndices[kept] = interactions.columnIndices[at]!
      values[kept] = interactions.values[at]!
      kept += 1
    }
    rowStarts[row + 1] = kept
  }
  return { rows, columns, rowStarts, columnIndices: columnIndices.slice(0, kept), values: values.slice(0, kept) }
}

/** The chosen rows of the interactions in their order, without stored zeros. */
export function takeHistories(
  { columns, rowStarts, columnIndices, values }: SparseMatrix,
  rows: Int32Array,
): SparseMatrix {
  const takenStarts = new Int32Array(rows.length + 1)
  const most = rows.reduce((sum, row) => sum + rowStarts[row + 1]! - rowStarts[row]!, 0)
  const takenColumns = new Int32Array(most)
  const takenValues = new Float64Array(most)
  let kept = 0
  rows.forEach((row, place) => {
    for (let at = rowStarts[row]!; at < rowStarts[row + 1]!; at += 1) {
      if (values[at] === 0) continue
      takenColumns[kept] = columnIndices[at]!
      takenValues[kept] = values[at]!
      kept += 1
    }
    takenStarts[place + 1] = kept
  })
  return {
    rows: rows.length,
    columns,
    rowStarts: takenStarts,
    columnIndices: takenColumns.subarray(0, kept),
    values: takenValues.subarray(0, kept),
  }
}

/** How many users have each item in their history, `[items]`. */
export function countUsersByItem(interactions: SparseMatrix): Int32Array {
  const users = new Int32Array(interactions.columns)
  for (let at = 0; at < interactions.columnIndices.length; at += 1) {
    if (interactions.values[at]! > 0) users[interactions.columnIndices[at]!]! += 1
  }
  return users
}
