import { limitChance } from './kolmogorov-limit.ts'
import { checkedSample } from './sample.ts'

/** What comparing two whole distributions found. */
export type KolmogorovSmirnovTest =
  | {
      readonly defined: true
      /** The widest distance of the two shares at or below a value, 0 … 1. */
      readonly distance: number
      /** Where it is widest. */
      readonly at: number
      readonly pValue: number
      /** Whether the chance was counted exactly, or is that of large samples. */
      readonly exact: boolean
    }
  | { readonly defined: false; readonly because: 'too-few-rows' }

/** Steps of the exact count, n · m, up to which it is made. */
const stepsMax = 4e6

/**
 * Whether two samples come from one distribution, of whatever shape: the two-sample Kolmogorov-Smirnov test.
 *
 * With equal values the chance is an upper bound: the test errs to the side of no difference.
 *
 * @param first `[n]` finite
 * @param second `[m]` finite
 * @throws RapportError `kolmogorov-smirnov.values`
 *
 * Cost: O(n · m) where n · m ≤ 4,000,000, else O((n + m) log (n + m)).
 * Source: Hodges, "The significance probability of the Smirnov two-sample test", Arkiv för Matematik 3, 1958; as scipy's
 * `ks_2samp`.
 *
 * @example
 * kolmogorovSmirnovTest([1, 2, 3, 4], [3, 4, 5, 6]) // distance 0.5, pValue 0.7714…
 */
export function kolmogorovSmirnovTest(first: ArrayLike<number>, second: ArrayLike<number>): KolmogorovSmirnovTest {
  const one = checkedSample('kolmogorov-smirnov', first).sort()
  const other = checkedSample('kolmogorov-smirnov', second).sort()
  const [n, m] = [one.length, other.length]
  if (n === 0 || m === 0) return { defined: false, because: 'too-few-rows' }
  let [passed, otherPassed, widest, at] = [0, 0, -1, one[0]!]
  while (passed < n && otherPassed < m) {
    const value = Math.min(one[passed]!, other[otherPassed]!)
    while (passed < n && one[passed] === value) passed += 1
    while (otherPassed < m && other[otherPassed] === value) otherPassed += 1
    // In whole numbers, so that distances that are equal compare as equal.
    const gap = Math.abs(passed * m - otherPassed * n)
    if (gap > widest) [widest, at] = [gap, value]
  }
  const exact = n * m <= stepsMax
  const pValue = exact ? chanceOfPath(widest, n, m) : limitChance((widest / (n * m)) * Math.sqrt((n * m) / (n + m)))
  return { defined: true, distance: widest / (n * m), at, pValue, exact }
}

/**
 * The chance that a random order of the two samples anywhere comes `gap` / (n m) apart or farther: over the lattice of how many of
 * each have passed, every step of which is of the first side with the share of its own among all passed.
 */
function chanceOfPath(gap: number, n: number, m: number): number {
  if (gap <= 0) return 1
  const outside = new Float64Array(m + 1)
  for (let passed = 0; passed <= n; passed += 1) {
    for (let otherPassed = 0; otherPassed <= m; otherPassed += 1) {
      if (Math.abs(passed * m - otherPassed * n) >= gap) outside[otherPassed] = 1
      else if (passed + otherPassed > 0) {
        const before = otherPassed > 0 ? outside[otherPassed - 1]! : 0
        outside[otherPassed] =
          (passed * (passed > 0 ? outside[otherPassed]! : 0) + otherPassed * before) / (passed + otherPassed)
      }
    }
  }
  return outside[m]!
}
