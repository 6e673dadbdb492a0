import { RapportError } from '@rapport/numerics'
import { ascendingOrder } from '../../metrics/order.ts'

/** Rows from the highest score to the lowest. */
export interface RankedRows {
  /** `[n]` row numbers. Of equal scores the later row comes first, which is the order that scikit-uplift gives them. */
  readonly order: Uint32Array
  /** `[n]` 1 at the last place of each score: where a curve may have a point. */
  readonly isEnd: Uint8Array
}

/** @throws RapportError `uplift.scores` when there are none, or one is NaN */
export function rankRows(scores: ArrayLike<number>): RankedRows {
  const checked = Float64Array.from(scores)
  const wrong = checked.findIndex(Number.isNaN)
  if (checked.length === 0 || wrong >= 0) {
    const got = checked.length === 0 ? 'none' : `NaN at row ${wrong}`
    throw new RapportError('uplift.scores', `scores must be numbers, one a row, got ${got}`)
  }
  const order = ascendingOrder(checked).reverse()
  const isEnd = new Uint8Array(order.length)
  for (let place = 0; place < order.length; place += 1) {
    isEnd[place] = checked[order[place]!] === checked[order[place + 1]!] ? 0 : 1
  }
  return { order, isEnd }
}
