import { RapportError, studentTCdf, studentTQuantile } from '@rapport/numerics'

/** What comparing two means found. */
export type WelchTest =
  | {
      readonly defined: true
      /** Mean of the first less mean of the second. */
      readonly difference: number
      /** Ends of the interval of the difference. */
      readonly low: number
      readonly high: number
      readonly t: number
      /** Degrees of freedom by Welch and Satterthwaite, rarely whole. */
      readonly freedom: number
      /** Two-sided: chance of a difference at least this large when there is none. */
      readonly pValue: number
    }
  | {
      readonly defined: false
      /** `too-few-rows`: a side has fewer than two. `no-variation`: both sides are constant. */
      readonly because: 'too-few-rows' | 'no-variation'
    }

/**
 * Whether the means of two independent samples differ, without taking their spreads for equal: Welch's t test.
 *
 * @param first `[n]` finite
 * @param second `[m]` finite
 * @param confidence of the interval, in (0, 1). Default 0.95
 * @throws RapportError `welch.values`, `welch.confidence`
 *
 * Source: Welch, "The generalization of 'Student's' problem when several different population variances are involved",
 * Biometrika 34, 1947; as scipy's `ttest_ind(equal_var=False)`.
 *
 * @example
 * welchTest([5, 6, 7], [1, 2, 3, 4]) // difference 3.5, t 4.0249…
 */
export function welchTest(first: ArrayLike<number>, second: ArrayLike<number>, confidence = 0.95): WelchTest {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RapportError('welch.confidence', `confidence must be between 0 and 1, got ${confidence}`)
  }
  const [one, other] = [momentsOf(first), momentsOf(second)]
  if (one.n < 2 || other.n < 2) return { defined: false, because: 'too-few-rows' }
  const [ofOne, ofOther] = [one.variance / one.n, other.variance / other.n]
  const variance = ofOne + ofOther
  if (variance === 0) return { defined: false, because: 'no-variation' }
  const freedom = variance ** 2 / (ofOne ** 2 / (one.n - 1) + ofOther ** 2 / (other.n - 1))
  const difference = one.mean - other.mean
  const t = difference / Math.sqrt(variance)
  const half = studentTQuantile((1 + confidence) / 2, freedom) * Math.sqrt(variance)
  return {
    defined: true,
    difference,
    low: difference - half,
    high: difference + half,
    t,
    freedom,
    pValue: 2 * studentTCdf(-Math.abs(t), freedom),
  }
}

function momentsOf(values: ArrayLike<number>): { n: number; mean: number; variance: number } {
  const n = values.length
  let sum = 0
  for (let at = 0; at < n; at += 1) {
    const value = values[at]!
    if (!Number.isFinite(value)) {
      throw new RapportError('welch.values', `every value must be finite, got ${value} at place ${at}`)
    }
    sum += value
  }
  const mean = sum / n
  let squares = 0
  for (let at = 0; at < n; at += 1) squares += (values[at]! - mean) ** 2
  return { n, mean, variance: squares / (n - 1) }
}
