import { ascendingOrder } from './order.ts'

/**
 * Ranks from 1, equal values sharing the mean of theirs.
 *
 * @param values `[n]` without NaN
 * @returns `[n]`
 *
 * @example
 * midRanks(Float64Array.of(5, 1, 5)) // Float64Array [2.5, 1, 2.5]
 */
export function midRanks(values: Float64Array): Float64Array {
  const order = ascendingOrder(values)
  const ranks = new Float64Array(values.length)
  for (let first = 0; first < order.length; ) {
    let after = first + 1
    while (after < order.length && values[order[after]!] === values[order[first]!]) after += 1
    for (let at = first; at < after; at += 1) ranks[order[at]!] = (first + 1 + after) / 2
    first = after
  }
  return ranks
}
