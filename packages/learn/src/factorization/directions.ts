import { type Matrix, matrix, RapportError } from '@rapport/numerics'

/** A singular value below this share of the largest is rounding. */
const rankTolerance = 1e-13

/** How many of falling singular values count. */
export function rankOf(values: Float64Array): number {
  const first = values.findIndex((value) => !(value > rankTolerance * values[0]!))
  return first < 0 ? values.length : first
}

/**
 * Directions as rows, each with the sign that makes its largest entry positive: a decomposition leaves it open, and a fixed
 * one lets results be compared.
 */
export function signedRows(directions: readonly Float64Array[], columns: number): Matrix {
  const values = new Float64Array(directions.length * columns)
  directions.forEach((direction, row) => {
    const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
    values.set(largest < 0 ? direction.map((value) => -value) : direction, row * columns)
  })
  return matrix(directions.length, columns, values)
}

/** `[columns × rows]` row after row. */
export function transposed({ rows, columns, values }: Matrix): Float64Array {
  const turned = new Float64Array(values.length)
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) turned[column * rows + row] = values[row * columns + column]!
  }
  return turned
}

/** @throws RapportError `<method>.components` when it is not a whole number, 1 … most */
export function checkComponents(method: string, components: number, most: number): void {
  if (!Number.isInteger(components) || components < 1 || components > most) {
    throw new RapportError(
      `${method}.components`,
      `components must be a whole number from 1 to ${most} (the smaller of rows and columns), got ${components}`,
    )
  }
}

/** @throws RapportError `<method>.columns` when the data do not have the columns of the fit */
export function checkFitted(method: string, columns: number, data: { readonly columns: number }): void {
  if (data.columns !== columns) {
    throw new RapportError(`${method}.columns`, `data must have the ${columns} columns of the fit, got ${data.columns}`)
  }
}
