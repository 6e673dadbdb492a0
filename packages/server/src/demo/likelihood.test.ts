import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { dirichletMultinomial, gammaPoisson, lifeLikelihood, logGamma } from './likelihood.ts'
import { expectedOrders } from './population.ts'
import { fashion } from './scenarios/fashion.ts'

test('logGamma: factorials, a half, and a large value', () => {
  expect(logGamma(1)).toBeCloseTo(0, 10)
  expect(logGamma(6)).toBeCloseTo(Math.log(120), 10)
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 9)
  // Stirling's series by hand to 1e-12 at 1000.
  expect(logGamma(1000)).toBeCloseTo(5905.220423209181, 8)
})

// With weights 1 and 1 and concentration 2 every split of n is equally likely, 1 / (n + 1), orders of it apart.
test('a flat Dirichlet gives every split the same chance', () => {
  const choose = [1, 4, 6, 4, 1]
  choose.forEach((ways, first) => {
    expect(ways * Math.exp(dirichletMultinomial([1, 1], 2, [first, 4 - first]))).toBeCloseTo(1 / 5, 10)
  })
  expect(dirichletMultinomial([3, 1], Infinity, [2, 1])).toBeCloseTo(Math.log(0.75 * 0.75 * 0.25), 12)
})

// A gamma of shape 1 mixes Poissons to a geometric law: P(0 events) = rate / (rate + exposure).
test('a gamma-mixed Poisson of shape 1 is geometric', () => {
  expect(Math.exp(gammaPoisson(1, 0.5, 3, 0))).toBeCloseTo(2 / 5, 12)
})

// Two ways: Bayes' rule, and simply making customers and keeping those with that history.
test('the chance to be alive and the orders to come are those of simulated customers with that history', () => {
  const type = fashion.types[0]!
  const random = seededRandom(5)
  const { mean, concentration } = type.dropout
  const age = 300
  const ahead = 200
  let kept = 0
  let alive = 0
  let orders = 0
  for (let customer = 0; customer < 200_000; customer += 1) {
    const rate = random.gamma(type.ordersPerYear.shape, type.ordersPerYear.mean / type.ordersPerYear.shape) / 365
    const dropout = random.beta(mean * concentration, (1 - mean) * concentration)
    let at = 0
    let last = 0
    let repeats = 0
    let isAlive = random.uniform() >= dropout
    while (isAlive) {
      at += random.exponential(rate)
      if (at > age) break
      last = at
      repeats += 1
      isAlive = random.uniform() >= dropout
    }
    if (repeats !== 2 || last < 100 || last > 140) continue
    kept += 1
    alive += Number(isAlive)
    orders += isAlive ? expectedOrders(rate, dropout, ahead) : 0
  }
  const posterior = lifeLikelihood(type, { repeats: 2, recency: 120, age }, ahead)
  expect(kept).toBeGreaterThan(1500)
  // Four standard errors of a share of that many.
  expect(Math.abs(posterior.alive - alive / kept)).toBeLessThan(4 * Math.sqrt(0.25 / kept) + 0.01)
  expect(posterior.expectedOrders / (orders / kept)).toBeGreaterThan(0.9)
  expect(posterior.expectedOrders / (orders / kept)).toBeLessThan(1.1)
})
