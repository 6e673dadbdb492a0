import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Distribution,
  distributionCdf,
  distributionQuantile,
  distributionTail,
  distributionTailQuantile,
  noncentralTCdf,
} from '../index.ts'

const positive = fc.double({ min: 0.3, max: 200, noNaN: true })
// Below 1 a quantile may lie nearer to 0 or 1 than numbers do.
const shape = fc.double({ min: 1, max: 200, noNaN: true })
const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })
const distribution: fc.Arbitrary<Distribution> = fc.oneof(
  fc.record({
    kind: fc.constant('normal' as const),
    mean: fc.double({ min: -50, max: 50, noNaN: true }),
    spread: positive,
  }),
  fc.record({ kind: fc.constant('student-t' as const), freedom: positive }),
  fc.record({ kind: fc.constant('chi-squared' as const), freedom: positive }),
  fc.record({ kind: fc.constant('f' as const), freedom: positive, freedomBelow: positive }),
  fc.record({ kind: fc.constant('beta' as const), a: shape, b: shape }),
  fc.record({ kind: fc.constant('gamma' as const), shape: positive, scale: positive }),
  fc.record({ kind: fc.constant('binomial' as const), trials: fc.integer({ min: 1, max: 300 }), chance: share }),
  fc.record({ kind: fc.constant('poisson' as const), mean: positive }),
)

test('both sides of a value are everything', () => {
  fc.assert(
    fc.property(distribution, fc.double({ min: -10, max: 500, noNaN: true }), (held, value) => {
      expect(distributionCdf(held, value) + distributionTail(held, value)).toBeCloseTo(1, 11)
    }),
  )
})

test('a quantile has at least its share at or below it, and just below it less', () => {
  fc.assert(
    fc.property(distribution, share, (held, p) => {
      const value = distributionQuantile(held, p)
      const isCount = held.kind === 'binomial' || held.kind === 'poisson'
      if (isCount) {
        expect(distributionCdf(held, value)).toBeGreaterThanOrEqual(p)
        expect(value === 0 ? 0 : distributionCdf(held, value - 1)).toBeLessThan(p)
      } else expect(distributionCdf(held, value)).toBeCloseTo(p, 9)
      const other = distributionTailQuantile(held, p)
      if (isCount) expect(distributionTail(held, other)).toBeLessThanOrEqual(p)
      else expect(distributionTail(held, other)).toBeCloseTo(p, 9)
    }),
  )
})

test('the ends of the ranges', () => {
  const normal = { kind: 'normal', mean: 0, spread: 1 } as const
  expect([
    distributionQuantile(normal, 0),
    distributionQuantile(normal, 1),
    distributionTailQuantile(normal, 0),
  ]).toEqual([-Infinity, Infinity, Infinity])
  const squared = { kind: 'chi-squared', freedom: 2 } as const
  expect([distributionCdf(squared, -1), distributionTail(squared, -1), distributionTail(squared, Infinity)]).toEqual([
    0, 1, 0,
  ])
  expect([distributionQuantile(squared, 0), distributionTailQuantile(squared, 0)]).toEqual([0, Infinity])
  const f = { kind: 'f', freedom: 2, freedomBelow: 3 } as const
  expect([distributionCdf(f, -1), distributionCdf(f, Infinity), distributionTail(f, Infinity)]).toEqual([0, 1, 0])
  const coins = { kind: 'binomial', trials: 4, chance: 0.5 } as const
  expect([
    distributionCdf(coins, -1),
    distributionCdf(coins, 4),
    distributionTail(coins, 4),
    distributionCdf(coins, 3.5),
  ]).toEqual([0, 1, 0, 0.9375])
  expect([distributionQuantile(coins, 0), distributionQuantile(coins, 1)]).toEqual([0, 4])
  const never = { kind: 'binomial', trials: 4, chance: 0 } as const
  expect([distributionCdf(never, 0), distributionQuantile(never, 0.5)]).toEqual([1, 0])
  const rare = { kind: 'poisson', mean: 2 } as const
  expect([
    distributionCdf(rare, -0.5),
    distributionCdf(rare, Infinity),
    distributionQuantile(rare, 1),
    distributionTailQuantile(rare, 0),
  ]).toEqual([0, 1, Infinity, Infinity])
  expect(noncentralTCdf(Infinity, 5, 1)).toBeCloseTo(1, 12)
})

test('what means nothing is refused', () => {
  expect(() => distributionCdf({ kind: 'normal', mean: 0, spread: 0 }, 1)).toThrow(
    'spread of a normal distribution is out of range, got 0',
  )
  expect(() => distributionTail({ kind: 'normal', mean: Infinity, spread: 1 }, 1)).toThrow(
    'mean of a normal distribution',
  )
  expect(() => distributionCdf({ kind: 'binomial', trials: 1.5, chance: 0.5 }, 1)).toThrow(
    'trials of a binomial distribution',
  )
  expect(() => distributionCdf({ kind: 'binomial', trials: 2, chance: 2 }, 1)).toThrow(
    'chance of a binomial distribution',
  )
  expect(() => distributionQuantile({ kind: 'student-t', freedom: Number.NaN }, 0.5)).toThrow(
    'freedom of a student-t distribution',
  )
  expect(() => distributionCdf({ kind: 'poisson', mean: 1 }, Number.NaN)).toThrow('value must be a number, got NaN')
  expect(() => distributionQuantile({ kind: 'poisson', mean: 1 }, 1.1)).toThrow('p must be 0 … 1, got 1.1')
  expect(() => noncentralTCdf(1, 0, 1)).toThrow('freedom above 0')
})
