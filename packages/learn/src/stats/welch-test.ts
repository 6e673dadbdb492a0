import { momentsOf } from './hypothesis-tests/sample.ts'
import { type MeanTest, meanTest } from './hypothesis-tests/t-tests.ts'
import { welchFreedom } from './mean-lift.ts'

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
export function welchTest(first: ArrayLike<number>, second: ArrayLike<number>, confidence = 0.95): MeanTest {
  const [one, other] = [momentsOf('welch', first), momentsOf('welch', second)]
  const isShort = one.n < 2 || other.n < 2
  const squaredError = one.variance / one.n + other.variance / other.n
  const freedom = isShort ? 0 : squaredError > 0 ? welchFreedom(one, other) : 1
  return meanTest('welch', one.mean - other.mean, squaredError, freedom, confidence)
}
