import { type CategoryModel, codeNames, encodeCategories, fitCategories } from './category-encoding.ts'
import { checkHashColumns, placeOfCategory } from './feature-hashing.ts'
import type { TextStep } from './plan.ts'
import type { TextColumn } from './table.ts'
import { applyTargetEncoding, fitTargetEncoding, type TargetEncodingModel } from './target-encoding.ts'

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
  | {
      readonly kind: 'text'
      readonly name: string
      readonly encode: 'hash'
      /** Matrix columns that the categories share. */
      readonly columns: number
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
  if (encode === 'hash') {
    const columns = step.hashColumns ?? 64
    checkHashColumns(columns)
    return { kind: 'text', name, encode, columns }
  }
  return { kind: 'text', name, encode, model: fitCategories(values, { rowsMin: step.rowsMin ?? 1 }) }
}

/** Names of the matrix columns that the encoding fills. */
export function textColumnNames(step: FittedText): string[] {
  if (step.encode === 'one-hot') return codeNames(step.model).map((code) => `${step.name} = ${code}`)
  if (step.encode === 'hash') return Array.from({ length: step.columns }, (_, column) => `${step.name} # ${column}`)
  return [step.name]
}

/** Writes the encoded column into `values`, `[n × width]`, from column `first` on. */
export function writeText(
  step: FittedText,
  from: readonly (string | null)[],
  values: Float64Array,
  width: number,
  first: number,
): void {
  if (step.encode === 'hash') {
    from.forEach((value, row) => {
      const { column, sign } = placeOfCategory(step.name, value, step.columns)
      values[row * width + first + column] = sign
    })
    return
  }
  if (step.encode === 'target') {
    applyTargetEncoding(step.model, from).forEach((value, row) => {
      values[row * width + first] = value
    })
    return
  }
  const oneHot = step.encode === 'one-hot'
  encodeCategories(step.model, from).forEach((code, row) => {
    if (oneHot && code >= 0) values[row * width + first + code] = 1
    if (!oneHot) values[row * width + first] = code < 0 ? Number.NaN : code
  })
}
