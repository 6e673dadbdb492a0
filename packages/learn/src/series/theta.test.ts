import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withoutData } from '../../../../tooling/test-data.ts'
import { isSeasonal } from './decomposition.ts'
import { expectClearRefusals, fitted, readPassengers } from './forecast.contract.ts'
import { fitTheta, forecastTheta } from './theta.ts'
import { solveTheta } from './theta-line.ts'

test('what it cannot use', () => {
  expectClearRefusals('theta', fitTheta)
  expect(() => fitTheta([1, 2, 3, 4], { theta: 0.5 })).toThrow(
    'theta must be finite and at least 1, or optimised, got 0.5',
  )
  expect(() => fitTheta([1, 2, 3, 4], { season: 'additive' })).toThrow('must have a period of at least 2')
  expect(() => fitTheta([1, 0, 3, 4], { period: 2, season: 'multiplicative' })).toThrow('got 0 at position 1')
  expect(fitTheta([1, 2, 3, 4], { period: 3, season: 'additive' })).toMatchObject({ kind: 'too-short', needed: 6 })
})

test('a constant stays, and half of a line’s slope goes on', () => {
  const constant = forecastTheta(fitted(fitTheta([5, 5, 5, 5, 5])), { horizon: 3 })
  for (const value of [...constant.mean, ...constant.high]) expect(value).toBeCloseTo(5, 9)
  const line = Float64Array.from({ length: 40 }, (_, step) => 10 + 4 * step)
  const { mean } = forecastTheta(fitted(fitTheta(line)), { horizon: 6 })
  expect(mean[5]! - mean[4]!).toBeCloseTo(2, 1)
})

test('the solved level and share are where the squared error is least', () => {
  const random = seededRandom(4)
  const series = Float64Array.from({ length: 30 }, (_, step) => 20 + step + 4 * random.normal())
  const line = { intercept: 20, slope: 1 }
  const best = solveTheta(series, line, 0.3, undefined)
  for (const share of [0, best.lineShare - 0.01, best.lineShare + 0.01, 0.9]) {
    expect(solveTheta(series, line, 0.3, share).squares).toBeGreaterThanOrEqual(best.squares - 1e-9)
  }
})

test('a series times a factor has its forecast times that factor, missing values or not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: -300, max: 300 }), (seed, power) => {
      const random = seededRandom(seed)
      const series = Float64Array.from({ length: 36 }, (_, step) => 50 + 9 * Math.sin(step * 1.57) + random.normal())
      series[seed % 36] = Number.NaN
      const options = { period: 4, theta: 'optimised' } as const
      const plain = forecastTheta(fitted(fitTheta(series, options)), { horizon: 5 })
      const scaled = forecastTheta(
        fitted(
          fitTheta(
            series.map((value) => value * 2 ** power),
            options,
          ),
        ),
        { horizon: 5 },
      )
      for (const [step, high] of scaled.high.entries()) expect(high / 2 ** power).toBeCloseTo(plain.high[step]!, 8)
    }),
    { numRuns: 20 },
  )
})

test('seasons are found where they are', () => {
  const random = seededRandom(8)
  const noise = Float64Array.from({ length: 120 }, () => random.normal())
  expect(isSeasonal(noise, 7)).toBe(false)
  expect(
    isSeasonal(
      noise.map((value, step) => value + 2 * Math.sin((step * 2 * Math.PI) / 7)),
      7,
    ),
  ).toBe(true)
  expect(isSeasonal(new Float64Array(120).fill(3), 7)).toBe(false)
})

// Reference: R forecast 8.20, `thetaf`, in the data set's README: RMSE 71.3551. It smooths the series itself where the
// method, and we, smooth the bent line, so the two agree to the first digits only.
test.skipIf(withoutData)('two years of airline passengers about as R', () => {
  const passengers = readPassengers()
  const { mean } = forecastTheta(fitted(fitTheta(passengers.subarray(0, 120), { period: 12 })), { horizon: 24 })
  const squares = mean.reduce((sum, value, step) => sum + (value - passengers[120 + step]!) ** 2, 0)
  expect(Math.abs(Math.sqrt(squares / 24) - 71.3551)).toBeLessThan(1)
})
