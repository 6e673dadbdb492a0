/**
 * The first place of never-falling sums that is above a value, which draws places by weight: the last one where none is.
 *
 * @param sums `[n]`, n ≥ 1
 */
export function firstAbove(sums: Float64Array, value: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (sums[middle]! > value) high = middle
    else low = middle + 1
  }
  return low
}

/** `[n]` each number with all before it. */
export function runningSums(values: Float64Array): Float64Array {
  let sum = 0
  return values.map((value) => {
    sum += value
    return sum
  })
}
