import { type SparseMatrix, stopIfAborted, transposeSparse, type Work } from '@rapport/numerics'
import { emptyTopLists, offerItem, type TopLists } from './top-lists.ts'

/** Items between two looks at the abort signal. */
const itemsPerStep = 64

/**
 * The `neighbours` most similar other items of every item, by products of its column with all others.
 *
 * Memory is bounded by the result: one accumulator over the items and the lists of neighbours, never the full product.
 * A pair is computed once and offered to both items: items are taken in rising order, and each user's row is read only
 * behind the item, from a cursor that moves by one each time.
 *
 * @param weighted `[users × items]`
 * @param scaleOf the similarity of two items from the product of their columns
 * @returns a list per item; similarities of 0 and below are left out
 *
 * Cost: half the sum over users of (the user's items)².
 */
export function topSimilarItems(
  weighted: SparseMatrix,
  neighbours: number,
  scaleOf: (product: number, item: number, other: number) => number,
  work?: Work,
): TopLists {
  const items = weighted.columns
  const { rowStarts, columnIndices, values } = weighted
  const byItem = transposeSparse(weighted)
  const top = emptyTopLists(items, neighbours)
  const next = rowStarts.slice(0, weighted.rows)
  const products = new Float64Array(items)
  const isTouched = new Uint8Array(items)
  const touched = new Int32Array(items)
  for (let item = 0; item < items; item += 1) {
    if (item % itemsPerStep === 0) {
      stopIfAborted(work)
      work?.onProgress?.({ stage: 'comparing items', done: item, total: items })
    }
    let touchedCount = 0
    for (let at = byItem.rowStarts[item]!; at < byItem.rowStarts[item + 1]!; at += 1) {
      const user = byItem.columnIndices[at]!
      const weight = byItem.values[at]!
      const behind = next[user]! + 1
      next[user] = behind
      const end = rowStarts[user + 1]!
      for (let place = behind; place < end; place += 1) {
        const other = columnIndices[place]!
        if (isTouched[other] === 0) {
          isTouched[other] = 1
          touched[touchedCount] = other
          touchedCount += 1
        }
        products[other]! += weight * values[place]!
      }
    }
    for (let at = 0; at < touchedCount; at += 1) {
      const other = touched[at]!
      const similarity = scaleOf(products[other]!, item, other)
      products[other] = 0
      isTouched[other] = 0
      if (!(similarity > 0)) continue
      offerItem(top, item, other, similarity)
      offerItem(top, other, item, similarity)
    }
  }
  work?.onProgress?.({ stage: 'comparing items', done: items, total: items })
  return top
}

/** The lists as a sparse matrix `[items × items]`, columns rising: row `item` holds its neighbours. */
export function neighbourMatrix(top: TopLists): SparseMatrix {
  const items = top.sizes.length
  const rowStarts = new Int32Array(items + 1)
  for (let item = 0; item < items; item += 1) rowStarts[item + 1] = rowStarts[item]! + top.sizes[item]!
  const columnIndices = new Int32Array(rowStarts[items]!)
  const values = new Float64Array(rowStarts[items]!)
  for (let item = 0; item < items; item += 1) {
    const base = item * top.k
    const order = Array.from({ length: top.sizes[item]! }, (_, at) => base + at)
    order.sort((one, other) => top.items[one]! - top.items[other]!)
    order.forEach((from, at) => {
      columnIndices[rowStarts[item]! + at] = top.items[from]!
      values[rowStarts[item]! + at] = top.scores[from]!
    })
  }
  return { rows: items, columns: items, rowStarts, columnIndices, values }
}
