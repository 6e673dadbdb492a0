import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitted } from './cdnow.contract.ts'
import {
  conditionalExpectedPurchases,
  expectedSpend,
  fitBgNbd,
  fitGammaGamma,
  fitMbgNbd,
  fitParetoNbd,
  type PurchaseModel,
} from './index.ts'
import { simulateHistories } from './simulated.contract.ts'

// 8,000 customers drawn from the model itself: the truth must lie within four standard errors of every estimate.
test.each([
  ['bg-nbd', fitBgNbd, [0.8, 6, 0.9, 2.5]],
  ['mbg-nbd', fitMbgNbd, [0.8, 6, 0.9, 2.5]],
  ['pareto-nbd', fitParetoNbd, [0.8, 6, 0.9, 12]],
] as const)('a simulated data set gives the parameters of %s back', (kind, fit, truth) => {
  for (const seed of [1, 2, 3]) {
    const model = fitted<PurchaseModel>(fit(simulateHistories(kind, truth, 8000, 52, seed)))
    expect(model.converged).toBe(true)
    const [found, errors] = [Object.values(model.parameters), Object.values(model.standardErrors)]
    for (const [at, value] of truth.entries()) {
      expect(errors[at]).toBeGreaterThan(0)
      expect(Math.abs(found[at]! - value) / errors[at]!, `${kind} ${at}: ${found[at]}`).toBeLessThan(4)
    }
  }
})

test('very large frequencies and ages, and one huge order, break nothing', () => {
  const histories = simulateHistories('bg-nbd', [0.8, 6, 0.9, 2.5], 3000, 5000, 4)
  histories.frequency.set([2000, 2000, 1])
  histories.recency.set([4999, 40, 0.001])
  histories.age.set([5000, 5000, 5000])
  for (const fit of [fitBgNbd, fitMbgNbd, fitParetoNbd]) {
    const model = fitted<PurchaseModel>(fit(histories))
    expect(model.converged).toBe(true)
    const expected = conditionalExpectedPurchases(model, histories, 3650)
    expect(expected.every((value) => value >= 0 && value < 1e6)).toBe(true)
    expect(expected[0]).toBeGreaterThan(100)
    expect(expected[1]).toBeLessThan(1e-6)
  }
  const frequency = histories.frequency.map((x) => Math.min(x, 50) + 1)
  const random = seededRandom(6)
  const meanSpend = frequency.map((x) => random.gamma(6 * x, 1) / (x * random.gamma(4, 1 / 15)))
  meanSpend[7] = 1e9
  const model = fitted(fitGammaGamma({ frequency, meanSpend }))
  expect(model.converged).toBe(true)
  const spend = expectedSpend(model, { frequency, meanSpend })
  expect(spend.every((value) => value > 0 && value <= 1e9)).toBe(true)
})

// 200,000 customers of whom most bought once, in whole days so that equal rows are many, as in a real shop.
test.each([
  ['BG/NBD', fitBgNbd, 'bg-nbd'],
  ['MBG/NBD', fitMbgNbd, 'mbg-nbd'],
  ['Pareto/NBD', fitParetoNbd, 'pareto-nbd'],
] as const)('%s of 200,000 customers of whom most bought once', (_name, fit, kind) => {
  const histories = simulateHistories(
    kind,
    kind === 'pareto-nbd' ? [0.05, 40, 1, 200] : [0.05, 40, 1, 1.5],
    200_000,
    100,
    7,
  )
  const days = (weeks: Float64Array): Float64Array => weeks.map((time) => Math.ceil(time * 7))
  const summaries = { frequency: histories.frequency, recency: days(histories.recency), age: days(histories.age) }
  const oneTime = histories.frequency.reduce((count, x) => count + (x === 0 ? 1 : 0), 0) / 200_000
  expect(oneTime).toBeGreaterThan(0.93)
  const model = fitted<PurchaseModel>(fit(summaries))
  expect(model.converged).toBe(true)
  expect(model.parameters.r).toBeGreaterThan(0.04)
  expect(model.parameters.r).toBeLessThan(0.065)
  expect(conditionalExpectedPurchases(model, summaries, 90).every((value) => value >= 0)).toBe(true)
})
