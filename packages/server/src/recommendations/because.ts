import type { Recommendations } from '@rapport/learn'
import type { SparseMatrix } from '@rapport/numerics'

/**
 * For each recommended product the customer's own product that is most like it, whatever method recommended it.
 *
 * @param similarity `[products × products]` neighbours of each product
 * @returns `[users × k]` products, −1 where none of the customer's is a neighbour
 */
export function reasonsFor(
  { users, k, items }: Recommendations,
  history: SparseMatrix,
  similarity: SparseMatrix,
): Int32Array {
  const reasons = new Int32Array(items.length).fill(-1)
  const isOwn = new Uint8Array(history.columns)
  users.forEach((user, at) => {
    const own = history.columnIndices.subarray(history.rowStarts[user], history.rowStarts[user + 1])
    for (const product of own) isOwn[product] = 1
    for (let place = at * k; place < (at + 1) * k; place += 1) {
      if (items[place]! >= 0) reasons[place] = mostSimilarOwn(similarity, items[place]!, isOwn)
    }
    for (const product of own) isOwn[product] = 0
  })
  return reasons
}

function mostSimilarOwn({ rowStarts, columnIndices, values }: SparseMatrix, item: number, isOwn: Uint8Array): number {
  let best = -1
  let most = 0
  for (let entry = rowStarts[item]!; entry < rowStarts[item + 1]!; entry += 1) {
    const other = columnIndices[entry]!
    if (isOwn[other] === 1 && values[entry]! > most) {
      best = other
      most = values[entry]!
    }
  }
  return best
}
