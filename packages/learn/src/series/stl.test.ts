import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findAnomalies } from './anomaly-bands.ts'
import { expectClearRefusals, fitted } from './forecast.contract.ts'
import { decomposeStl } from './stl.ts'

const week = [4, -1, 0, 2, 6, -5, -6]

function days(seed: number, n: number): Float64Array {
  const random = seededRandom(seed)
  return Float64Array.from({ length: n }, (_, day) => 40 + day / 20 + week[day % 7]! + random.normal())
}

test('what it cannot use', () => {
  expectClearRefusals('stl', (values) => decomposeStl(values, { period: 2 }))
  expectClearRefusals('anomaly-bands', findAnomalies)
  const values = days(1, 30)
  expect(() => decomposeStl(values, { period: 1 })).toThrow('period must be at least 2, got 1')
  expect(() => decomposeStl(values, { period: 7, seasonalWindow: 4 })).toThrow('odd whole number of at least 3, got 4')
  expect(() => decomposeStl(values, { period: 7, trendWindow: 7 })).toThrow('at least 8, got 7')
  expect(() => findAnomalies(values, { confidence: 0 })).toThrow('confidence must be')
  expect(findAnomalies(values.subarray(0, 12), { period: 7 })).toMatchObject({ kind: 'too-short', needed: 14 })
})

test('the parts add up, and a line with exact seasons is taken apart exactly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.boolean(), (seed, robust) => {
      const values = days(seed, 60)
      const { season, trend, remainder } = fitted(decomposeStl(values, { period: 7, robust }))
      for (const [at, value] of values.entries()) {
        expect(season[at]! + trend[at]! + remainder[at]!).toBeCloseTo(value, 10)
      }
    }),
    { numRuns: 20 },
  )
  const exact = Float64Array.from({ length: 70 }, (_, day) => 3 * day + week[day % 7]!)
  const { season, remainder } = fitted(decomposeStl(exact, { period: 7 }))
  for (const [at, value] of season.entries()) {
    expect(value).toBeCloseTo(week[at % 7]!, 6)
    expect(remainder[at]).toBeCloseTo(0, 6)
  }
})

test('missing values have no say', () => {
  const values = days(2, 80)
  const gaps = values.map((value, day) => (day === 0 || day === 79 || day % 13 === 5 ? Number.NaN : value))
  const found = fitted(decomposeStl(gaps, { period: 7, robust: true }))
  expect([...found.season, ...found.trend].every(Number.isFinite)).toBe(true)
  expect(found.weights[5]).toBe(0)
  expect(found.remainder[5]).toBeNaN()
  expect(found.season[5]! + found.trend[5]!).toBeCloseTo(values[5]!, -1)
})

test('planted odd days are found, with and without seasons, and missing ones are not judged', () => {
  const values = days(3, 140)
  values[50]! += 12
  values[101]! -= 9
  values[20] = Number.NaN
  const bands = fitted(findAnomalies(values, { period: 7, confidence: 0.99999 }))
  expect([...bands.anomalies]).toEqual([50, 101])
  const random = seededRandom(4)
  const plain = Float64Array.from({ length: 100 }, (_, step) => 10 + step / 10 + random.normal())
  plain[30] = 25
  expect([...fitted(findAnomalies(plain, { confidence: 0.99999 })).anomalies]).toEqual([30])
  expect(fitted(findAnomalies(new Float64Array(20).fill(7))).anomalies).toHaveLength(0)
})

test('ordinary values leave their bands about as often as said', () => {
  const shares = Array.from({ length: 20 }, (_, seed) => {
    const { anomalies } = fitted(findAnomalies(days(seed + 10, 140), { period: 7, confidence: 0.95 }))
    return anomalies.length / 140
  })
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  // 0.05 is said. The width varies with the series, so further out the share is larger than said: 0.018 at 0.99.
  expect(mean).toBeGreaterThan(0.03)
  expect(mean).toBeLessThan(0.07)
})
