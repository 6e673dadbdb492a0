// Published figures of the CDNOW sample, in weeks: lifetimes' test_estimation.py, CLVTools' test_correctness_bgnbd.R,
// Fader, Hardie & Lee 2005, Fader & Hardie 2013 and the BTYD walkthrough; listed with their sources in the data set's
// README.
import { expect, test } from 'vitest'
import { withoutData } from '../../../../tooling/test-data.ts'
import { fitted, oneCustomer, readCdnow } from './cdnow.contract.ts'
import {
  conditionalExpectedPurchases,
  conditionalPurchaseCounts,
  expectedPurchases,
  expectedSpend,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  fitParetoNbd,
  probabilityAlive,
  purchaseCounts,
} from './index.ts'

/** Within half a unit of the last published digit. */
const toDigits = (value: number, published: number, digits: number): void =>
  expect(Math.abs(value / published - 1), `${value}, published ${published}`).toBeLessThan(0.5 * 10 ** (1 - digits))

test.skipIf(withoutData)('BG/NBD as published', () => {
  const model = fitted(fitBgNbd(readCdnow()))
  expect(model.converged).toBe(true)
  toDigits(model.parameters.r, 0.2425945, 5)
  toDigits(model.parameters.alpha, 4.4136019, 4)
  toDigits(model.parameters.a, 0.7929199, 4)
  toDigits(model.parameters.b, 2.4258881, 4)
  expect(model.logLikelihood).toBeCloseTo(-9582.429, 1)

  expect(conditionalExpectedPurchases(model, oneCustomer(2, 30.43, 38.86), 39)[0]).toBeCloseTo(1.226, 3)
  // Published for recency 30.86, which is 216 days; the last digit shows the difference.
  expect(probabilityAlive(model, oneCustomer(26, 216 / 7, 31))[0]).toBeCloseTo(0.96885, 4)
  const published = [
    [0.1429, 0.0078],
    [1, 0.0532],
    [3, 0.1506],
    [31.8571, 1.0405],
    [32, 1.0437],
    [78, 1.8576],
  ] as const
  for (const [horizon, purchases] of published) expect(expectedPurchases(model, horizon)).toBeCloseTo(purchases, 3)
})

test.skipIf(withoutData)('MBG/NBD as published', () => {
  const model = fitted(fitMbgNbd(readCdnow()))
  expect(model.converged).toBe(true)
  toDigits(model.parameters.r, 0.525, 3)
  toDigits(model.parameters.alpha, 6.183, 4)
  toDigits(model.parameters.a, 0.891, 3)
  toDigits(model.parameters.b, 1.614, 4)
})

test.skipIf(withoutData)('Pareto/NBD as published, with its standard errors', () => {
  const model = fitted(fitParetoNbd(readCdnow()))
  expect(model.converged).toBe(true)
  toDigits(model.parameters.r, 0.553, 3)
  toDigits(model.parameters.alpha, 10.578, 4)
  toDigits(model.parameters.s, 0.606, 3)
  toDigits(model.parameters.beta, 11.669, 4)
  expect(model.logLikelihood).toBeCloseTo(-9594.976, 1)
  toDigits(model.standardErrors.r, 0.0476264, 3)
  toDigits(model.standardErrors.alpha, 0.8427222, 3)
  toDigits(model.standardErrors.s, 0.1872594, 3)
  toDigits(model.standardErrors.beta, 6.2105448, 3)

  expect(conditionalExpectedPurchases(model, oneCustomer(26, 30.86, 31), 52)[0]).toBeCloseTo(25.46, 1)
  expect(probabilityAlive(model, oneCustomer(26, 30.86, 31))[0]).toBeCloseTo(0.9979, 4)
})

test.skipIf(withoutData)('Gamma-Gamma as published', () => {
  const { frequency, meanSpend } = readCdnow()
  const model = fitted(fitGammaGamma({ frequency, meanSpend }))
  expect(model.converged).toBe(true)
  expect(model.n).toBe(946)
  toDigits(model.parameters.p, 6.25, 3)
  toDigits(model.parameters.q, 3.74, 3)
  toDigits(model.parameters.v, 15.44, 3)
  expect(model.logLikelihood).toBeCloseTo(-4055.9177, 1)
  const { p, q, v } = model.parameters
  expect(expectedSpend(model, { frequency: Float64Array.of(0), meanSpend: Float64Array.of(0) })[0]).toBeCloseTo(
    (p * v) / (q - 1),
    10,
  )
})

test.skipIf(withoutData)('counts and expectations are two views of one distribution', () => {
  const data = readCdnow()
  const history = { frequency: 4, recency: 20, age: 30 }
  const mean = (counts: Float64Array): number => counts.reduce((sum, chance, count) => sum + count * chance, 0)
  const total = (counts: Float64Array): number => counts.reduce((sum, chance) => sum + chance, 0)
  for (const model of [fitBgNbd(data), fitMbgNbd(data), fitParetoNbd(data)].map(fitted)) {
    const counts = conditionalPurchaseCounts(model, history, 40, 300)
    expect(total(counts)).toBeCloseTo(1, 9)
    expect(mean(counts)).toBeCloseTo(conditionalExpectedPurchases(model, oneCustomer(4, 20, 30), 40)[0]!, 8)
    const ofNew = purchaseCounts(model, 39, 2000)
    expect(total(ofNew)).toBeCloseTo(1, 9)
    expect(mean(ofNew)).toBeCloseTo(expectedPurchases(model, 39), 7)
  }
})
