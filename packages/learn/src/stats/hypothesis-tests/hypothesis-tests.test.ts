import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  binomialTest,
  chiSquareFit,
  chiSquareTest,
  fisherExactTest,
  kolmogorovSmirnovTest,
  mannWhitneyTest,
  oneSampleTTest,
  oneWayAnova,
  pairedTTest,
  pooledTTest,
  powerOfMeans,
  sampleSizeOfMeans,
  zTest,
} from '../index.ts'

const value = fc.integer({ min: -40, max: 40 }).map((whole) => whole / 8)
const sample = fc.array(value, { minLength: 3, maxLength: 20 })

test('two groups: analysis of variance is the pooled t test, squared', () => {
  fc.assert(
    fc.property(sample, sample, (first, second) => {
      const [t, f] = [pooledTTest(first, second), oneWayAnova([first, second])]
      expect(f.defined).toBe(t.defined)
      if (!(t.defined && f.defined)) return
      expect(f.f).toBeCloseTo(t.t ** 2, 7)
      expect(f.pValue).toBeCloseTo(t.pValue, 9)
    }),
  )
})

test('tests of order do not see a rising change of scale, nor who is called first', () => {
  fc.assert(
    fc.property(sample, sample, (first, second) => {
      const risen = (values: number[]): number[] => values.map((one) => Math.exp(one / 3))
      for (const compare of [mannWhitneyTest, kolmogorovSmirnovTest]) {
        const [plain, changed, swapped] = [
          compare(first, second),
          compare(risen(first), risen(second)),
          compare(second, first),
        ]
        if (!(plain.defined && changed.defined && swapped.defined)) continue
        expect(changed.pValue).toBeCloseTo(plain.pValue, 12)
        expect(swapped.pValue).toBeCloseTo(plain.pValue, 9)
      }
    }),
  )
})

test('exact chances of at most and at least count the result itself twice', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (yes, no, share) => {
      const { pBelow, pAbove, pValue } = binomialTest(yes, yes + no, share)
      expect(pBelow + pAbove).toBeGreaterThanOrEqual(1 - 1e-12)
      expect(pValue).toBeLessThanOrEqual(1)
      expect(pValue).toBeGreaterThanOrEqual(Math.min(pBelow, pAbove) - 1e-12)
    }),
  )
})

// Under no difference a test at 5 % calls one about that often: within four standard errors of 400 trials, exact tests at most.
test('no difference is found as often as is said', () => {
  const random = seededRandom(12)
  const calls = { pooled: 0, order: 0, distribution: 0, anova: 0 }
  const draw = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal())
  const isCalled = (found: { defined: true; pValue: number } | { defined: false }): number =>
    Number(found.defined && found.pValue < 0.05)
  for (let trial = 0; trial < 400; trial += 1) {
    const [one, other, third] = [draw(12), draw(15), draw(10)]
    calls.pooled += isCalled(pooledTTest(one, other))
    calls.order += isCalled(mannWhitneyTest(one, other))
    calls.distribution += isCalled(kolmogorovSmirnovTest(one, other))
    calls.anova += isCalled(oneWayAnova([one, other, third]))
  }
  const most = 400 * 0.05 + 4 * Math.sqrt(400 * 0.05 * 0.95)
  for (const count of Object.values(calls)) expect(count).toBeLessThan(most)
  expect(Math.min(calls.pooled, calls.anova, calls.order)).toBeGreaterThan(5)
})

test('large samples: the limit is near the exact count', () => {
  const random = seededRandom(3)
  const draw = (n: number, mean: number): Float64Array => Float64Array.from({ length: n }, () => mean + random.normal())
  const [one, other] = [draw(2100, 0), draw(2000, 0.08)]
  const [limit, exact] = [kolmogorovSmirnovTest(one, other), kolmogorovSmirnovTest(one.subarray(0, 1999), other)]
  if (!(limit.defined && exact.defined)) throw new Error('no result')
  expect([limit.exact, exact.exact]).toEqual([false, true])
  expect(Math.abs(limit.pValue - exact.pValue)).toBeLessThan(0.05)
})

