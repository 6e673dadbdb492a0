import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { betaGeometricLikelihood } from './beta-geometric-likelihood.ts'
import { fitted, oneCustomer } from './cdnow.contract.ts'
import { gammaGammaLikelihood } from './gamma-gamma.ts'
import {
  conditionalExpectedPurchases,
  conditionalPurchaseCounts,
  expectedPurchases,
  fitBgNbd,
  fitGammaGamma,
  type PurchaseModel,
  probabilityAlive,
} from './index.ts'
import type { LogLikelihood } from './maximum-likelihood.ts'
import { paretoLikelihood } from './pareto-nbd.ts'
import { simulateHistories } from './simulated.contract.ts'
import { groupSummaries } from './summaries.ts'

const positive = (min: number, max: number) =>
  fc.double({ min: Math.log10(min), max: Math.log10(max), noNaN: true }).map((power) => 10 ** power)
const parameters = fc.tuple(positive(0.02, 50), positive(0.05, 1000), positive(0.02, 50), positive(0.02, 50))
const kinds = ['bg-nbd', 'mbg-nbd', 'pareto-nbd'] as const

/** A model with given parameters; Pareto/NBD takes its dropout rate where the others take a share. */
function modelOf(kind: (typeof kinds)[number], values: readonly [number, number, number, number]): PurchaseModel {
  const [first, second, third, fourth] = values
  const rest = { logCovariance: new Float64Array(16), logLikelihood: 0, converged: true, n: 1 }
  if (kind === 'pareto-nbd') {
    const named = { r: first, alpha: second, s: third, beta: fourth * 20 }
    return { kind, parameters: named, standardErrors: named, ...rest }
  }
  const named = { r: first, alpha: second, a: third, b: fourth }
  return { kind, parameters: named, standardErrors: named, ...rest }
}
const models = fc.tuple(fc.constantFrom(...kinds), parameters).map(([kind, values]) => modelOf(kind, values))
const histories = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.double({ min: 0.01, max: 1, noNaN: true }), positive(0.1, 5000))
  .map(([frequency, share, age]) => ({ frequency, recency: frequency === 0 ? 0 : share * age, age }))

test('expected purchases never fall as the horizon grows, and no horizon gives none', () => {
  fc.assert(
    fc.property(models, histories, positive(0.01, 2000), positive(1, 10), (model, history, horizon, factor) => {
      const customer = oneCustomer(history.frequency, history.recency, history.age)
      const sooner = conditionalExpectedPurchases(model, customer, horizon)[0]!
      const later = conditionalExpectedPurchases(model, customer, horizon * factor)[0]!
      expect(later).toBeGreaterThanOrEqual(sooner * (1 - 1e-10))
      expect(expectedPurchases(model, horizon * factor)).toBeGreaterThanOrEqual(
        expectedPurchases(model, horizon) * (1 - 1e-10),
      )
      expect(conditionalExpectedPurchases(model, customer, 0)[0]).toBe(0)
      // Nobody buys more than if they never dropped out.
      const values = model.parameters
      const rate = (values.r + history.frequency) / (values.alpha + history.age)
      expect(later).toBeLessThanOrEqual(rate * horizon * factor * (1 + 1e-9))
      expect(Number.isFinite(later)).toBe(true)
    }),
  )
})

test('the probability to be alive lies in [0, 1] and falls as silence grows', () => {
  fc.assert(
    fc.property(models, histories, positive(1.001, 3), (model, { frequency, recency, age }, factor) => {
      const now = probabilityAlive(model, oneCustomer(frequency, recency, age))[0]!
      const later = probabilityAlive(model, oneCustomer(frequency, recency, age * factor))[0]!
      expect(now).toBeGreaterThanOrEqual(0)
      expect(now).toBeLessThanOrEqual(1)
      expect(later).toBeLessThanOrEqual(now + 1e-12)
    }),
  )
})

