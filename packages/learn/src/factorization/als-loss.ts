import type { SparseMatrix } from '@rapport/numerics'
import type { SideFactors } from './als-factors.ts'

/**
 * What ALS minimises: Σ over all pairs of confidence × (preference − prediction)², plus both sides' penalties.
 *
 * The pairs without interaction are summed through the items' Gram matrix, Σ (xᵀy)² = xᵀ(YᵀY)x, so the cost is that of
 * the interactions and not of all pairs. In double precision, users in order.
 *
 * @param confidence `[users × items]`, what an interaction adds to the confidence 1 that every pair has
 * @param gram `[stride × stride]`, the items' Gram matrix
 */
export function alsLoss(
  confidence: SparseMatrix,
  users: SideFactors,
  items: SideFactors,
  gram: Float32Array,
  userPenalties: Float32Array,
  itemPenalties: Float32Array,
): number {
  const { stride } = items
  let loss = weightedSquares(users, userPenalties) + weightedSquares(items, itemPenalties)
  for (let user = 0; user < users.rows; user += 1) {
    const userAt = user * stride
    for (let one = 0; one < stride; one += 1) {
      let image = 0
      for (let other = 0; other < stride; other += 1) {
        image += gram[one * stride + other]! * users.values[userAt + other]!
      }
      loss += image * users.values[userAt + one]!
    }
    for (let entry = confidence.rowStarts[user]!; entry < confidence.rowStarts[user + 1]!; entry += 1) {
      const itemAt = confidence.columnIndices[entry]! * stride
      let predicted = 0
      for (let at = 0; at < stride; at += 1) predicted += users.values[userAt + at]! * items.values[itemAt + at]!
      loss += (1 + confidence.values[entry]!) * (1 - predicted) ** 2 - predicted ** 2
    }
  }
  return loss
}

function weightedSquares({ rows, stride, values }: SideFactors, penalties: Float32Array): number {
  let total = 0
  for (let row = 0; row < rows; row += 1) {
    let squares = 0
    for (let at = row * stride; at < (row + 1) * stride; at += 1) squares += values[at]! ** 2
    total += penalties[row]! * squares
  }
  return total
}
