/** The one-peaked distribution nearest to a column's values: their mass, smoothed so that it rises once and falls once. */
export interface UnimodalMargin {
  /** `[m]` distinct values, rising. */
  readonly values: Float64Array
  /** `[m]` probability of being at or below each value; the last is 1. */
  readonly cumulative: Float64Array
}

/** Peaks tried, at equal steps of rank: the fit hardly changes between neighbours. */
const peaksTried = 17

/**
 * Fits the unimodal distribution of greatest likelihood to a sample.
 *
 * Each distinct value stands for the stretch half-way to its neighbours; its density is its share of the rows over that
 * stretch. Left of the peak densities may only rise, right of it only fall, and pooling neighbours that break this is
 * the likelihood's maximum for that peak (Grenander). One-peaked samples keep their skew, their tails and, being spread
 * over the values that were seen, their grid (counts stay counts); of two-peaked ones the valley is filled.
 *
 * Source: Grenander, "On the theory of mortality measurement II", Skand. Aktuarietidskr. 39, 1956; peak by likelihood,
 * Wegman, "Maximum likelihood estimation of a unimodal density function", Ann. Math. Stat. 41, 1970.
 */
export function fitUnimodal(column: Float64Array): UnimodalMargin {
  const { values, shares } = distinct(column)
  const m = values.length
  const widths = Float64Array.from(values, (_, at) => {
    const toLower = at > 0 ? values[at]! - values[at - 1]! : values[Math.min(1, m - 1)]! - values[0]!
    const toUpper = at < m - 1 ? values[at + 1]! - values[at]! : toLower
    return m === 1 ? 1 : (toLower + toUpper) / 2
  })
  let best: Float64Array | undefined
  let bestLikelihood = -Infinity
  const steps = Math.min(peaksTried, m)
  for (let step = 0; step < steps; step += 1) {
    const peak = steps === 1 ? 0 : Math.round((step * (m - 1)) / (steps - 1))
    const masses = smoothAround(shares, widths, peak)
    let likelihood = 0
    masses.forEach((mass, at) => {
      likelihood += shares[at]! * Math.log(mass / widths[at]!)
    })
    if (likelihood > bestLikelihood) {
      bestLikelihood = likelihood
      best = masses
    }
  }
  const cumulative = best!
  for (let at = 1; at < m; at += 1) cumulative[at]! += cumulative[at - 1]!
  cumulative[m - 1] = 1
  return { values, cumulative }
}

/** The smallest value whose cumulative probability reaches `probability`. */
export function unimodalQuantile({ values, cumulative }: UnimodalMargin, probability: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (cumulative[middle]! < probability) low = middle + 1
    else high = middle
  }
  return values[low]!
}

function distinct(column: Float64Array): { values: Float64Array; shares: Float64Array } {
  const sorted = column.slice().sort()
  const values: number[] = []
  const shares: number[] = []
  for (const value of sorted) {
    if (values.length > 0 && values.at(-1) === value) shares[shares.length - 1]! += 1 / sorted.length
    else {
      values.push(value)
      shares.push(1 / sorted.length)
    }
  }
  return { values: Float64Array.from(values), shares: Float64Array.from(shares) }
}

/** Masses whose densities rise up to `peak` and fall after it. */
function smoothAround(shares: Float64Array, widths: Float64Array, peak: number): Float64Array {
  const left = pooled(shares.subarray(0, peak + 1), widths.subarray(0, peak + 1))
  const right = pooled(shares.slice(peak + 1).reverse(), widths.slice(peak + 1).reverse())
  const masses = new Float64Array(shares.length)
  masses.set(left)
  masses.set(right.reverse(), peak + 1)
  return masses
}

/** Masses of the rising density nearest to shares over widths, by pooling adjacent violators. */
function pooled(shares: Float64Array, widths: Float64Array): Float64Array {
  const ends: number[] = []
  const massOf: number[] = []
  const widthOf: number[] = []
  shares.forEach((share, at) => {
    let mass = share
    let width = widths[at]!
    while (ends.length > 0 && massOf.at(-1)! / widthOf.at(-1)! >= mass / width) {
      mass += massOf.pop()!
      width += widthOf.pop()!
      ends.pop()
    }
    ends.push(at + 1)
    massOf.push(mass)
    widthOf.push(width)
  })
  const masses = new Float64Array(shares.length)
  let at = 0
  ends.forEach((end, pool) => {
    const density = massOf[pool]! / widthOf[pool]!
    for (; at < end; at += 1) masses[at] = density * widths[at]!
  })
  return masses
}
