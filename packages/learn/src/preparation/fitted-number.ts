import { columnOf, type Matrix, matrix, RapportError } from '@rapport/numerics'
import { applyImputation, fitImputation, type ImputationModel, type ImputationOptions } from './imputation.ts'
import type { NumberStep } from './plan.ts'
import { applyPower, fitPower, type PowerModel } from './power.ts'
import { applyQuantiles, fitQuantiles, type QuantileModel } from './quantile-scaling.ts'
import { applyScaling, fitScaling, type ScalingModel } from './scaling.ts'
import type { NumberColumn } from './table.ts'

/** The fitted steps of one number column; a step that the plan leaves out is null. */
export interface FittedNumber {
  readonly kind: 'number'
  readonly name: string
  readonly imputation: ImputationModel | null
  readonly reshape: PowerModel | QuantileModel | null
  readonly scaling: ScalingModel | null
}

/** @param impute what stands in for missing values in this column alone */
export function fitNumber(
  { name, values }: NumberColumn,
  { reshape = 'none', scale = 'standard', indicators = false }: Omit<NumberStep, 'kind' | 'columns' | 'impute'>,
  impute: NonNullable<ImputationOptions['method']> | 'none',
): FittedNumber {
  checkHasValue(name, values)
  checkValues(name, values, reshape === 'log1p')
  let column: Matrix = matrix(values.length, 1, values)
  const imputation = impute === 'none' ? null : fitImputation(column, { method: impute, indicators })
  if (imputation) column = firstColumn(applyImputation(imputation, column))
  const reshaped = fitReshape(column, reshape)
  if (reshaped) column = applyReshape(reshaped, column)
  return {
    kind: 'number',
    name,
    imputation,
    reshape: reshaped,
    scaling: scale === 'none' ? null : fitScaling(column, { method: scale }),
  }
}

/** @throws RapportError `preparation.empty` when every value is missing */
export function checkHasValue(name: string, values: Float64Array): void {
  for (let row = 0; row < values.length; row += 1) if (!Number.isNaN(values[row]!)) return
  throw new RapportError('preparation.empty', `column ${name} must have a value in training, got only missing ones`)
}

/** The steps know a column by its number only; here it still has its name. */
export function checkValues(name: string, values: Float64Array, notNegative = false): void {
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]!
    if (!(Math.abs(value) === Infinity || (notNegative && value < 0))) continue
    const bound = notNegative ? 'at least 0 and finite' : 'finite'
    throw new RapportError(
      'preparation.value',
      `column ${name} must be ${bound}, or NaN where missing, got ${value} at row ${row}`,
    )
  }
}

/** Writes the column, and its indicator where there is one, into `values`, `[n × width]`, from column `first` on. */
export function writeNumber(
  step: FittedNumber,
  from: Float64Array,
  values: Float64Array,
  width: number,
  first: number,
): void {
  checkValues(step.name, from, step.reshape?.kind === 'power' && step.reshape.method === 'log1p')
  const imputed = step.imputation ? applyImputation(step.imputation, matrix(from.length, 1, from)) : null
  let column: Matrix = imputed ? firstColumn(imputed) : matrix(from.length, 1, from)
  if (step.reshape) column = applyReshape(step.reshape, column)
  if (step.scaling) column = applyScaling(step.scaling, column)
  const indicated = imputed !== null && imputed.columns > 1
  for (let row = 0; row < from.length; row += 1) {
    values[row * width + first] = column.values[row]!
    if (indicated) values[row * width + first + 1] = imputed.values[2 * row + 1]!
  }
}

function fitReshape(column: Matrix, reshape: NonNullable<NumberStep['reshape']>): PowerModel | QuantileModel | null {
  if (reshape === 'none') return null
  return reshape === 'quantiles' ? fitQuantiles(column) : fitPower(column, { method: reshape })
}

const applyReshape = (model: PowerModel | QuantileModel, column: Matrix): Matrix =>
  model.kind === 'power' ? applyPower(model, column) : applyQuantiles(model, column)

/** A single column without its indicator. */
function firstColumn(imputed: Matrix): Matrix {
  if (imputed.columns === 1) return imputed
  return matrix(imputed.rows, 1, columnOf(imputed, 0))
}

/** Names of the matrix columns that the step fills. */
export const numberColumnNames = ({ name, imputation }: FittedNumber): string[] =>
  imputation?.indicated.length ? [name, `${name} is missing`] : [name]
