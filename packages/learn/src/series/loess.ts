/** Values at positions 0, 1, 2 …, with the weight that each has beside its distance. */
export interface LoessPoints {
  readonly values: Float64Array
  /** Each ≥ 0; all 1 when not given. */
  readonly weights?: Float64Array
}

/**
 * A local straight line through the points from `first` to `last`, at `position`: neighbours count by the cube of the cube
 * of their distance.
 *
 * @param window neighbours asked for; more than there are widens the reach
 * @returns NaN when no neighbour has weight
 *
 * Source: Cleveland, Cleveland, McRae & Terpenning, "STL: a seasonal-trend decomposition procedure based on loess", Journal
 * of Official Statistics 6, 1990, §2; details as their Fortran (`est`), which statsmodels follows.
 */
export function loessAt(
  { values, weights }: LoessPoints,
  position: number,
  window: number,
  first: number,
  last: number,
): number {
  const n = values.length
  const reach = Math.max(position - first, last - position) + (window > n ? Math.floor((window - n) / 2) : 0)
  const [near, far] = [0.001 * reach, 0.999 * reach]
  const weightOf = (at: number): number => {
    const distance = Math.abs(at - position)
    if (distance > far) return 0
    const own = weights === undefined ? 1 : weights[at]!
    return distance <= near ? own : own * (1 - (distance / reach) ** 3) ** 3
  }
  let [total, centre] = [0, 0]
  for (let at = first; at <= last; at += 1) {
    const weight = weightOf(at)
    total += weight
    centre += weight * at
  }
  if (!(total > 0)) return Number.NaN
  centre /= total
  let [mean, spread, slope] = [0, 0, 0]
  for (let at = first; at <= last; at += 1) {
    const weight = weightOf(at) / total
    mean += weight * values[at]!
    spread += weight * (at - centre) ** 2
    slope += weight * (at - centre) * values[at]!
  }
  // Neighbours all in one place tell no slope.
  if (!(reach > 0 && Math.sqrt(spread) > 0.001 * (n - 1))) return mean
  return mean + (slope / spread) * (position - centre)
}

/**
 * The points smoothed by `loessAt` at each of their positions, with the nearest `window` of them.
 *
 * @param window odd, at least 3
 * @returns `[n]`; a value none of whose neighbours has weight is kept
 *
 * Cost: O(n · window).
 */
export function smoothByLoess(points: LoessPoints, window: number): Float64Array {
  const { values } = points
  const n = values.length
  if (n < 2) return values.slice()
  let first = 0
  let last = Math.min(window, n) - 1
  const half = (window + 1) / 2
  return values.map((value, at) => {
    if (at + 1 > half && last < n - 1) {
      first += 1
      last += 1
    }
    const smoothed = loessAt(points, at, window, first, last)
    return Number.isNaN(smoothed) ? value : smoothed
  })
}
