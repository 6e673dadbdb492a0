/**
 * The median of numbers, between the two in the middle where their count is even: `quantileOf` at 0.5 without the sort.
 *
 * @param values `[n]` n ≥ 1, without NaN; they are rearranged
 *
 * Cost: O(n) on average.
 * Source: Hoare, "Algorithm 65: find", Communications of the ACM 4(7), 1961.
 *
 * @example
 * medianOf(Float64Array.of(4, 1, 2)) // 2
 */
export function medianOf(values: Float64Array): number {
  const below = (values.length - 1) >> 1
  select(values, below)
  const low = values[below]!
  if (values.length % 2 === 1) return low
  let high = values[below + 1]!
  for (let at = below + 2; at < values.length; at += 1) if (values[at]! < high) high = values[at]!
  return high - 0.5 * (high - low)
}

/** Brings the value that would be at `place` if all were sorted there, smaller ones before it and larger ones after. */
function select(values: Float64Array, place: number): void {
  let first = 0
  let last = values.length - 1
  // Each cut leaves half of what was on average; where cuts go wrong again and again, sorting the rest is no slower.
  for (let cuts = 8 * Math.ceil(Math.log2(last + 2)); first < last; cuts -= 1) {
    if (cuts === 0) {
      values.subarray(first, last + 1).sort()
      return
    }
    const pivot = middleOf(values[first]!, values[(first + last) >> 1]!, values[last]!)
    let up = first
    let down = last
    while (up <= down) {
      while (values[up]! < pivot) up += 1
      while (values[down]! > pivot) down -= 1
      if (up > down) break
      const moved = values[up]!
      values[up] = values[down]!
      values[down] = moved
      up += 1
      down -= 1
    }
    if (place <= down) last = down
    else if (place >= up) first = up
    else return
  }
}

function middleOf(one: number, two: number, three: number): number {
  if (one < two) return two < three ? two : Math.max(one, three)
  return one < three ? one : Math.max(two, three)
}
