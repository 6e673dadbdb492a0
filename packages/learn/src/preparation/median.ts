import { moveToPlace } from './move-to-place.ts'

/**
 * The median of numbers, between the two in the middle where their count is even: `quantileOf` at 0.5 without the sort.
 *
 * @param values `[n]` n ≥ 1, without NaN; they are rearranged
 *
 * Cost: as `moveToPlace`.
 *
 * @example
 * medianOf(Float64Array.of(4, 1, 2)) // 2
 */
export function medianOf(values: Float64Array): number {
  const below = (values.length - 1) >> 1
  const low = moveToPlace(values, below)
  if (values.length % 2 === 1) return low
  let high = values[below + 1]!
  for (let at = below + 2; at < values.length; at += 1) if (values[at]! < high) high = values[at]!
  return high - 0.5 * (high - low)
}
