import { matrix, RapportError } from '@rapport/numerics'
import { applyBinning, binNames, fitBinning } from '../preparation/binning.ts'
import { codeNames, encodeCategories, fitCategories } from '../preparation/category-encoding.ts'
import type { Column } from '../preparation/table.ts'

export interface BinnedColumnOptions {
  /** Bins of a number column, of about equally many rows. Default 10. */
  readonly bins?: number
  /** Categories of fewer rows are joined as rare. Default 10. */
  readonly rowsMin?: number
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/** A column as bins: ranges of a number, categories of text, and one for what is missing where anything is. */
export interface BinnedColumn {
  /** `[n]` 0 … bins − 1 */
  readonly codes: Int32Array
  readonly names: readonly string[]
}

/** @throws RapportError `<method>.infinite`, and those of `fitBinning` and `fitCategories` */
export function binColumn(
  method: string,
  column: Column,
  { bins = 10, rowsMin = 10, weights }: BinnedColumnOptions,
): BinnedColumn {
  if (column.kind === 'text') {
    const model = fitCategories(column.values, { rowsMin })
    return {
      codes: encodeCategories(model, column.values),
      names: codeNames(model).map((name) => `${column.name} = ${name}`),
    }
  }
  const infinite = column.values.findIndex((value) => Math.abs(value) === Infinity)
  if (infinite >= 0) {
    throw new RapportError(
      `${method}.infinite`,
      `column ${column.name} must be finite or NaN, got ${column.values[infinite]} at row ${infinite}`,
    )
  }
  const data = matrix(column.values.length, 1, column.values)
  const model = fitBinning(data, weights ? { bins, weights } : { bins })
  const names = binNames(model, 0, column.name)
  const missing = names.length
  const codes = Int32Array.from(applyBinning(model, data).values, (bin) => (Number.isNaN(bin) ? missing : bin))
  return { codes, names: codes.includes(missing) ? [...names, `${column.name} is missing`] : names }
}

/** Checks labels of 0 and 1, one a row, both there. */
export function checkBinaryLabels(method: string, name: string, rows: number, labels: ArrayLike<number>): void {
  if (labels.length !== rows) {
    throw new RapportError(`${method}.${name}`, `${name} must hold one number a row (${rows}), got ${labels.length}`)
  }
  let ones = 0
  for (let row = 0; row < rows; row += 1) {
    const label = labels[row]!
    if (label !== 0 && label !== 1) {
      throw new RapportError(`${method}.${name}`, `${name} must be 0 or 1, got ${label} at row ${row}`)
    }
    ones += label
  }
  if (ones === 0 || ones === rows) {
    throw new RapportError(`${method}.${name}`, `${name} must hold both 0 and 1, got ${ones} of 1 in ${rows}`)
  }
}
