import { expect, test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
import {
  binomialTest,
  chiSquareFit,
  chiSquareTest,
  type ExactTest,
  fisherExactTest,
  kolmogorovSmirnovTest,
  type MeanTest,
  mannWhitneyTest,
  oneSampleTTest,
  oneWayAnova,
  pairedTTest,
  pooledTTest,
  powerOfMeans,
  sampleSizeOfMeans,
  welchTest,
  zTest,
} from '../index.ts'
import { momentsOf } from './sample.ts'

interface Mean {
  t: number
  pValue: number
  freedom?: number
  low: number
  high: number
}
type Pair = { first: number[]; second: number[]; pValue: number }

// Reference: scipy 1.17.1, statsmodels 0.15.0; made by golden/make/hypothesis-tests.py. Chances are compared as shares of
// themselves: some are below 1e-100.
const { values: golden, agree } = readGolden<
  Record<'one' | 'other' | 'third' | 'partner', number[]> &
    Record<'oneSample' | 'paired' | 'pooled' | 'welch' | 'z', Mean> & {
      anova: { f: number; pValue: number }
      tables: {
        table: number[][]
        continuity: boolean
        statistic: number
        freedom: number
        pValue: number
        association: number
      }[]
      fits: { observed: number[]; shares: number[]; statistic: number; pValue: number }[]
      fisher: ({ first: [number, number]; second: [number, number]; oddsRatio: number } & ExactTest)[]
      binomial: ({ successes: number; n: number; share: number } & ExactTest)[]
      mannWhitney: (Pair & { u: number })[]
      kolmogorovSmirnov: (Pair & { distance: number })[]
      power: Record<'difference' | 'spread' | 'significance' | 'power' | 'ratio' | 'rows' | 'powerOfTwenty', number>[]
    }
>(new URL('golden/hypothesis-tests.json', import.meta.url))

function sure<Test extends { readonly defined: boolean }>(found: Test): Extract<Test, { readonly defined: true }> {
  expect(found.defined).toBe(true)
  return found as Extract<Test, { readonly defined: true }>
}

const { one, other, third, partner } = golden
test.each([
  ['oneSample', oneSampleTTest(one, 0.5)],
  ['paired', pairedTTest(one, partner)],
  ['pooled', pooledTTest(one, other)],
  ['welch', welchTest(one, other)],
  ['z', zTest(momentsOf('z', one), momentsOf('z', other))],
] as const)('means: %s', (name, test: MeanTest) => {
  const found = sure(test)
  const expected = golden[name]
  agree('t and z tests', [found.t, found.low, found.high], [expected.t, expected.low, expected.high], 1e-12)
  agree('t and z tests', found.pValue, expected.pValue, 1e-11, 0)
  agree('t and z tests', found.freedom, expected.freedom ?? Infinity, 1e-12)
})

test('analysis of variance', () => {
  const found = sure(oneWayAnova([one, other, third]))
  agree('analysis of variance', [found.f, found.pValue], [golden.anova.f, golden.anova.pValue], 1e-11, 0)
})

test.each(golden.tables)('a table of counts: $table, $continuity', ({ table, continuity, ...expected }) => {
  const found = sure(chiSquareTest(table, { continuity }))
  agree('chi-square tests', [found.statistic, found.freedom], [expected.statistic, expected.freedom], 1e-12)
  agree('chi-square tests', found.pValue, expected.pValue, 1e-11, 0)
  agree('chi-square tests', found.association!, expected.association, 1e-12)
})

test.each(golden.fits)('counts $observed beside shares', ({ observed, shares, statistic, pValue }) => {
  const found = sure(chiSquareFit(observed, shares))
  agree('chi-square tests', [found.statistic, found.pValue], [statistic, pValue], 1e-11, 0)
})

// scipy subtracts logarithms of factorials, which costs it some digits.
test.each(golden.fisher)("Fisher's test: $first, $second", ({ first, second, ...expected }) => {
  const found = fisherExactTest(first, second)
  const chances = [found.pValue, found.pAbove, found.pBelow, found.oddsRatio]
  agree(
    "Fisher's and binomial exact tests",
    chances,
    [expected.pValue, expected.pAbove, expected.pBelow, expected.oddsRatio],
    1e-10,
    0,
  )
})

test.each(golden.binomial)('$successes of $n beside a share of $share', ({ successes, n, share, ...expected }) => {
  const found = binomialTest(successes, n, share)
  const chances = [found.pValue, found.pAbove, found.pBelow]
  agree("Fisher's and binomial exact tests", chances, [expected.pValue, expected.pAbove, expected.pBelow], 1e-10, 0)
})

test.each(golden.mannWhitney)('the order of values: u $u', ({ first, second, u, pValue }) => {
  const found = sure(mannWhitneyTest(first, second))
  agree('Mann-Whitney test', found.u, u, 0)
  agree('Mann-Whitney test', found.pValue, pValue, 1e-11, 0)
})

test.each(golden.kolmogorovSmirnov)(
  'whole distributions: distance $distance',
  ({ first, second, distance, pValue }) => {
    const found = sure(kolmogorovSmirnovTest(first, second))
    agree('Kolmogorov-Smirnov test', found.distance, distance, 1e-14)
    agree('Kolmogorov-Smirnov test', found.pValue, pValue, 1e-10, 0)
  },
)

test.each(golden.power)(
  'rows for $difference on $spread',
  ({ difference, spread, significance, power, ratio, rows, powerOfTwenty }) => {
    const controlShare = ratio / (1 + ratio)
    const sizes = sampleSizeOfMeans(difference, spread, { significance, power, controlShare })
    // statsmodels gives a real number of rows; with unequal sides ours may need fewer, because control's are rounded up.
    expect(sizes.treatment).toBeLessThanOrEqual(Math.ceil(rows))
    expect(sizes.treatment).toBeGreaterThan(rows - (1 / ratio - 1) - 1e-6)
    const twenty = powerOfMeans(difference, spread, { treatment: 20, control: 20 * ratio }, { significance })
    agree('power of t tests', twenty, powerOfTwenty, 1e-10)
  },
)
