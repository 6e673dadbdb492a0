import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitted, oneCustomer } from './cdnow.contract.ts'
import {
  conditionalExpectedPurchases,
  conditionalPurchaseCounts,
  expectedPurchases,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  fitParetoNbd,
  probabilityAlive,
  purchaseCountIntervals,
  spendIndependence,
} from './index.ts'
import { simulateHistories } from './simulated.contract.ts'

const tenBuyers = (frequency: number, recency: number, age: number) => ({
  frequency: new Float64Array(12).fill(frequency),
  recency: new Float64Array(12).fill(recency),
  age: new Float64Array(12).fill(age),
})

test.each([
  ['recency above age', tenBuyers(1, 30, 20), 'recency must be from 0 to the age, 20, got 30 at row 0'],
  ['negative frequency', tenBuyers(-1, 0, 20), 'frequency must be a whole number ≥ 0, got -1 at row 0'],
  ['half a purchase', tenBuyers(0.5, 1, 20), 'frequency must be a whole number ≥ 0, got 0.5 at row 0'],
  ['negative recency', tenBuyers(2, -1, 20), 'recency must be from 0 to the age, 20, got -1 at row 0'],
  ['no repeat but recency', tenBuyers(0, 3, 20), 'recency must be 0 where frequency is 0, got frequency 0, recency 3'],
  ['repeat but no recency', tenBuyers(2, 0, 20), 'recency must be above 0 where frequency is, got frequency 2'],
  ['missing age', tenBuyers(0, 0, Number.NaN), 'age must be a finite number ≥ 0, got NaN at row 0'],
  ['no customers', { frequency: new Float64Array(0), recency: new Float64Array(0), age: new Float64Array(0) }, 'got 0'],
  [
    'weights of 0',
    { ...tenBuyers(1, 2, 3), weights: new Float64Array(12) },
    'weights must be finite and above 0, got 0 at row 0',
  ],
])('%s is refused', (_name, summaries, message) => {
  for (const fit of [fitBgNbd, fitMbgNbd, fitParetoNbd]) expect(() => fit(summaries)).toThrow(message)
})

test('too little to learn from is a result with a reason', () => {
  for (const fit of [fitBgNbd, fitMbgNbd, fitParetoNbd]) {
    expect(fit(tenBuyers(0, 0, 30))).toMatchObject({ kind: 'unfitted', because: 'one-time-buyers' })
    expect(fit(oneCustomer(3, 2, 30))).toMatchObject({ kind: 'unfitted', because: 'too-few-repeat-buyers' })
  }
  const nobody = { frequency: new Float64Array(20), meanSpend: new Float64Array(20) }
  expect(fitGammaGamma(nobody)).toMatchObject({ kind: 'unfitted', because: 'too-few-repeat-buyers' })
  const equal = { frequency: new Float64Array(20).fill(2), meanSpend: new Float64Array(20).fill(9.99) }
  expect(fitGammaGamma(equal)).toMatchObject({ kind: 'unfitted', because: 'equal-spend' })
  expect(spendIndependence(equal)).toMatchObject({ kind: 'unknown', because: 'no-spread' })
  expect(spendIndependence(nobody)).toMatchObject({ kind: 'unknown', because: 'too-few-repeat-buyers' })
})

test('spend that cannot be is refused', () => {
  const spend = { frequency: Float64Array.of(1, 2), meanSpend: Float64Array.of(10, -3) }
  expect(() => fitGammaGamma(spend)).toThrow('mean spend must be above 0 where there are purchases, got -3 at row 1')
  expect(() => fitGammaGamma({ frequency: Float64Array.of(1), meanSpend: new Float64Array(0) })).toThrow('equal length')
})

test('work can be stopped and tells how far it is', () => {
  const histories = simulateHistories('bg-nbd', [0.8, 6, 0.9, 2.5], 500, 52, 1)
  expect(() => fitBgNbd(histories, {}, { signal: AbortSignal.abort() })).toThrow('stopped before')
  const seen: number[] = []
  fitBgNbd(histories, {}, { onProgress: ({ done }) => seen.push(done) })
  expect(seen).toEqual([1, 2, 3, 4])
})

test('options and horizons are checked at the door', () => {
  const histories = simulateHistories('bg-nbd', [0.8, 6, 0.9, 2.5], 500, 52, 1)
  expect(() => fitBgNbd(histories, { penalty: -1 })).toThrow('penalty must be a finite number ≥ 0, got -1')
  const model = fitted(fitBgNbd(histories))
  expect(() => expectedPurchases(model, -1)).toThrow('horizon must be a finite number ≥ 0, got -1')
  expect(() => purchaseCountIntervals(model, histories, 3, 1)).toThrow('level must be a fraction between 0 and 1')
  expect(() => conditionalPurchaseCounts(model, { frequency: 0, recency: 0, age: 1 }, 3, 1.5)).toThrow('whole number')
})

test('the same data give the same bytes', () => {
  const histories = simulateHistories('pareto-nbd', [0.8, 6, 0.9, 12], 800, 52, 2)
  for (const fit of [fitBgNbd, fitMbgNbd, fitParetoNbd]) expect(fit(histories)).toEqual(fit(histories))
})

// Of 4,000 customers whose future is drawn from the model, at least 90 % must buy within their 90 % interval.
test('intervals of the count hold what happens', () => {
  const truth = [0.8, 6, 0.9, 2.5] as const
  const all = simulateHistories('mbg-nbd', truth, 6000, 52, 3)
  const model = fitted(fitMbgNbd(all))
  const random = seededRandom(8)
  const { lower, upper } = purchaseCountIntervals(model, all, 20, 0.9)
  const alive = probabilityAlive(model, all)
  let within = 0
  for (let row = 0; row < 4000; row += 1) {
    const x = all.frequency[row]!
    const rate = random.gamma(model.parameters.r + x, 1 / (model.parameters.alpha + all.age[row]!))
    const chance = random.beta(model.parameters.a, model.parameters.b + x + 1)
    let count = 0
    let at = random.uniform() < alive[row]! ? random.exponential(rate) : Infinity
    while (at <= 20) {
      count += 1
      at = random.uniform() < chance ? Infinity : at + random.exponential(rate)
    }
    within += count >= lower[row]! && count <= upper[row]! ? 1 : 0
  }
  expect(within / 4000).toBeGreaterThan(0.89)
  expect(conditionalExpectedPurchases(model, all, 20).reduce((sum, value) => sum + value, 0)).toBeGreaterThan(100)
})
