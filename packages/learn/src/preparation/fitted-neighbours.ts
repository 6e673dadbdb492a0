import { columnOf, type Matrix, matrix } from '@rapport/numerics'
import {
  checkHasValue,
  checkValues,
  type FittedNumber,
  fitNumber,
  numberColumnNames,
  writeNumber,
} from './fitted-number.ts'
import {
  applyNeighbourImputation,
  fitNeighbourImputation,
  type NeighbourImputationModel,
} from './neighbour-imputation.ts'
import type { NumberStep } from './plan.ts'
import { columnNamed, type Table } from './table.ts'

/** Number columns whose missing values come from similar rows: imputed together, then each by itself. */
export interface FittedNeighbours {
  readonly kind: 'neighbours'
  readonly imputation: NeighbourImputationModel
  /** One a column of the imputation, in its order; none imputes again. */
  readonly each: readonly FittedNumber[]
}

export function fitNeighbours(of: Table, step: NumberStep): FittedNeighbours {
  const data = numberMatrix(of, step.columns)
  step.columns.forEach((name) => {
    checkHasValue(name, columnNamed(of, name, 'number').values)
  })
  const imputation = fitNeighbourImputation(data, { indicators: step.indicators ?? false })
  const filled = applyNeighbourImputation(imputation, data)
  const each = step.columns.map((name, column) =>
    fitNumber({ name, kind: 'number', values: columnOf(filled, column) }, step, 'none'),
  )
  return { kind: 'neighbours', imputation, each }
}

/** Names of the matrix columns that the step fills: the columns, then their indicators. */
export const neighboursColumnNames = ({ imputation, each }: FittedNeighbours): string[] => [
  ...each.flatMap(numberColumnNames),
  ...Array.from(imputation.indicated, (column) => `${each[column]!.name} is missing`),
]

/** Writes the columns into `values`, `[n × width]`, from column `first` on. */
export function writeNeighbours(
  { imputation, each }: FittedNeighbours,
  of: Table,
  values: Float64Array,
  width: number,
  first: number,
): void {
  const names = each.map(({ name }) => name)
  const filled = applyNeighbourImputation(imputation, numberMatrix(of, names))
  each.forEach((step, column) => {
    writeNumber(step, columnOf(filled, column), values, width, first + column)
  })
  for (let column = each.length; column < filled.columns; column += 1) {
    columnOf(filled, column).forEach((value, row) => {
      values[row * width + first + column] = value
    })
  }
}

function numberMatrix(of: Table, names: readonly string[]): Matrix {
  const values = new Float64Array(of.rows * names.length)
  names.forEach((name, column) => {
    const from = columnNamed(of, name, 'number').values
    checkValues(name, from)
    for (let row = 0; row < of.rows; row += 1) values[row * names.length + column] = from[row]!
  })
  return matrix(of.rows, names.length, values)
}
