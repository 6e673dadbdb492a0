import { cholesky, RapportError, regularisedGammaUpper, solveCholesky } from '@rapport/numerics'
import { checkedDurations, type Durations, timesOf } from './durations.ts'

/** What comparing the survival of groups found. */
export type LogRankTest =
  | {
      readonly defined: true
      /** Chi-squared with `freedom` degrees of freedom when the groups do not differ. */
      readonly statistic: number
      readonly freedom: number
      /** Chance of a statistic at least this large when the groups do not differ. */
      readonly pValue: number
      /** In the order of their first rows; more observed than expected is happening faster than in the others. */
      readonly groups: readonly {
        readonly group: string | number
        readonly observed: number
        readonly expected: number
      }[]
    }
  | {
      readonly defined: false
      /** `one-group`: nothing to compare. `no-events`: it happened to nobody while more than one group was watched. */
      readonly because: 'one-group' | 'no-events'
    }

/**
 * Whether it happens at another rate in one group than in the others, over all times: the log-rank test.
 *
 * It is most sensitive to hazards that differ by one factor all along; where curves cross it can miss a difference.
 *
 * @param groups `[n]` the group of each row
 * @throws RapportError `log-rank.lengths`, `.durations`, `.events`, `.weights`, `.groups`
 *
 * Cost: O(n log n + times · groups²).
 * Source: Mantel, Cancer Chemotherapy Reports 50, 1966; Kalbfleisch & Prentice, 2nd ed. 2002, §1.5. Agrees with lifelines.
 *
 * @example
 * logRankTest({ durations: [2, 3, 5, 8], events: [1, 1, 1, 1] }, ['a', 'a', 'b', 'b'])
 */
export function logRankTest(rows: Durations, groups: ArrayLike<string | number>): LogRankTest {
  const checked = checkedDurations('log-rank', rows)
  const { weights, events, order } = checked
  if (groups.length !== weights.length) {
    throw new RapportError('log-rank.groups', `groups must hold one a row (${weights.length}), got ${groups.length}`)
  }
  const names = [...new Set(Array.from(groups))]
  const k = names.length
  if (k < 2) return { defined: false, because: 'one-group' }
  const placeOf = new Map(names.map((name, place) => [name, place]))
  const groupOf = Uint32Array.from({ length: groups.length }, (_, row) => placeOf.get(groups[row]!)!)

  const [observed, expected, atRisk] = [new Float64Array(k), new Float64Array(k), new Float64Array(k)]
  const variance = new Float64Array(k * k)
  for (const { first, after } of timesOf(checked).reverse()) {
    let happened = 0
    for (const row of order.subarray(first, after)) {
      const [group, weight] = [groupOf[row]!, weights[row]!]
      atRisk[group]! += weight
      if (events[row] === 1) {
        observed[group]! += weight
        happened += weight
      }
    }
    const all = atRisk.reduce((sum, weight) => sum + weight, 0)
    if (happened === 0) continue
    const spread = all > 1 ? (happened * (all - happened)) / (all - 1) : 0
    for (let group = 0; group < k; group += 1) {
      const share = atRisk[group]! / all
      expected[group]! += happened * share
      for (let other = 0; other < k; other += 1) {
        variance[group * k + other]! += spread * share * ((group === other ? 1 : 0) - atRisk[other]! / all)
      }
    }
  }
  // The groups' differences sum to 0, so the last says nothing new; so do groups never watched beside an event.
  const told = names.map((_, group) => group).filter((group) => variance[group * k + group]! > 0)
  told.pop()
  const size = told.length
  const some = Float64Array.from(
    { length: size * size },
    (_, at) => variance[told[Math.floor(at / size)]! * k + told[at % size]!]!,
  )
  const factor = size > 0 ? cholesky(some, size) : undefined
  if (factor === undefined) return { defined: false, because: 'no-events' }
  const differences = Float64Array.from(told, (group) => observed[group]! - expected[group]!)
  const solved = solveCholesky(factor, differences)
  const statistic = differences.reduce((sum, difference, at) => sum + difference * solved[at]!, 0)
  return {
    defined: true,
    statistic,
    freedom: size,
    pValue: regularisedGammaUpper(size / 2, statistic / 2),
    groups: names.map((group, place) => ({ group, observed: observed[place]!, expected: expected[place]! })),
  }
}
