/**
 * The value that sorting would put at `place`, put there with none larger before it and none smaller after.
 *
 * @param values `[n]` without NaN; they are rearranged
 * @param place 0 … n − 1
 *
 * Cost: O(n) on average, O(n log n) at worst.
 * Source: Hoare, "Algorithm 65: find", Communications of the ACM 4(7), 1961.
 *
 * @example
 * moveToPlace(Float64Array.of(4, 1, 2), 1) // 2
 */
export function moveToPlace(values: Float64Array, place: number): number {
  let first = 0
  let last = values.length - 1
  // Each cut leaves half of what was on average; where cuts go wrong again and again, sorting the rest is no slower.
  for (let cuts = 8 * Math.ceil(Math.log2(last + 2)); first < last; cuts -= 1) {
    if (cuts === 0) {
      values.subarray(first, last + 1).sort()
      break
    }
    const pivot = values[(first + last) >> 1]!
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
    else break
  }
  return values[place]!
}
