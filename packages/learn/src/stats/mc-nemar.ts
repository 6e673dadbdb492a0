import { normalCdf, RapportError, regularisedBeta } from '@rapport/numerics'

/** Rows that two classifiers fare differently on. */
export interface McNemarCounts {
  /** Rows that only the first calls right, a whole number ≥ 0. */
  readonly onlyFirst: number
  /** Rows that only the second calls right, a whole number ≥ 0. */
  readonly onlySecond: number
}

/** Whether one of two classifiers is right more often. */
export type McNemarTest =
  | (McNemarCounts & {
      readonly defined: true
      /** Two-sided exact chance of counts at least this uneven when both are equally good. */
      readonly pValue: number
      /** The same with half of the chance of exactly these counts: less cautious, closer to its level. */
      readonly midPValue: number
      /** (|b − c| − 1)² / (b + c), chi-squared with one degree of freedom for many rows. */
      readonly statistic: number
      /** Two-sided chance by that statistic. */
      readonly approximatePValue: number
    })
  /** `no-difference`: both are right on the same rows. */
  | { readonly defined: false; readonly because: 'no-difference' }

/**
 * McNemar's test: whether two classifiers that were tried on the same rows are right equally often. Rows on which both are
 * right, or both wrong, say nothing.
 *
 * @throws RapportError `mc-nemar.counts`
 *
 * Source: McNemar, Psychometrika 12, 1947; Edwards 1948 (the statistic); Fagerland, Lydersen & Laake, BMC Med. Res. Methodol.
 * 13, 2013 (mid-p). As statsmodels' `mcnemar`.
 *
 * @example
 * mcNemarTest({ onlyFirst: 12, onlySecond: 3 }) // pValue 0.0352…
 */
export function mcNemarTest({ onlyFirst, onlySecond }: McNemarCounts): McNemarTest {
  const counts = [onlyFirst, onlySecond]
  if (!counts.every((count) => Number.isInteger(count) && count >= 0)) {
    throw new RapportError('mc-nemar.counts', `counts must be whole numbers ≥ 0, got ${onlyFirst} and ${onlySecond}`)
  }
  const n = onlyFirst + onlySecond
  if (n === 0) return { defined: false, because: 'no-difference' }
  const fewer = Math.min(onlyFirst, onlySecond)
  const below = halfBinomialCdf(fewer, n)
  const statistic = Math.max(Math.abs(onlyFirst - onlySecond) - 1, 0) ** 2 / n
  return {
    defined: true,
    onlyFirst,
    onlySecond,
    pValue: Math.min(1, 2 * below),
    midPValue: Math.min(1, below + (fewer > 0 ? halfBinomialCdf(fewer - 1, n) : 0)),
    statistic,
    approximatePValue: 2 * normalCdf(-Math.sqrt(statistic)),
  }
}

/**
 * Counts what McNemar's test looks at, from called and actual classes.
 *
 * @param first `[n]` classes that the first calls
 * @param second `[n]` classes that the second calls
 * @param actual `[n]`
 * @throws RapportError `mc-nemar.lengths`
 *
 * @example
 * mcNemarCounts([1, 0, 1], [0, 0, 1], [1, 1, 1]) // { onlyFirst: 1, onlySecond: 0 }
 */
export function mcNemarCounts(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  actual: ArrayLike<number>,
): McNemarCounts {
  if (first.length !== actual.length || second.length !== actual.length) {
    throw new RapportError(
      'mc-nemar.lengths',
      `first, second and actual must have one length, got ${first.length}, ${second.length} and ${actual.length}`,
    )
  }
  let [onlyFirst, onlySecond] = [0, 0]
  for (let row = 0; row < actual.length; row += 1) {
    const [one, other] = [first[row] === actual[row], second[row] === actual[row]]
    if (one && !other) onlyFirst += 1
    if (other && !one) onlySecond += 1
  }
  return { onlyFirst, onlySecond }
}

/** Chance of at most `count` heads in `n` throws of a fair coin, count < n or both 0. */
const halfBinomialCdf = (count: number, n: number): number =>
  count >= n ? 1 : regularisedBeta(0.5, n - count, count + 1)
