import { logGamma, type Matrix } from '@rapport/numerics'

/** Counts of the members of one class: Dirichlet-multinomial. */
export interface ClassCounts {
  /** `[levels]` mean shares, adding up to 1, each > 0. */
  readonly shares: readonly number[]
  /** How alike members are: with many observations the shares vary by p(1 − p) / (concentration + 1). */
  readonly concentration: number
}

/** Members as different as this, or as alike, are as far as estimates go. */
const concentrationMin = 0.1
const concentrationMax = 1e4

/**
 * Weighted estimate from counts: shares by their totals, pulled towards everybody's by one observation a level;
 * concentration by how often two observations of a row agree, against two of the class.
 *
 * @param counts `[n × levels]`
 * @param weights `[n]` ≥ 0
 */
export function fitClassCounts({ rows, columns, values }: Matrix, weights: ArrayLike<number>): ClassCounts {
  const everybody = new Float64Array(columns)
  const own = new Float64Array(columns)
  let agreeing = 0
  let pairs = 0
  for (let row = 0; row < rows; row += 1) {
    const weight = weights[row]!
    let total = 0
    let same = 0
    for (let column = 0; column < columns; column += 1) {
      const count = values[row * columns + column]!
      everybody[column]! += count
      own[column]! += weight * count
      total += count
      same += count * (count - 1)
    }
    agreeing += weight * same
    pairs += weight * total * (total - 1)
  }
  const all = sum(everybody)
  const total = sum(own)
  const shares = Array.from(own, (count, column) => {
    const usual = all > 0 ? (everybody[column]! + 1) / (all + columns) : 1 / columns
    return (count + columns * usual) / (total + columns)
  })
  return { shares, concentration: concentrationOf(agreeing, pairs, shares) }
}

/** From the intraclass correlation of two observations of a row. */
function concentrationOf(agreeing: number, pairs: number, shares: readonly number[]): number {
  const byChance = shares.reduce((total, share) => total + share * share, 0)
  const correlation = pairs > 0 && byChance < 1 ? (agreeing / pairs - byChance) / (1 - byChance) : 0
  if (!(correlation > 0)) return concentrationMax
  return Math.max(concentrationMin, Math.min(concentrationMax, (1 - correlation) / correlation))
}

/** Most rows were seen rarely: the logs of rising factorials up to here come from a table. */
const tableLength = 64

/** Adds the log probability of each row's counts, orders of observations apart, to `logs[row · stride + offset]`. */
export function logChances(
  { shares, concentration }: ClassCounts,
  { rows, columns, values }: Matrix,
  logs: Float64Array,
  offset: number,
  stride: number,
): void {
  const whole = risingLog(concentration)
  const levels = shares.map((share) => risingLog(concentration * share))
  for (let row = 0; row < rows; row += 1) {
    let total = 0
    let log = 0
    for (let column = 0; column < columns; column += 1) {
      const count = values[row * columns + column]!
      if (count === 0) continue
      total += count
      log += levels[column]!(count)
    }
    if (total > 0) logs[row * stride + offset]! += log - whole(total)
  }
}

/** log(a · (a + 1) ⋯ (a + count − 1)) */
function risingLog(a: number): (count: number) => number {
  const table = new Float64Array(tableLength)
  for (let at = 1; at < tableLength; at += 1) table[at] = table[at - 1]! + Math.log(a + at - 1)
  return (count) => (count < tableLength ? table[count]! : logGamma(a + count) - logGamma(a))
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
