/** A straight line over the steps of a series. */
export interface StraightLine {
  /** At step 0, one before the first value. */
  readonly intercept: number
  /** Change a step. */
  readonly slope: number
}

/** The least-squares line through the values at steps 1, 2 …, missing ones left out; at least one must be there. */
export function straightLine(series: Float64Array): StraightLine {
  let [count, times, sum] = [0, 0, 0]
  series.forEach((value, at) => {
    if (Number.isNaN(value)) return
    count += 1
    times += at + 1
    sum += value
  })
  const [centre, mean] = [times / count, sum / count]
  let [both, own] = [0, 0]
  series.forEach((value, at) => {
    if (Number.isNaN(value)) return
    both += (at + 1 - centre) * (value - mean)
    own += (at + 1 - centre) ** 2
  })
  const slope = own > 0 ? both / own : 0
  return { intercept: mean - slope * centre, slope }
}
