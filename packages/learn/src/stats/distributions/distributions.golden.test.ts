import { expect, test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
import {
  type Distribution,
  distributionCdf,
  distributionQuantile,
  distributionTail,
  distributionTailQuantile,
  noncentralTCdf,
} from '../index.ts'

// Reference: mpmath at 40 digits; made by golden/make/distributions.py, which puts far tails in on purpose.
const { values: golden, agree } = readGolden<{
  rows: { distribution: Distribution; value: number; below: number; above: number }[]
  noncentral: [t: number, freedom: number, shift: number, below: number][]
}>(new URL('golden/distributions.json', import.meta.url))

test.each(golden.rows)('$distribution.kind at $value', ({ distribution, value, below, above }) => {
  // Digits of tails count however small they are; what lies below the range of numbers is 0 on both sides.
  agree('distributions', distributionCdf(distribution, value), below, 1e-11, 1e-290)
  agree('distributions', distributionTail(distribution, value), above, 1e-11, 1e-290)
})

const counts: readonly string[] = ['binomial', 'poisson']

test.each(golden.rows)(
  'quantiles of $distribution.kind lead back to $value',
  ({ distribution, value, below, above }) => {
    if (counts.includes(distribution.kind)) {
      // A hair less than the chance of the count is still reached by it, and by no smaller one.
      if (below > 1e-290 && below < 0.9)
        agree('quantiles', distributionQuantile(distribution, below * (1 - 1e-9)), value, 0)
      if (above > 1e-290 && above < 0.9)
        agree('quantiles', distributionTailQuantile(distribution, above * (1 + 1e-9)), value, 0)
      return
    }
    // Where nearly everything lies on a side, its share has no digits left to find the value by.
    if (below > 1e-290 && below < 0.9) agree('quantiles', distributionQuantile(distribution, below), value, 1e-10, 0)
    if (above > 1e-290 && above < 0.9)
      agree('quantiles', distributionTailQuantile(distribution, above), value, 1e-10, 0)
  },
)

test('noncentral t by its definition', () => {
  for (const [t, freedom, shift, below] of golden.noncentral) {
    agree('noncentral t', noncentralTCdf(t, freedom, shift), below, 1e-12)
  }
  expect(golden.noncentral.length).toBeGreaterThan(4)
})
