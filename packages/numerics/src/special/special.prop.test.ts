import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  betaQuantile,
  digamma,
  gammaQuantile,
  logGamma,
  normalCdf,
  normalQuantile,
  regularisedBeta,
  regularisedGamma,
  trigamma,
} from './index.ts'

const positive = fc.double({ min: -4, max: 5, noNaN: true }).map((power) => 10 ** power)
const share = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })

test('log Γ(x + 1) = log Γ(x) + log x', () => {
  fc.assert(
    fc.property(positive, (x) => {
      const scale = Math.max(1, Math.abs(logGamma(x + 1)))
      expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x)) / scale).toBeLessThan(1e-14)
    }),
  )
})

test('ψ and ψ′ obey their recurrences', () => {
  fc.assert(
    fc.property(positive, (x) => {
      expect(Math.abs(digamma(x + 1) - digamma(x) - 1 / x)).toBeLessThan(1e-14 * Math.max(10, 1 / x))
      expect(Math.abs(trigamma(x + 1) - trigamma(x) + 1 / (x * x))).toBeLessThan(1e-14 * Math.max(1, 1 / (x * x)))
    }),
  )
})

test('a quantile undoes its distribution', () => {
  fc.assert(
    fc.property(share, positive, positive, (p, a, b) => {
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 13)
      const gamma = gammaQuantile(p, a)
      // Where a is tiny most of the quantiles lie below the smallest number there is.
      if (gamma > 1e-290) expect(regularisedGamma(a, gamma)).toBeCloseTo(p, 10)
      const beta = betaQuantile(p, a, b)
      if (beta > 1e-290 && beta < 1 - 1e-6) expect(regularisedBeta(beta, a, b)).toBeCloseTo(p, 9)
    }),
  )
})

test('the incomplete functions rise with x and mirror', () => {
  fc.assert(
    fc.property(share, share, positive, positive, (x, y, a, b) => {
      const [low, high] = x < y ? [x, y] : [y, x]
      expect(regularisedBeta(high, a, b)).toBeGreaterThanOrEqual(regularisedBeta(low, a, b) - 1e-12)
      expect(regularisedBeta(x, a, b)).toBeCloseTo(1 - regularisedBeta(1 - x, b, a, x), 10)
      expect(regularisedGamma(a, 2 * a * high)).toBeGreaterThanOrEqual(regularisedGamma(a, 2 * a * low) - 1e-12)
    }),
  )
})
