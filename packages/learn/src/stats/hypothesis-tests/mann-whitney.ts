import { normalCdf } from '@rapport/numerics'
import { midRanks } from '../../metrics/mid-ranks.ts'
import { checkedSample } from './sample.ts'

/** What comparing the order of two samples found. */
export type MannWhitneyTest =
  | {
      readonly defined: true
      /** Pairs in which the first side's value is the larger one; equal ones count half. */
      readonly u: number
      /** The same as a share of all pairs: the chance that one of the first side is the larger, 0 … 1. */
      readonly superiority: number
      /** Two-sided. */
      readonly pValue: number
      /** Whether the chance was counted exactly, or taken from the normal curve. */
      readonly exact: boolean
    }
  | {
      readonly defined: false
      /** `too-few-rows`: a side is empty. `no-variation`: all values are the same. */
      readonly because: 'too-few-rows' | 'no-variation'
    }

/** Without equal values and with a side up to this long the chance is counted, as scipy does. */
const countedMax = 8

/**
 * Whether values of one side tend to be larger: the Mann-Whitney U test, which only looks at the order of values.
 *
 * @param first `[n]` finite
 * @param second `[m]` finite
 * @throws RapportError `mann-whitney.values`
 *
 * Cost: O((n + m) log (n + m)).
 * Source: Mann & Whitney, Annals of Mathematical Statistics 18, 1947; with ties and continuity corrected as scipy's
 * `mannwhitneyu`.
 *
 * @example
 * mannWhitneyTest([1, 4, 5], [2, 3, 6, 7]) // u 4, pValue 0.6286…
 */
export function mannWhitneyTest(first: ArrayLike<number>, second: ArrayLike<number>): MannWhitneyTest {
  const [one, other] = [checkedSample('mann-whitney', first), checkedSample('mann-whitney', second)]
  const [n, m] = [one.length, other.length]
  if (n === 0 || m === 0) return { defined: false, because: 'too-few-rows' }
  const ranks = midRanks(Float64Array.of(...[one, other].flatMap((side) => Array.from(side))))
  const u = ranks.subarray(0, n).reduce((sum, rank) => sum + rank, 0) - (n * (n + 1)) / 2
  const ties = tieSum(ranks)
  const total = n + m
  if (ties === total ** 3 - total) return { defined: false, because: 'no-variation' }
  const larger = Math.max(u, n * m - u)
  const exact = ties === 0 && Math.min(n, m) <= countedMax
  const spread = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))))
  const tail = exact ? chanceOfAtLeast(larger, n, m) : normalCdf(-(larger - (n * m) / 2 - 0.5) / spread)
  return { defined: true, u, superiority: u / (n * m), pValue: Math.min(1, 2 * tail), exact }
}

/** Σ t³ − t over groups of equal values. */
function tieSum(ranks: Float64Array): number {
  const counts = new Map<number, number>()
  for (const rank of ranks) counts.set(rank, (counts.get(rank) ?? 0) + 1)
  let sum = 0
  for (const count of counts.values()) sum += count ** 3 - count
  return sum
}

/** The chance of so many pairs or more, over all orders of n and m values. */
function chanceOfAtLeast(pairs: number, n: number, m: number): number {
  const [few, many] = [Math.min(n, m), Math.max(n, m)]
  // chances[u] of so many pairs: a product of (1 − z^(many + k)) / (1 − z^k), normalised along the way.
  let chances = new Float64Array(few * many + 1)
  chances[0] = 1
  for (let k = 1; k <= few; k += 1) {
    for (let at = chances.length - 1; at >= many + k; at -= 1) chances[at]! -= chances[at - many - k]!
    for (let at = k; at < chances.length; at += 1) chances[at]! += chances[at - k]!
    chances = chances.map((chance) => (chance * k) / (many + k))
  }
  let sum = 0
  // Symmetric, and added up from the small end, where counts are exact.
  for (let at = 0; at <= few * many - pairs; at += 1) sum += chances[at]!
  return sum
}
