import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { estimateMean } from './ranking-interval.ts'

test('the normal interval is the textbook one', () => {
  // mean 2.5, sample variance 5/3, standard error √(5/12), z = 1.959964
  const { mean, low, high } = estimateMean(Float64Array.of(1, 2, 3, 4))
  expect(mean).toBe(2.5)
  expect(high - mean).toBeCloseTo(1.959963984540054 * Math.sqrt(5 / 12), 10)
  expect(mean - low).toBeCloseTo(high - mean, 12)
})

test('both intervals hold the true mean about as often as they say', () => {
  const random = seededRandom(2)
  const held = { normal: 0, bootstrap: 0 }
  for (let sample = 0; sample < 400; sample += 1) {
    const values = Float64Array.from({ length: 60 }, () => (random.uniform() < 0.3 ? 1 : 0))
    for (const interval of ['normal', 'bootstrap'] as const) {
      const { low, high } = estimateMean(values, { interval, resamples: 200, seed: sample })
      if (low <= 0.3 && 0.3 <= high) held[interval] += 1
    }
  }
  // 400 samples at 95 %: five standard errors are 5.4 points.
  expect(held.normal / 400).toBeGreaterThan(0.89)
  expect(held.bootstrap / 400).toBeGreaterThan(0.89)
  expect(held.bootstrap / 400).toBeLessThan(0.995)
})

test('a single user has no interval, and a level outside (0, 1) is refused', () => {
  expect(estimateMean(Float64Array.of(0.5))).toEqual({ mean: 0.5, low: NaN, high: NaN })
  expect(() => estimateMean(Float64Array.of(1, 2), { level: 1 })).toThrow('level must be between 0 and 1, got 1')
})
