/** How values lay at some time: shares of rows between edges, and of those that are missing. */
export interface Spread {
  /** Rising; one fewer than shares of numbers. */
  readonly edges: readonly number[]
  /** Of each bin, then of the missing values. */
  readonly shares: readonly number[]
}

const bins = 10

/** Deciles of what is known, and the share that is missing. */
export function spreadOf(values: Float64Array): Spread {
  const known = values.filter((value) => !Number.isNaN(value)).sort()
  const edges = [
    ...new Set(Array.from({ length: bins - 1 }, (_, at) => known[Math.floor(((at + 1) * known.length) / bins)] ?? 0)),
  ]
  return { edges, shares: sharesBetween(values, edges) }
}

/**
 * The population stability index of later values against a spread, Σ (q − p) · ln(q / p); shares of nothing count as a
 * twentieth of a per cent, so that one empty bin does not decide.
 *
 * Source: Siddiqi, "Credit risk scorecards", Wiley 2006; below 0.1 is called steady, above 0.25 shifted.
 */
export const stabilityIndex = ({ edges, shares }: Spread, values: Float64Array): number =>
  stabilityOfShares(shares, sharesBetween(values, edges))

/** The same of shares. @param before and now as many */
export function stabilityOfShares(before: readonly number[], now: readonly number[]): number {
  const floor = 0.0005
  return now.reduce((sum, share, bin) => {
    const [p, q] = [Math.max(before[bin]!, floor), Math.max(share, floor)]
    return sum + (q - p) * Math.log(q / p)
  }, 0)
}

/** Shares of values between edges, then of the missing ones. */
export function sharesBetween(values: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 2).fill(0)
  for (const value of values) {
    if (Number.isNaN(value)) counts[edges.length + 1]! += 1
    else {
      const bin = edges.findIndex((edge) => value < edge)
      counts[bin < 0 ? edges.length : bin]! += 1
    }
  }
  return counts.map((count) => count / Math.max(1, values.length))
}
