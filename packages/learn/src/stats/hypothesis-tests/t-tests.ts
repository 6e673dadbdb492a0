import { normalCdf, normalQuantile, RapportError, studentTCdf, studentTQuantile } from '@rapport/numerics'
import type { SampleMoments } from '../mean-lift.ts'
import { checkConfidence, momentsOf } from './sample.ts'

/** What a test of a mean, or of a difference of two, found. */
export type MeanTest =
  | {
      readonly defined: true
      /** Mean, or difference of means, less what it is tested against. */
      readonly difference: number
      /** Ends of the difference's interval. */
      readonly low: number
      readonly high: number
      /** The difference over its standard error. */
      readonly t: number
      /** Degrees of freedom; Infinity for the z test. */
      readonly freedom: number
      /** Two-sided: chance of a difference at least this large when there is none. */
      readonly pValue: number
    }
  | {
      readonly defined: false
      /** `too-few-rows` to know a spread. `no-variation`: all values are the same. */
      readonly because: 'too-few-rows' | 'no-variation'
    }

/**
 * Whether a mean is another than expected: Student's t test of one sample.
 *
 * @param values `[n]` finite
 * @param against the mean expected
 * @param confidence of the interval, in (0, 1). Default 0.95
 * @throws RapportError `t-test.values`, `t-test.against`, `t-test.confidence`
 *
 * Source: Student, "The probable error of a mean", Biometrika 6, 1908; as scipy's `ttest_1samp`.
 *
 * @example
 * oneSampleTTest([5, 6, 7, 9], 5) // difference 1.75, t 2.0494…
 */
export function oneSampleTTest(values: ArrayLike<number>, against: number, confidence = 0.95): MeanTest {
  if (!Number.isFinite(against)) throw new RapportError('t-test.against', `against must be finite, got ${against}`)
  const { n, mean, variance } = momentsOf('t-test', values)
  return meanTest('t-test', mean - against, variance / n, n - 1, confidence)
}

/**
 * Whether pairs of values (the same customer before and after) differ: Student's t test of their differences.
 *
 * @param first `[n]` finite
 * @param second `[n]` finite, in the order of `first`
 * @throws RapportError `t-test.values`, `t-test.pairs`, `t-test.confidence`
 *
 * @example
 * pairedTTest([5, 6, 8], [4, 6, 5]) // difference 1.333…
 */
export function pairedTTest(first: ArrayLike<number>, second: ArrayLike<number>, confidence = 0.95): MeanTest {
  if (first.length !== second.length) {
    throw new RapportError('t-test.pairs', `both sides must be as long, got ${first.length} and ${second.length}`)
  }
  return oneSampleTTest(
    Float64Array.from(first, (value, at) => value - second[at]!),
    0,
    confidence,
  )
}

/**
 * Whether the means of two independent samples differ, taking their spreads for equal. `welchTest` does not, and is the better
 * choice unless they are known to be.
 *
 * @throws RapportError `t-test.values`, `t-test.confidence`
 *
 * @example
 * pooledTTest([5, 6, 7], [1, 2, 3, 4]) // difference 3.5, t 3.8127…
 */
export function pooledTTest(first: ArrayLike<number>, second: ArrayLike<number>, confidence = 0.95): MeanTest {
  const [one, other] = [momentsOf('t-test', first), momentsOf('t-test', second)]
  const freedom = one.n + other.n - 2
  const pooled = ((one.n - 1) * one.variance + (other.n - 1) * other.variance) / freedom
  const shortage = one.n === 0 || other.n === 0
  return meanTest(
    't-test',
    one.mean - other.mean,
    pooled * (1 / one.n + 1 / other.n),
    shortage ? 0 : freedom,
    confidence,
  )
}

/**
 * Whether two means differ, by the normal curve: for samples so large that their spreads are as good as known.
 *
 * @param first rows, mean and variance, as from `momentsOfSums`
 * @throws RapportError `t-test.moments`, `t-test.confidence`
 *
 * @example
 * zTest({ n: 400, mean: 5.2, variance: 4 }, { n: 400, mean: 5, variance: 4 }) // t 1.4142…, pValue 0.1572…
 */
export function zTest(first: SampleMoments, second: SampleMoments, confidence = 0.95): MeanTest {
  for (const { n, mean, variance } of [first, second]) {
    if (n >= 0 && n < Infinity && Number.isFinite(mean) && variance >= 0 && variance < Infinity) continue
    throw new RapportError(
      't-test.moments',
      `n and variance must be at least 0 and the mean finite, got ${n}, ${variance}, ${mean}`,
    )
  }
  const isShort = first.n < 2 || second.n < 2
  const square = first.variance / first.n + second.variance / second.n
  return meanTest('t-test', first.mean - second.mean, square, isShort ? 0 : Infinity, confidence)
}

/**
 * The test of a difference whose squared standard error is known.
 *
 * @param method whose name the error carries
 * @param freedom of the squared error; below 1 says that there were too few rows
 */
export function meanTest(
  method: string,
  difference: number,
  squaredError: number,
  freedom: number,
  confidence: number,
): MeanTest {
  checkConfidence(method, confidence)
  if (freedom < 1) return { defined: false, because: 'too-few-rows' }
  if (!(squaredError > 0)) return { defined: false, because: 'no-variation' }
  const error = Math.sqrt(squaredError)
  const t = difference / error
  const p = (1 + confidence) / 2
  const half = error * (freedom === Infinity ? normalQuantile(p) : studentTQuantile(p, freedom))
  const pValue = 2 * (freedom === Infinity ? normalCdf(-Math.abs(t)) : studentTCdf(-Math.abs(t), freedom))
  return { defined: true, difference, low: difference - half, high: difference + half, t, freedom, pValue }
}
