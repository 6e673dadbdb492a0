import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ArimaOptions, fitArima } from './arima.ts'
import { forecastArima } from './arima-forecast.ts'
import { runArma } from './arma-likelihood.ts'
import { stationary } from './arma-polynomials.ts'
import { expectClearRefusals, fitted } from './forecast.contract.ts'

const walk: ArimaOptions = { order: { autoregressive: 0, differences: 1, movingAverage: 0 } }
const mixed: ArimaOptions = { order: { autoregressive: 1, differences: 0, movingAverage: 1 } }

/** w_t = 3 + 0.6 (w_{t−1} − 3) + e_t + 0.3 e_{t−1} */
function drawn(seed: number, n: number): Float64Array {
  const random = seededRandom(seed)
  let [value, before] = [0, 0]
  return Float64Array.from({ length: n }, () => {
    const error = random.normal()
    value = 0.6 * value + error + 0.3 * before
    before = error
    return 3 + value
  })
}

test('what it cannot use', () => {
  expectClearRefusals('arima', (values) => fitArima(values, walk))
  expect(() => fitArima([1, Number.NaN, 3], walk)).toThrow('got NaN at position 1')
  expect(() => fitArima([1, 2, 3], { order: { ...walk.order, movingAverage: -1 } })).toThrow('movingAverage must be')
  expect(() => fitArima([1, 2, 3], { order: { ...walk.order, seasonalDifferences: 1 } })).toThrow(
    'must be 0 with a period',
  )
  expect(fitArima([1, 2, 3, 4, 5], mixed)).toMatchObject({ kind: 'too-short', needed: 7 })
  const signal = AbortSignal.abort()
  expect(() => fitArima(drawn(1, 30), mixed, { signal })).toThrow('stopped before')
})

test('a random walk stays where it is, a drift goes on, and bounds grow with the root of time', () => {
  const values = [1, 3, 2, 4, 7, 6, 9]
  const { mean, high } = forecastArima(fitted(fitArima(values, walk)), { horizon: 4 })
  expect([...mean]).toEqual([9, 9, 9, 9])
  expect((high[3]! - 9) / (high[0]! - 9)).toBeCloseTo(2, 12)
  const drift = forecastArima(fitted(fitArima(values, { ...walk, constant: true })), { horizon: 2 })
  expect(drift.mean[1]).toBeCloseTo(9 + (2 * 8) / 6, 10)
  const line = forecastArima(fitted(fitArima([2, 4, 6, 8, 10, 12], { ...walk, constant: true })), { horizon: 2 })
  expect(line.mean[1]).toBeCloseTo(16, 9)
  expect(line.high[1]! - line.low[1]!).toBeLessThan(1e-9)
})

test('planted coefficients are found within three standard errors, in any unit', () => {
  const values = drawn(5, 500)
  const model = fitted(fitArima(values, mixed))
  expect(Math.abs(model.autoregressive[0]! - 0.6)).toBeLessThan(3 * model.standardErrors[0]!)
  expect(Math.abs(model.movingAverage[0]! - 0.3)).toBeLessThan(3 * model.standardErrors[1]!)
  expect(model.mean).toBeCloseTo(3, 0)
  const other = fitted(
    fitArima(
      values.map((value) => value * 2 ** 500),
      mixed,
    ),
  )
  expect(other.autoregressive[0]).toBeCloseTo(model.autoregressive[0]!, 6)
  expect(other.sigma / 2 ** 500).toBeCloseTo(model.sigma, 6)
})

test('any numbers make a stationary autoregression', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 5 }), (free) => {
      const coefficients = stationary(Float64Array.from(free))
      // What it started from dies away.
      const values = [1, 1, 1, 1, 1]
      for (let step = 0; step < 20_000; step += 1) {
        values.unshift(coefficients.reduce((sum, coefficient, lag) => sum + coefficient * values[lag]!, 0))
        values.length = 5
      }
      expect(Math.abs(values[0]!)).toBeLessThan(1e-3)
    }),
    { numRuns: 30 },
  )
})

// Two independent ways: the filter against the joint normal density by its covariances, for MA(1) written out by hand.
test('the likelihood of three values of MA(1) as by their covariance', () => {
  const [theta, [a, b, c]] = [0.4, [1.2, -0.3, 0.8] as const]
  const [own, beside] = [1 + theta * theta, theta]
  const determinant = own ** 3 - 2 * own * beside ** 2
  const quadratic =
    ((own ** 2 - beside ** 2) * (a * a + c * c) +
      own ** 2 * b * b -
      2 * own * beside * (a * b + b * c) +
      2 * beside ** 2 * a * c) /
    determinant
  const run = runArma(Float64Array.of(a, b, c), new Float64Array(0), Float64Array.of(theta), false)!
  expect(run.squares).toBeCloseTo(quadratic, 12)
  expect(run.logVariances).toBeCloseTo(Math.log(determinant), 12)
})

test('is never less likely than the coefficients that a series was drawn with', () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const random = seededRandom(seed)
    const errors = Float64Array.from({ length: 83 }, () => random.normal())
    // w_t = 0.6 w_{t−1} + e_t − 0.93 e_{t−1}: the two nearly cancel, and the likelihood has a smaller peak where they do.
    const steps = new Float64Array(83)
    for (let at = 1; at < 83; at += 1) steps[at] = 0.6 * steps[at - 1]! + errors[at]! - 0.93 * errors[at - 1]!
    let level = 100
    const values = [level, ...steps.map((step) => (level += step))]
    const model = fitted(
      fitArima(values, { order: { autoregressive: 1, differences: 1, movingAverage: 1 }, constant: false }),
    )
    const drawn = runArma(steps, Float64Array.of(0.6), Float64Array.of(-0.93), false)!
    const likelihood = -(83 / 2) * (Math.log(drawn.squares / 83) + 1 + Math.log(2 * Math.PI)) - drawn.logVariances / 2
    expect(model.logLikelihood, `seed ${seed}`).toBeGreaterThan(likelihood - 1e-6)
  }
})
