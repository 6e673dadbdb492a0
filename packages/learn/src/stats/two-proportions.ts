import { normalCdf } from '@rapport/numerics'
import { wilsonInterval } from './wilson-interval.ts'

/** How many of how many: buyers of those reached. */
export interface Proportion {
  /** 0 … n */
  readonly successes: number
  readonly n: number
}

/** What comparing two shares found. */
export type TwoProportionTest =
  | {
      readonly defined: true
      /** Share of the first less share of the second. */
      readonly difference: number
      /** Ends of the interval of the difference (Newcombe's, from the two Wilson intervals). */
      readonly low: number
      readonly high: number
      readonly z: number
      /** Two-sided: chance of a difference at least this large when there is none. */
      readonly pValue: number
    }
  | {
      readonly defined: false
      /** `no-rows`: a side is empty. `no-variation`: nobody, or everybody, on both sides. */
      readonly because: 'no-rows' | 'no-variation'
    }

export interface TwoProportionOptions {
  /** In (0, 1). Default 0.95. */
  readonly confidence?: number
}

/**
 * Whether two independent shares differ: the pooled z test, with an interval of the difference.
 *
 * The test leans on the normal curve: below about five successes and five failures a side its chances are rough.
 *
 * @throws RapportError `wilson.counts`, `wilson.confidence`
 *
 * Source: Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine
 * 17, 1998, method 10; the test as statsmodels' `proportions_ztest`.
 *
 * @example
 * twoProportionTest({ successes: 60, n: 500 }, { successes: 45, n: 500 }) // difference 0.03, pValue 0.1217…
 */
export function twoProportionTest(
  first: Proportion,
  second: Proportion,
  { confidence = 0.95 }: TwoProportionOptions = {},
): TwoProportionTest {
  const around = wilsonInterval(first.successes, first.n, confidence)
  const other = wilsonInterval(second.successes, second.n, confidence)
  if (first.n === 0 || second.n === 0) return { defined: false, because: 'no-rows' }
  const share = first.successes / first.n
  const otherShare = second.successes / second.n
  const pooled = (first.successes + second.successes) / (first.n + second.n)
  if (pooled === 0 || pooled === 1) return { defined: false, because: 'no-variation' }
  const difference = share - otherShare
  const z = difference / Math.sqrt(pooled * (1 - pooled) * (1 / first.n + 1 / second.n))
  return {
    defined: true,
    difference,
    low: difference - Math.hypot(share - around.low, other.high - otherShare),
    high: difference + Math.hypot(around.high - share, otherShare - other.low),
    z,
    pValue: 2 * normalCdf(-Math.abs(z)),
  }
}
