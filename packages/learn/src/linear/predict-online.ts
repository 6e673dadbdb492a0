import { type Matrix, RapportError, type SparseMatrix } from '@rapport/numerics'
import { probabilityOf } from './logistic-prediction.ts'
import type { OnlineModel } from './online-model.ts'
import { OnlineRows } from './online-rows.ts'

/**
 * What the model expects of each row: the chance of a 1, or the number.
 *
 * @param data `[n × d]` the columns of the model, finite, dense or sparse
 * @returns `[n]`
 * @throws RapportError `online.columns`, `online.missing`
 *
 * Cost: O(entries).
 */
export function predictOnline(model: OnlineModel, data: Matrix | SparseMatrix): Float64Array {
  const { coefficients, intercept, loss } = model
  if (data.columns !== coefficients.length) {
    throw new RapportError(
      'online.columns',
      `data must have the ${coefficients.length} columns of the model, got ${data.columns}`,
    )
  }
  const rows = new OnlineRows(data)
  return Float64Array.from({ length: data.rows }, (_, row) => {
    const score = rows.score(row, intercept, coefficients)
    return loss === 'logistic' ? probabilityOf(score) : score
  })
}