test('counts are a distribution with the expected purchases as its mean', () => {
  const moderate = fc.tuple(positive(0.1, 5), positive(5, 50), positive(0.1, 5), positive(0.1, 5))
  fc.assert(
    fc.property(fc.constantFrom(...kinds), moderate, fc.integer({ min: 0, max: 8 }), (kind, values, frequency) => {
      const model = modelOf(kind, values)
      const history = { frequency, recency: frequency === 0 ? 0 : 12, age: 20 }
      const counts = conditionalPurchaseCounts(model, history, 10, 600)
      const mean = counts.reduce((sum, chance, count) => sum + chance * count, 0)
      const expected = conditionalExpectedPurchases(model, oneCustomer(frequency, history.recency, 20), 10)[0]!
      expect(counts.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 8)
      expect(Math.abs(mean - expected)).toBeLessThan(1e-7 * Math.max(1, expected))
    }),
    { numRuns: 40 },
  )
})

/** Largest difference of an analytic gradient from a central difference, relative to the gradient's size. */
function gradientError(logLikelihood: LogLikelihood, at: readonly number[]): number {
  const point = Float64Array.from(at)
  const gradient = new Float64Array(point.length)
  const unused = new Float64Array(point.length)
  const level = Math.abs(logLikelihood(point, gradient))
  const numeric = point.map((value, axis) => {
    const step = 1e-5 * value
    const valueAt = (moved: number): number =>
      logLikelihood(
        point.map((p, other) => (other === axis ? moved : p)),
        unused,
      )
    return (valueAt(value + step) - valueAt(value - step)) / (2 * step)
  })
  // In units of the parameter, so that large and small ones count alike; rounding of the level is all that may differ.
  return (
    Math.max(...numeric.map((slope, axis) => Math.abs(slope - gradient[axis]!) * point[axis]!)) / Math.max(1, level)
  )
}

// A central difference is itself off by its step squared times the third slope, which reaches 1e-7 at the edges.
const numericError = 1e-6

test('analytic gradients equal numeric ones', () => {
  const rows = fc.array(histories, { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(parameters, rows, (values, list) => {
      const groups = groupSummaries({
        frequency: Float64Array.from(list, ({ frequency }) => frequency),
        recency: Float64Array.from(list, ({ recency }) => recency),
        age: Float64Array.from(list, ({ age }) => age),
      })
      expect(gradientError(betaGeometricLikelihood(groups, 0), values)).toBeLessThan(numericError)
      expect(gradientError(betaGeometricLikelihood(groups, 1), values)).toBeLessThan(numericError)
      expect(gradientError(paretoLikelihood(groups), values)).toBeLessThan(numericError)
      const spend = {
        count: groups.frequency.map((x) => x + 1),
        meanSpend: groups.age,
        weights: groups.weights,
      }
      expect(gradientError(gammaGammaLikelihood(spend), values.slice(0, 3))).toBeLessThan(numericError)
    }),
  )
})

test('a simulated data set gives the parameters of Gamma-Gamma back', () => {
  const [p, q, v] = [6, 4, 15]
  const random = seededRandom(5)
  const frequency = Float64Array.from({ length: 8000 }, () => 1 + random.poisson(2))
  const meanSpend = frequency.map((x) => random.gamma(p * x, 1) / (x * random.gamma(q, 1 / v)))
  const model = fitted(fitGammaGamma({ frequency, meanSpend }))
  const { parameters: found, standardErrors: errors } = model
  expect(Math.abs(found.p - p) / errors.p).toBeLessThan(4)
  expect(Math.abs(found.q - q) / errors.q).toBeLessThan(4)
  expect(Math.abs(found.v - v) / errors.v).toBeLessThan(4)
})

test('weights count as that many customers, and the unit of time only scales the rate', () => {
  const histories = simulateHistories('bg-nbd', [0.8, 6, 0.9, 2.5], 1500, 52, 9)
  const model = fitted(fitBgNbd(histories))
  const doubled = fitted(fitBgNbd({ ...histories, weights: new Float64Array(1500).fill(2) }))
  expect(doubled.n).toBe(3000)
  expect(doubled.parameters.a).toBeCloseTo(model.parameters.a, 5)
  expect(doubled.standardErrors.a).toBeCloseTo(model.standardErrors.a / Math.SQRT2, 5)
  const days = fitted(
    fitBgNbd({ ...histories, recency: histories.recency.map((t) => t * 7), age: histories.age.map((t) => t * 7) }),
  )
  expect(days.parameters.alpha / 7).toBeCloseTo(model.parameters.alpha, 4)
  expect(days.parameters.b).toBeCloseTo(model.parameters.b, 4)
})
