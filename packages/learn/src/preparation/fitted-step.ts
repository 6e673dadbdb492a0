import { type Matrix, matrix, RapportError } from '@rapport/numerics'
import { type CategoryModel, codeNames, encodeCategories, fitCategories } from './category-encoding.ts'
import { applyImputation, fitImputation, type ImputationModel } from './imputation.ts'
import type { NumberStep, TextStep } from './plan.ts'
import { applyPower, fitPower, type PowerModel } from './power.ts'
import { applyQuantiles, fitQuantiles, type QuantileModel } from './quantile-scaling.ts'
import { applyScaling, fitScaling, type ScalingModel } from './scaling.ts'
import { columnNamed, type NumberColumn, type Table, type TextColumn } from './table.ts'
import { applyTargetEncoding, fitTargetEncoding, type TargetEncodingModel } from './target-encoding.ts'

/** The fitted steps of one number column; a step that the plan leaves out is null. */
export interface FittedNumber {
  readonly kind: 'number'
  readonly name: string
  readonly imputation: ImputationModel | null
  readonly reshape: PowerModel | QuantileModel | null
  readonly scaling: ScalingModel | null
}

/** The fitted encoding of one text column. */
export type FittedText =
  | {
      readonly kind: 'text'
      readonly name: string
      readonly encode: 'one-hot' | 'ordinal'
      readonly model: CategoryModel
    }
  | {
      readonly kind: 'text'
      readonly name: string
      readonly encode: 'target'
      readonly model: TargetEncodingModel
      readonly smoothing: number
    }

export type FittedStep = FittedNumber | FittedText

export function fitNumber({ name, values }: NumberColumn, step: NumberStep): FittedNumber {
  if (values.every(Number.isNaN)) {
    throw new RapportError('preparation.empty', `column ${name} must have a value in training, got only missing ones`)
  }
  checkValues(name, values, step.reshape === 'log1p')
  let column: Matrix = matrix(values.length, 1, values)
  const impute = step.impute ?? 'median'
  const imputation =
    impute === 'none' ? null : fitImputation(column, { method: impute, indicators: step.indicators ?? false })
  if (imputation) column = firstColumn(applyImputation(imputation, column))
  const reshape = fitReshape(column, step.reshape ?? 'none')
  if (reshape) column = applyReshape(reshape, column)
  const scale = step.scale ?? 'standard'
  return {
    kind: 'number',
    name,
    imputation,
    reshape,
    scaling: scale === 'none' ? null : fitScaling(column, { method: scale }),
  }
}

export function fitText(
  { name, values }: TextColumn,
  step: TextStep,
  targets: ArrayLike<number> | undefined,
): FittedText {
  const encode = step.encode ?? 'one-hot'
  if (encode === 'target') {
    const smoothing = step.smoothing ?? 20
    return { kind: 'text', name, encode, model: fitTargetEncoding(values, targets ?? [], { smoothing }), smoothing }
  }
  return { kind: 'text', name, encode, model: fitCategories(values, { rowsMin: step.rowsMin ?? 1 }) }
}

/** Names of the matrix columns that a step fills. */
export function stepColumnNames(step: FittedStep): string[] {
  if (step.kind === 'number') {
    return step.imputation?.indicated.length ? [step.name, `${step.name} is missing`] : [step.name]
  }
  return step.encode === 'one-hot' ? codeNames(step.model).map((code) => `${step.name} = ${code}`) : [step.name]
}

/** Writes a step's columns into `values`, `[n × width]`, from column `first` on. */
export function writeStep(step: FittedStep, of: Table, values: Float64Array, width: number, first: number): void {
  if (step.kind === 'number') {
    writeNumber(step, columnNamed(of, step.name, 'number').values, values, width, first)
    return
  }
  const text = columnNamed(of, step.name, 'text').values
  if (step.encode === 'target') {
    applyTargetEncoding(step.model, text).forEach((value, row) => {
      values[row * width + first] = value
    })
    return
  }
  const oneHot = step.encode === 'one-hot'
  encodeCategories(step.model, text).forEach((code, row) => {
    if (oneHot && code >= 0) values[row * width + first + code] = 1
    if (!oneHot) values[row * width + first] = code < 0 ? Number.NaN : code
  })
}

/** The steps know a column by its number only; here it still has its name. */
function checkValues(name: string, values: Float64Array, notNegative: boolean): void {
  const wrong = values.findIndex((value) => Math.abs(value) === Infinity || (notNegative && value < 0))
  if (wrong >= 0) {
    const bound = notNegative ? 'at least 0 and finite' : 'finite'
    throw new RapportError(
      'preparation.value',
      `column ${name} must be ${bound}, or NaN where missing, got ${values[wrong]} at row ${wrong}`,
    )
  }
}

function writeNumber(step: FittedNumber, from: Float64Array, values: Float64Array, width: number, first: number): void {
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
  return matrix(
    imputed.rows,
    1,
    Float64Array.from({ length: imputed.rows }, (_, row) => imputed.values[row * imputed.columns]!),
  )
}
