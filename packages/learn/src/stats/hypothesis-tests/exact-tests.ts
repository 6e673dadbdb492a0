import { RapportError } from '@rapport/numerics'

/** What an exact test of counts found. */
export interface ExactTest {
  /** Two-sided: chance of a result that is no likelier than this one. */
  readonly pValue: number
  /** Chance of this many successes or fewer, and of this many or more. */
  readonly pBelow: number
  readonly pAbove: number
}

/** Results as likely as this one but for rounding count as no likelier, as in scipy. */
const likelier = 1 + 1e-7

/**
 * Whether two shares differ, exactly, however few the counts: Fisher's test with both margins fixed.
 *
 * @param first `[yes, no]` of one side, whole numbers ≥ 0
 * @param second `[yes, no]` of the other
 * @returns with `oddsRatio` of the counts; NaN when a side and a column are empty, Infinity when only below the line is 0
 * @throws RapportError `fisher.counts`
 *
 * Cost: O(smallest margin).
 * Source: Fisher, "On the interpretation of χ² from contingency tables", JRSS 85, 1922; as scipy's `fisher_exact`.
 *
 * @example
 * fisherExactTest([8, 2], [1, 5]) // pValue 0.03496…, oddsRatio 20
 */
export function fisherExactTest(
  first: readonly [number, number],
  second: readonly [number, number],
): ExactTest & { readonly oddsRatio: number } {
  const [a, b] = first
  const [c, d] = second
  for (const count of [a, b, c, d]) checkCount('fisher', count)
  const successes = a + c
  const [fewest, most] = [Math.max(0, successes - (c + d)), Math.min(successes, a + b)]
  // Chances relative to the one found, by the ratio of neighbours: no factorials, and no digits lost.
  const ratio = (count: number): number => ((successes - count) * (a + b - count)) / ((count + 1) * (d - a + count + 1))
  return { ...weigh(a, fewest, most, ratio), oddsRatio: (a * d) / (b * c) }
}

/**
 * Whether a share is another than expected, exactly.
 *
 * @param successes 0 … n, whole
 * @param n whole, ≥ 1
 * @param share expected, in (0, 1)
 * @throws RapportError `binomial-test.counts`, `binomial-test.share`
 *
 * Cost: O(n).
 * Source: Clopper & Pearson, Biometrika 26, 1934; as scipy's `binomtest`.
 *
 * @example
 * binomialTest(3, 15, 0.1) // pAbove 0.184…
 */
export function binomialTest(successes: number, n: number, share = 0.5): ExactTest {
  checkCount('binomial-test', successes)
  checkCount('binomial-test', n - successes)
  if (!(share > 0 && share < 1)) {
    throw new RapportError('binomial-test.share', `share must be between 0 and 1, got ${share}`)
  }
  const odds = share / (1 - share)
  return weigh(successes, 0, n, (count) => ((n - count) / (count + 1)) * odds)
}

/**
 * Sums chances of all counts between two ends.
 *
 * @param ratio chance of count + 1 over that of count
 */
function weigh(found: number, fewest: number, most: number, ratio: (count: number) => number): ExactTest {
  let [below, above, unlikelier] = [0, 0, 1]
  // From the found count outwards; a weight too large for a number is all there is.
  for (let count = found, weight = 1; count < most; count += 1) {
    weight *= ratio(count)
    above += weight
    if (weight <= likelier) unlikelier += weight
  }
  for (let count = found, weight = 1; count > fewest; count -= 1) {
    weight /= ratio(count - 1)
    below += weight
    if (weight <= likelier) unlikelier += weight
  }
  const total = below + 1 + above
  if (total === Infinity) return weighBySteps(found, fewest, most, ratio)
  return {
    pValue: Math.min(1, unlikelier / total),
    pBelow: (below + 1) / total,
    pAbove: (above + 1) / total,
  }
}

/** The same on logarithms, for a count so far out that its neighbours' relative weights leave the range of numbers. */
function weighBySteps(found: number, fewest: number, most: number, ratio: (count: number) => number): ExactTest {
  const logs = new Float64Array(most - fewest + 1)
  for (let at = 1; at < logs.length; at += 1) logs[at] = logs[at - 1]! + Math.log(ratio(fewest + at - 1))
  const largest = logs.reduce((top, one) => Math.max(top, one), -Infinity)
  const weights = logs.map((one) => Math.exp(one - largest))
  const place = found - fewest
  const sum = (holds: (weight: number, at: number) => boolean): number =>
    weights.reduce((total, weight, at) => (holds(weight, at) ? total + weight : total), 0)
  const total = sum(() => true)
  return {
    pValue: Math.min(1, sum((_, at) => logs[at]! <= logs[place]! + 1e-7) / total),
    pBelow: sum((_, at) => at <= place) / total,
    pAbove: sum((_, at) => at >= place) / total,
  }
}

function checkCount(method: string, count: number): void {
  if (Number.isInteger(count) && count >= 0) return
  throw new RapportError(`${method}.counts`, `counts must be whole numbers ≥ 0 and successes at most n, got ${count}`)
}
