import { normalQuantile, studentTCdf } from '@rapport/numerics'
import { checkSpend, type SpendSummaries, spendCountOf } from './gamma-gamma.ts'

/** A correlation with what is known of it. */
export interface Correlation {
  /** In [−1, 1]. */
  readonly value: number
  /** Probability of a correlation at least as strong when there is none. */
  readonly p: number
  /** 95 % interval. */
  readonly lower: number
  readonly upper: number
}

/** Whether how much customers spend per purchase goes with how often they buy. */
export interface SpendIndependence {
  readonly kind: 'spend-independence'
  /** Pearson's correlation of frequency and mean spend, as the paper checks it; a few huge orders decide it. */
  readonly linear: Correlation
  /** Spearman's rank correlation, which outliers do not move. */
  readonly rank: Correlation
  /** Customers whose spend is known. */
  readonly n: number
  /**
   * `holds` when both intervals lie within ±0.2, `broken` when one lies wholly outside, else `undecided`: a significant
   * but weak correlation does no harm, and one that is not significant in a small sample proves nothing.
   */
  readonly verdict: 'holds' | 'undecided' | 'broken'
}

/** A check that could not be made, and why. */
export interface IndependenceUnknown {
  readonly kind: 'unknown'
  readonly because: 'too-few-repeat-buyers' | 'no-spread'
  readonly message: string
}

/** Correlations up to this change little of what Gamma-Gamma predicts; CDNOW's, 0.11, is taken as none in the paper. */
const weak = 0.2

/**
 * Checks the assumption of the Gamma-Gamma model that spend per purchase does not depend on frequency.
 *
 * @param summaries customers whose spend is not known are left out; weights are not read, each row is one customer
 * @throws RapportError as `fitGammaGamma`
 *
 * Source: Fader, Hardie & Lee, "RFM and CLV: using iso-value curves for customer base analysis", J. Marketing Research
 * 42(4), 2005; Fisher's z for the intervals, with Bonett & Wright's (2000) error for ranks.
 */
export function spendIndependence(summaries: SpendSummaries): SpendIndependence | IndependenceUnknown {
  checkSpend(summaries)
  const { frequency, meanSpend } = summaries
  const count = spendCountOf(summaries)
  const x = frequency.filter((_, row) => count[row]! > 0)
  const z = meanSpend.filter((_, row) => count[row]! > 0)
  const n = x.length
  if (n < 10) {
    const message = `at least 10 customers must have a purchase to judge, ${n} have`
    return { kind: 'unknown', because: 'too-few-repeat-buyers', message }
  }
  const linear = pearson(x, z)
  const rank = pearson(ranks(x), ranks(z))
  if (Number.isNaN(linear) || Number.isNaN(rank)) {
    const message = `frequency and mean spend of ${n} customers must both vary to be correlated`
    return { kind: 'unknown', because: 'no-spread', message }
  }
  const both = [correlation(linear, n, 1), correlation(rank, n, 1 + (rank * rank) / 2)] as const
  const isWithin = both.every(({ lower, upper }) => lower > -weak && upper < weak)
  const isOutside = both.some(({ lower, upper }) => lower > weak || upper < -weak)
  const verdict = isWithin ? 'holds' : isOutside ? 'broken' : 'undecided'
  return { kind: 'spend-independence', linear: both[0], rank: both[1], n, verdict }
}

function correlation(value: number, n: number, variance: number): Correlation {
  const t = Math.abs(value) * Math.sqrt((n - 2) / Math.max(1 - value * value, 1e-300))
  const half = normalQuantile(0.975) * Math.sqrt(variance / (n - 3))
  const z = Math.atanh(value)
  return { value, p: Math.min(1, 2 * studentTCdf(-t, n - 2)), lower: Math.tanh(z - half), upper: Math.tanh(z + half) }
}

function pearson(x: Float64Array, y: Float64Array): number {
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanX, meanY] = [mean(x), mean(y)]
  let [xx, yy, xy] = [0, 0, 0]
  for (let row = 0; row < x.length; row += 1) {
    const [dx, dy] = [x[row]! - meanX, y[row]! - meanY]
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx) / Math.sqrt(yy))) : Number.NaN
}

/** Ranks from 1, equal values sharing the mean of theirs. */
function ranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, row) => row).sort((a, b) => values[a]! - values[b]!)
  const result = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1
    for (let at = from; at < to; at += 1) result[order[at]!] = (from + 1 + to) / 2
    from = to
  }
  return result
}
