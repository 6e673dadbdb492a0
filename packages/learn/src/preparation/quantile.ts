/**
 * The quantile of rising numbers, between neighbours in a straight line (numpy's `linear`, Hyndman & Fan's type 7).
 *
 * @param ascending `[n]` rising, n ≥ 1, without NaN
 * @param share 0 … 1
 *
 * @example
 * quantileOf(Float64Array.of(1, 2, 4), 0.75) // 3
 */
export function quantileOf(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1)
  const below = Math.floor(place)
  const low = ascending[below]!
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!
  const part = place - below
  // From the nearer end, as numpy does: both ends then come out exactly.
  return part < 0.5 ? low + part * (high - low) : high - (1 - part) * (high - low)
}

/** The values that are there, rising: a copy without NaN. */
export const presentAscending = (values: Float64Array): Float64Array => presentValues(values).sort()

/** The values that are there: a copy without NaN. A plain loop, as a call for every value takes ten times as long. */
export function presentValues(values: Float64Array): Float64Array {
  const present = new Float64Array(values.length)
  let count = 0
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]!
    if (Number.isNaN(value)) continue
    present[count] = value
    count += 1
  }
  return count === values.length ? present : present.slice(0, count)
}
