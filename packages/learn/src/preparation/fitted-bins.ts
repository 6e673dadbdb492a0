import { matrix } from '@rapport/numerics'
import { applyBinning, type BinningModel, binNames, fitBinning } from './binning.ts'
import { checkHasValue, checkValues } from './fitted-number.ts'
import type { BinStep } from './plan.ts'
import type { NumberColumn } from './table.ts'

/** A number column in bins. */
export interface FittedBins {
  readonly kind: 'bins'
  readonly name: string
  readonly model: BinningModel
}

export function fitBins({ name, values }: NumberColumn, step: BinStep): FittedBins {
  checkHasValue(name, values)
  checkValues(name, values)
  const { bins = 5, method = 'quantile', output = 'one-hot' } = step
  return { kind: 'bins', name, model: fitBinning(matrix(values.length, 1, values), { bins, method, output }) }
}

/** Names of the matrix columns that the step fills. */
export const binsColumnNames = ({ name, model }: FittedBins): string[] =>
  model.output === 'one-hot' ? binNames(model, 0, name) : [name]

/** Writes the bins into `values`, `[n × width]`, from column `first` on. */
export function writeBins(
  { name, model }: FittedBins,
  from: Float64Array,
  values: Float64Array,
  width: number,
  first: number,
): void {
  checkValues(name, from)
  const binned = applyBinning(model, matrix(from.length, 1, from))
  for (let row = 0; row < from.length; row += 1) {
    const start = row * binned.columns
    values.set(binned.values.subarray(start, start + binned.columns), row * width + first)
  }
}
