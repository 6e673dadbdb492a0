import { expect, test } from 'vitest'
import {
  betaQuantile,
  erf,
  gammaQuantile,
  gaussLegendre,
  log1mExp,
  logAddExp,
  logBeta,
  logGamma,
  logHypergeometric,
  logIntegral,
  logSumExp,
  normalCdf,
  normalQuantile,
  regularisedBeta,
  regularisedGamma,
  stirlingError,
  studentTCdf,
} from './index.ts'

test('outside of the domain is NaN, not a number that looks right', () => {
  for (const value of [
    logGamma(0),
    logGamma(-1.5),
    logBeta(0, 1),
    normalQuantile(-0.1),
    normalQuantile(1.1),
    regularisedGamma(-1, 2),
    regularisedGamma(1, -2),
    regularisedBeta(1.5, 1, 1),
    studentTCdf(1, 0),
    studentTCdf(Number.NaN, 3),
    erf(Number.NaN),
    logHypergeometric(1, 1, 1, 1),
    gammaQuantile(2, 1),
    betaQuantile(0.5, 0, 1),
  ]) {
    expect(value).toBeNaN()
  }
})

test('the ends of the ranges', () => {
  expect(normalQuantile(0)).toBe(-Infinity)
  expect(normalQuantile(1)).toBe(Infinity)
  expect(normalCdf(-Infinity)).toBe(0)
  expect(normalCdf(Infinity)).toBe(1)
  expect(regularisedGamma(3, Infinity)).toBe(1)
  expect(gammaQuantile(1, 2)).toBe(Infinity)
  expect(betaQuantile(1, 2, 3)).toBe(1)
  expect(studentTCdf(-1.96, Infinity)).toBe(normalCdf(-1.96))
  expect(studentTCdf(0, 3)).toBe(0.5)
  expect(studentTCdf(Infinity, 3)).toBe(1)
})

test('sums of logarithms neither overflow nor vanish', () => {
  expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 12)
  expect(logSumExp([])).toBe(-Infinity)
  expect(logSumExp([-Infinity, -5])).toBe(-5)
  expect(logAddExp(-Infinity, 3)).toBe(3)
  expect(logAddExp(-2000, -2001)).toBeCloseTo(-2000 + Math.log1p(Math.exp(-1)), 12)
  expect(log1mExp(-1e-20)).toBeCloseTo(Math.log(1e-20), 12)
  expect(log1mExp(-50)).toBe(-Math.exp(-50))
  expect(log1mExp(0)).toBe(-Infinity)
})

test('Stirling’s error is the difference it is named for', () => {
  for (const x of [0.1, 1, 5, 9.9, 10.1]) {
    const elementary = (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI)
    expect(stirlingError(x)).toBeCloseTo(logGamma(x) - elementary, 13)
  }
})

// A normal density integrates to 1 and a logistic one with slow sides to B(a, b), wherever the mode is guessed.
test('an integral over the line', () => {
  expect(logIntegral((y) => -0.5 * (y - 3) ** 2, 2.5, 1.5)).toBeCloseTo(0.5 * Math.log(2 * Math.PI), 12)
  for (const [a, b] of [
    [0.001, 0.002],
    [0.5, 300],
    [4000, 3],
  ] as const) {
    const mode = Math.log(a / b)
    const softplus = (y: number): number => Math.max(y, 0) + Math.log1p(Math.exp(-Math.abs(y)))
    const f = (y: number): number => -a * softplus(-y) - b * softplus(y)
    expect(logIntegral(f, mode, Math.min(4, Math.sqrt(1 / a + 1 / b)))).toBeCloseTo(logBeta(a, b), 10)
  }
})

test.each([1, 5, 32, 100])('a Gauss–Legendre rule of %i points is exact up to degree 2 n − 1', (n) => {
  const { points, weights } = gaussLegendre(n)
  for (const power of [0, 1, 2 * n - 1]) {
    const sum = points.reduce((total, x, at) => total + weights[at]! * x ** power, 0)
    expect(sum * (power + 1)).toBeCloseTo(1, 12)
  }
})
