import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitted } from './cdnow.contract.ts'
import {
  conditionalExpectedPurchases,
  customerLifetimeValue,
  fitGammaGamma,
  fitMbgNbd,
  lifetimeValueIntervals,
  type PurchaseModel,
  type ValueIntervals,
} from './index.ts'
import { simulateHistories } from './simulated.contract.ts'

const random = seededRandom(21)
const histories = simulateHistories('mbg-nbd', [0.8, 6, 0.9, 2.5], 1200, 52, 20)
const meanSpend = histories.frequency.map((x) => (x === 0 ? 0 : random.gamma(6 * x, 1) / (x * random.gamma(4, 1 / 15))))
const summaries = { ...histories, meanSpend }
const models = { purchases: fitted<PurchaseModel>(fitMbgNbd(histories)), spend: fitted(fitGammaGamma(summaries)) }
const terms = { periods: 12, periodLength: 4, margin: 0.3, discountRatePerPeriod: 0.01 }

test('without discount the value is margin × spend × purchases', () => {
  const found = customerLifetimeValue(models, summaries, { ...terms, discountRatePerPeriod: 0 })
  expect(found.purchases).toEqual(conditionalExpectedPurchases(models.purchases, histories, 48))
  for (const [row, value] of found.value.entries()) {
    expect(value).toBeCloseTo(0.3 * found.spend[row]! * found.purchases[row]!, 10)
  }
})

test('every period is discounted from its end', () => {
  const one = { ...terms, periods: 1, discountRatePerPeriod: 0.25 }
  const found = customerLifetimeValue(models, summaries, one)
  for (const [row, value] of found.value.entries()) {
    expect(value).toBeCloseTo((0.3 * found.spend[row]! * found.purchases[row]!) / 1.25, 10)
  }
  const sum = (rate: number): number =>
    customerLifetimeValue(models, summaries, { ...terms, discountRatePerPeriod: rate }).value.reduce((a, b) => a + b, 0)
  expect(sum(0.02)).toBeLessThan(sum(0.01))
})

// Two independent ways: the closed form at the estimates, and the average of drawn futures, which moves a little with
// the uncertainty of the parameters.
test('intervals lie around the expected value, and the same seed gives the same ones', () => {
  const options = { ...terms, seed: 5, draws: 200 }
  const found = lifetimeValueIntervals(models, summaries, options) as ValueIntervals
  const expected = customerLifetimeValue(models, summaries, terms).value.reduce((sum, value) => sum + value, 0)
  expect(found.kind).toBe('value-intervals')
  expect(found.total.lower).toBeLessThan(expected)
  expect(found.total.upper).toBeGreaterThan(expected)
  expect(found.total.mean / expected).toBeGreaterThan(0.9)
  expect(found.total.mean / expected).toBeLessThan(1.1)
  expect(found.lower.every((value, row) => value >= 0 && value <= found.upper[row]!)).toBe(true)
  expect(lifetimeValueIntervals(models, summaries, options)).toEqual(found)
  const other = lifetimeValueIntervals(models, summaries, { ...options, seed: 6 }) as ValueIntervals
  expect(other.total.mean).not.toBe(found.total.mean)
  // A customer's interval does not depend on who comes after.
  const alone = lifetimeValueIntervals(
    models,
    {
      frequency: summaries.frequency.slice(0, 3),
      recency: summaries.recency.slice(0, 3),
      age: summaries.age.slice(0, 3),
      meanSpend: meanSpend.slice(0, 3),
    },
    options,
  ) as ValueIntervals
  expect(alone.upper).toEqual(found.upper.slice(0, 3))
})

test('a flat likelihood gives a reason instead of intervals', () => {
  const flat = { ...models.purchases, logCovariance: new Float64Array(16).fill(Number.NaN) }
  expect(lifetimeValueIntervals({ ...models, purchases: flat }, summaries, { ...terms, seed: 1 })).toMatchObject({
    kind: 'unfitted',
    because: 'flat-likelihood',
  })
})

test('terms that mean nothing are refused', () => {
  const bad = (change: object) => () => customerLifetimeValue(models, summaries, { ...terms, ...change })
  expect(bad({ periods: 0 })).toThrow('periods must be a whole number from 1 to 10000, got 0')
  expect(bad({ margin: 0 })).toThrow('margin must be a share above 0 and at most 1, got 0')
  expect(bad({ margin: 30 })).toThrow('got 30')
  expect(bad({ discountRatePerPeriod: -0.1 })).toThrow('discount rate must be at least 0, got -0.1')
  expect(bad({ periodLength: 0 })).toThrow('a period must be longer than 0, got 0')
  expect(() => lifetimeValueIntervals(models, summaries, { ...terms, seed: 1, draws: 10 })).toThrow(
    'at least 100, got 10',
  )
})
