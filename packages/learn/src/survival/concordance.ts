import { RapportError } from '@rapport/numerics'
import { defined, type Metric, missing } from '../metrics/metric.ts'
import { checkedDurations, type Durations, timesOf } from './durations.ts'

/**
 * Harrell's concordance: of all pairs of which it is known to whom it happened first, the share in which that one had the
 * higher risk. Equal risks count half; 0.5 is chance, 1 perfect.
 *
 * A pair is known when the earlier of the two ended with the event; at equal times, when one ended with it and one without.
 *
 * @param risks `[n]` higher for whom it is expected sooner, not NaN
 * @returns 0 … 1, or `constant` when no pair is known
 * @throws RapportError `concordance.lengths`, `.durations`, `.events`, `.weights`, `.risks`
 *
 * Cost: O(n log n). Each pair counts by the product of its weights.
 * Source: Harrell, Lee & Mark, Statistics in Medicine 15, 1996. Agrees with lifelines.
 *
 * @example
 * concordance({ durations: [1, 2, 3], events: [1, 1, 0] }, [3, 2, 1]) // { defined: true, value: 1 }
 */
export function concordance(rows: Durations, risks: ArrayLike<number>): Metric {
  const checked = checkedDurations('concordance', rows)
  const { weights, events, order } = checked
  if (risks.length !== weights.length) {
    throw new RapportError('concordance.risks', `risks must hold one a row (${weights.length}), got ${risks.length}`)
  }
  const ranks = ranksOf(risks)
  const later = new RankedWeights(risks.length)
  let [pairs, right] = [0, 0]
  // From the longest on: everybody already in `later` outlived the rows that come.
  for (const { first, after } of timesOf(checked).reverse()) {
    const here = order.subarray(first, after)
    for (const row of here) if (events[row] === 0) later.add(ranks[row]!, weights[row]!)
    for (const row of here) {
      if (events[row] === 0) continue
      const below = later.below(ranks[row]!)
      const same = later.below(ranks[row]! + 1) - below
      pairs += weights[row]! * later.total
      right += weights[row]! * (below + same / 2)
    }
    for (const row of here) if (events[row] === 1) later.add(ranks[row]!, weights[row]!)
  }
  return pairs > 0 ? defined(right / pairs) : missing('constant')
}

/** The place of each risk among the distinct ones, lowest first. */
function ranksOf(risks: ArrayLike<number>): Uint32Array {
  const distinct = Float64Array.from(risks).sort()
  if (Number.isNaN(distinct.at(-1))) throw new RapportError('concordance.risks', 'every risk must be a number, got NaN')
  let last = 0
  for (let at = 1; at < distinct.length; at += 1) {
    if (distinct[at] !== distinct[last]) distinct[++last] = distinct[at]!
  }
  return Uint32Array.from(risks, (risk) => {
    let [low, high] = [0, last]
    while (low < high) {
      const middle = (low + high) >> 1
      if (distinct[middle]! < risk) low = middle + 1
      else high = middle
    }
    return low
  })
}

/** Weights by rank, whose sums below a rank take log n steps (a Fenwick tree). */
class RankedWeights {
  readonly #sums: Float64Array
  total = 0

  constructor(ranks: number) {
    this.#sums = new Float64Array(ranks + 1)
  }

  add(rank: number, weight: number): void {
    this.total += weight
    for (let at = rank + 1; at < this.#sums.length; at += at & -at) this.#sums[at]! += weight
  }

  below(rank: number): number {
    let sum = 0
    for (let at = rank; at > 0; at -= at & -at) sum += this.#sums[at]!
    return sum
  }
}
