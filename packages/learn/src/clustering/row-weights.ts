import { type Matrix, RapportError, takeRows } from '@rapport/numerics'
import { checkedWeights, checkTotalWeight } from '../linear/checked-numbers.ts'

/**
 * Refuses weights that do not say how much each row counts, for methods to which a row that counts nothing has no meaning.
 *
 * @throws RapportError `<method>.weights` for another number of them than rows, one that is not finite and above 0, and
 * as `checkTotalWeight`
 */
export function checkRowWeights(method: string, weights: Float64Array | undefined, rows: number): void {
  if (!weights) return
  if (weights.length !== rows) {
    throw new RapportError(`${method}.weights`, `weights must have ${rows} values (rows), got ${weights.length}`)
  }
  const wrong = weights.findIndex((weight) => !(weight > 0 && weight < Infinity))
  if (wrong >= 0) {
    throw new RapportError(
      `${method}.weights`,
      `weights must be finite and above 0, got ${weights[wrong]} at row ${wrong}`,
    )
  }
  checkTotalWeight(`${method}.weights`, weights)
}

/** The rows that a fit counts. */
export interface CountedRows {
  readonly data: Matrix
  /** `[rows of data]` each above 0; left out when every row counts once. */
  readonly weights?: Float64Array
  /** Their numbers among the rows given, ascending; `undefined` when they are all of them. */
  readonly kept: Int32Array | undefined
}

/**
 * Leaves out the rows of weight 0, so that they are as if they were not there.
 *
 * @param weights `[n]` each ≥ 0
 * @throws RapportError `<method>.weights` as `checkedWeights`
 */
export function countedRows(method: string, data: Matrix, weights: ArrayLike<number> | undefined): CountedRows {
  if (!weights) return { data, kept: undefined }
  const checked = checkedWeights(method, data.rows, weights)
  if (!checked.includes(0)) return { data, weights: checked, kept: undefined }
  const kept = Int32Array.from(checked.keys()).filter((row) => checked[row]! > 0)
  return { data: takeRows(data, kept), weights: checked.filter((weight) => weight > 0), kept }
}
