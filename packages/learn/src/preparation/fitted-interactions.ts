import { type Matrix, matrix } from '@rapport/numerics'
import { type FittedNumber, fitNumber, writeNumber } from './fitted-number.ts'
import { applyInteractions, type InteractionModel, interactionNames, listInteractions } from './interactions.ts'
import type { InteractionStep } from './plan.ts'
import { applyScaling, fitScaling, type ScalingModel } from './scaling.ts'
import { columnNamed, type Table } from './table.ts'

/** Products of number columns, each imputed and standardised before, and the products again after. */
export interface FittedInteractions {
  readonly kind: 'interactions'
  readonly each: readonly FittedNumber[]
  /** Products of two columns or more: the single ones are another step's. */
  readonly products: InteractionModel
  readonly scaling: ScalingModel
}

export function fitInteractions(
  of: Table,
  { columns, degree = 2, distinct = true }: InteractionStep,
): FittedInteractions {
  const each = columns.map((name) => fitNumber(columnNamed(of, name, 'number'), {}, 'median'))
  const all = listInteractions(columns.length, { degree, distinct })
  const products = { ...all, products: all.products.filter((product) => product.length > 1) }
  const scaling = fitScaling(multiplied(each, products, of))
  return { kind: 'interactions', each, products, scaling }
}

/** Names of the matrix columns that the step fills: `age × spend`. */
export const interactionColumnNames = ({ each, products }: FittedInteractions): string[] =>
  interactionNames(
    products,
    each.map(({ name }) => name),
  )

/** Writes the products into `values`, `[n × width]`, from column `first` on. */
export function writeInteractions(
  { each, products, scaling }: FittedInteractions,
  of: Table,
  values: Float64Array,
  width: number,
  first: number,
): void {
  const scaled = applyScaling(scaling, multiplied(each, products, of))
  for (let row = 0; row < of.rows; row += 1) {
    const start = row * scaled.columns
    values.set(scaled.values.subarray(start, start + scaled.columns), row * width + first)
  }
}

function multiplied(each: readonly FittedNumber[], products: InteractionModel, of: Table): Matrix {
  const factors = new Float64Array(of.rows * each.length)
  each.forEach((step, column) => {
    writeNumber(step, columnNamed(of, step.name, 'number').values, factors, each.length, column)
  })
  return applyInteractions(products, matrix(of.rows, each.length, factors))
}