test('what has no answer says why', () => {
  expect(oneSampleTTest([1], 0)).toEqual({ defined: false, because: 'too-few-rows' })
  expect(pairedTTest([1, 2, 3], [0, 1, 2])).toEqual({ defined: false, because: 'no-variation' })
  expect(pooledTTest([], [1, 2, 3])).toEqual({ defined: false, because: 'too-few-rows' })
  expect(zTest({ n: 1, mean: 0, variance: 0 }, { n: 5, mean: 0, variance: 1 })).toMatchObject({
    because: 'too-few-rows',
  })
  expect(oneWayAnova([[1, 2]])).toEqual({ defined: false, because: 'too-few-groups' })
  expect(oneWayAnova([[1], [2]])).toEqual({ defined: false, because: 'too-few-rows' })
  expect(oneWayAnova([[1, 1], [2, 2]])).toEqual({ defined: false, because: 'no-variation' }) // biome-ignore format: short
  expect(mannWhitneyTest([], [1])).toEqual({ defined: false, because: 'too-few-rows' })
  expect(mannWhitneyTest([1, 1], [1])).toEqual({ defined: false, because: 'no-variation' })
  expect(kolmogorovSmirnovTest([1], [])).toEqual({ defined: false, because: 'too-few-rows' })
  expect(kolmogorovSmirnovTest([1, 1], [1])).toMatchObject({ distance: 0, pValue: 1 })
  expect(chiSquareTest([[1, 2], [0, 0]])).toEqual({ defined: false, because: 'one-class' }) // biome-ignore format: short
  expect(chiSquareFit([5])).toEqual({ defined: false, because: 'one-class' })
  expect(chiSquareTest([])).toEqual({ defined: false, because: 'one-class' })
  expect(fisherExactTest([0, 0], [3, 4])).toMatchObject({ pValue: 1, oddsRatio: Number.NaN })
})

test('what means nothing is refused', () => {
  expect(() => oneSampleTTest([1, Infinity], 0)).toThrow('every value must be finite, got Infinity at place 1')
  expect(() => oneSampleTTest([1, 2], Number.NaN)).toThrow('against must be finite, got NaN')
  expect(() => pairedTTest([1], [1, 2])).toThrow('both sides must be as long, got 1 and 2')
  expect(() => pooledTTest([1, 2], [1, 3], 95)).toThrow('confidence must be between 0 and 1, got 95')
  expect(() => zTest({ n: 3, mean: 0, variance: -1 }, { n: 3, mean: 0, variance: 1 })).toThrow('at least 0')
  expect(() => chiSquareTest([[1, 2], [3]])).toThrow('rows must be of one length (2), got one of 1')
  expect(() => chiSquareTest([[1, -2], [3, 4]])).toThrow('counts must be finite and at least 0, got -2 at place 1') // biome-ignore format: short
  expect(() => chiSquareFit([1, 2], [1, 0])).toThrow('every share must be above 0, got 0 at place 1')
  expect(() => fisherExactTest([1.5, 2], [3, 4])).toThrow('counts must be whole numbers ≥ 0')
  expect(() => binomialTest(5, 4)).toThrow('successes at most n, got -1')
  expect(() => binomialTest(1, 4, 1)).toThrow('share must be between 0 and 1, got 1')
  expect(() => mannWhitneyTest([Number.NaN], [1])).toThrow('every value must be finite, got NaN at place 0')
  expect(() => powerOfMeans(1, 0, { treatment: 5, control: 5 })).toThrow('spread must be finite and above 0, got 0')
  expect(() => powerOfMeans(1, 1, { treatment: 1, control: 1 })).toThrow('both sides must have a row')
  expect(() => sampleSizeOfMeans(0, 1)).toThrow('difference must be one that rows can show, got 0')
  expect(() => sampleSizeOfMeans(1, 1, { power: 0.01 })).toThrow('power must be between significance')
  expect(powerOfMeans(0, 1, { treatment: 30, control: 20 })).toBeCloseTo(0.05, 12)
  expect(powerOfMeans(1e6, 1, { treatment: 30, control: 20 })).toBe(1)
})
