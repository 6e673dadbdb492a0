import { RapportError } from '@rapport/numerics'
import { limitChance } from './kolmogorov-limit.ts'
import type { KolmogorovSmirnovTest } from './kolmogorov-smirnov.ts'
import { chanceOfDistance, exactWork } from './one-sample-distance.ts'
import { checkedSample } from './sample.ts'

export interface KolmogorovSmirnovFitOptions {
  /** How the chance is found. Default `exact` up to some ten thousand values, and `asymptotic` (Kolmogorov's limit) beyond. */
  readonly method?: 'exact' | 'asymptotic'
}

/** Additions of the exact chance up to which it is found when nobody said how. */
const workMax = 4e8

/**
 * Whether a sample comes from one given distribution: the one-sample Kolmogorov-Smirnov test.
 *
 * The distribution must be known beforehand. With parameters that were fitted to the same values, p is far too large.
 *
 * @param values `[n]` finite
 * @param cumulative the distribution's share at or below a value: never falls, 0 … 1. For distributions with steps p is an
 *   upper bound
 * @returns the widest distance of the sample's share from it, which may be just below the value `at`, and the two-sided chance
 *   of one as wide; or the reason that there is none
 * @throws RapportError `kolmogorov-smirnov.values`, `kolmogorov-smirnov.cumulative`
 *
 * Cost: exact O(n · (n · distance) · steps of a few dozen), asymptotic O(n log n).
 * Source: Kolmogorov, Giornale dell'Istituto Italiano degli Attuari 4, 1933; Noé, Annals of Mathematical Statistics 43, 1972
 * (the chance to cross two bounds). As scipy's `ks_1samp`.
 *
 * @example
 * kolmogorovSmirnovFit([0.1, 0.4, 0.7], (value) => Math.min(1, Math.max(0, value))) // distance 0.3, pValue 0.888
 */
export function kolmogorovSmirnovFit(
  values: ArrayLike<number>,
  cumulative: (value: number) => number,
  { method }: KolmogorovSmirnovFitOptions = {},
): KolmogorovSmirnovTest {
  const ascending = checkedSample('kolmogorov-smirnov', values).sort()
  const n = ascending.length
  if (n === 0) return { defined: false, because: 'too-few-rows' }
  let [distance, at, before] = [-1, ascending[0]!, 0]
  ascending.forEach((value, passed) => {
    const share = cumulative(value)
    if (!(share >= before && share <= 1)) {
      const range = passed === 0 ? 'from 0' : `from ${before}, its value before,`
      throw new RapportError(
        'kolmogorov-smirnov.cumulative',
        `cumulative must be ${range} to 1, got ${share} at ${value}`,
      )
    }
    before = share
    const gap = Math.max((passed + 1) / n - share, share - passed / n)
    if (gap > distance) [distance, at] = [gap, value]
  })
  const exact = method === undefined ? exactWork(n, distance) <= workMax : method === 'exact'
  const pValue = exact ? chanceOfDistance(n, distance) : limitChance(distance * Math.sqrt(n))
  return { defined: true, distance, at, pValue, exact }
}
