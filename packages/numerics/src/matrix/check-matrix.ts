import { RapportError } from '../error.ts'
import type { Matrix } from './matrix.ts'
import type { SparseMatrix } from './sparse-matrix.ts'

/**
 * Refuses what is no matrix, or contradicts itself, before anything is read through it: objects made by hand, as plain
 * JavaScript or another program's file may hold them. Values may be missing or infinite.
 *
 * @throws RapportError `<method>.data`
 *
 * Cost: none for a dense matrix; a sparse one is gone through once.
 */
export function checkMatrix(method: string, data: Matrix | SparseMatrix): void {
  const code = `${method}.data`
  // Callers without types may give anything.
  const given: unknown = data
  if (typeof given !== 'object' || given === null || !('rows' in given && 'columns' in given && 'values' in given)) {
    throw new RapportError(code, `data must be a matrix with rows, columns and values, got ${kindOf(given)}`)
  }
  const { rows, columns, values } = data
  if (!isCount(rows) || !isCount(columns)) {
    throw new RapportError(code, `rows and columns must be whole numbers ≥ 0, got ${show(rows)} × ${show(columns)}`)
  }
  if (!(values instanceof Float64Array || values instanceof Float32Array)) {
    throw new RapportError(code, `values must be a Float64Array or a Float32Array, got ${kindOf(values)}`)
  }
  if ('rowStarts' in data) checkEntries(code, data)
  else if (values.length !== rows * columns) {
    throw new RapportError(
      code,
      `values must hold ${rows} × ${columns} = ${rows * columns} numbers, got ${values.length}`,
    )
  }
}

/** What a value is, in words for a message. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return value === null ? 'null' : 'nothing'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return `an object of kind ${value.constructor?.name ?? 'Object'}`
  return `a ${typeof value}`
}

const show = (value: unknown): string => (typeof value === 'number' ? String(value) : kindOf(value))

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0

function checkEntries(code: string, { rows, columns, rowStarts, columnIndices, values }: SparseMatrix): void {
  for (const [name, list] of Object.entries({ rowStarts, columnIndices })) {
    if (list instanceof Int32Array) continue
    throw new RapportError(code, `${name} of a sparse matrix must be an Int32Array, got ${kindOf(list)}`)
  }
  if (rowStarts.length !== rows + 1 || rowStarts[0] !== 0 || rowStarts[rows] !== values.length) {
    throw new RapportError(
      code,
      `rowStarts must hold ${rows + 1} numbers (rows + 1) from 0 to ${values.length} (values), got ${rowStarts.length} from ${rowStarts[0]} to ${rowStarts.at(-1)}`,
    )
  }
  if (columnIndices.length !== values.length) {
    throw new RapportError(
      code,
      `columnIndices and values must have one length, got ${columnIndices.length} and ${values.length}`,
    )
  }
  // All starts first: a row is read only where it lies within the entries.
  const fallen = rowStarts.findIndex((start, row) => row > 0 && start < rowStarts[row - 1]!)
  if (fallen > 0) {
    const got = `${rowStarts[fallen]} after ${rowStarts[fallen - 1]} at row ${fallen - 1}`
    throw new RapportError(code, `rowStarts must never fall, got ${got}`)
  }
  for (let row = 0; row < rows; row += 1) {
    let before = -1
    for (let at = rowStarts[row]!; at < rowStarts[row + 1]!; at += 1) {
      const column = columnIndices[at]!
      if (column <= before || column >= columns) throw wrongColumn(code, columns, before, column, row)
      before = column
    }
  }
}

function wrongColumn(code: string, columns: number, before: number, column: number, row: number): RapportError {
  const got = before < 0 ? `${column}` : `${column} after ${before}`
  return new RapportError(
    code,
    `columnIndices must rise within a row and lie from 0 to ${columns - 1}, got ${got} in row ${row} (sparseFromTriplets takes any order)`,
  )
}
