import { expect, test } from 'vitest'
import { seededRandom } from './random.ts'

const draws = (n: number, draw: () => number): { mean: number; variance: number } => {
  const values = Array.from({ length: n }, draw)
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n }
}

test('the same seed gives the same numbers, another seed others', () => {
  const first = Array.from({ length: 5 }, seededRandom(42).uniform.bind(seededRandom(42)))
  const again = Array.from({ length: 5 }, seededRandom(42).uniform.bind(seededRandom(42)))
  const other = Array.from({ length: 5 }, seededRandom(43).uniform.bind(seededRandom(43)))
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
})

test('a fork does not depend on what was drawn before', () => {
  const untouched = seededRandom(1)
  const used = seededRandom(1)
  used.uniform()
  expect(used.fork(3).uniform()).toBe(untouched.fork(3).uniform())
  expect(untouched.fork(4).uniform()).not.toBe(untouched.fork(3).uniform())
})

// Laws: mean and variance of each distribution, within five standard errors of 200,000 draws.
test.each([
  ['uniform', (r: ReturnType<typeof seededRandom>) => r.uniform(), 0.5, 1 / 12],
  ['normal', (r: ReturnType<typeof seededRandom>) => r.normal(), 0, 1],
  ['exponential', (r: ReturnType<typeof seededRandom>) => r.exponential(2), 0.5, 0.25],
  ['gamma', (r: ReturnType<typeof seededRandom>) => r.gamma(0.5, 2), 1, 2],
  ['beta', (r: ReturnType<typeof seededRandom>) => r.beta(2, 3), 0.4, 0.04],
  ['poisson', (r: ReturnType<typeof seededRandom>) => r.poisson(47), 47, 47],
])('%s has its mean and variance', (_name, draw, mean, variance) => {
  const random = seededRandom(11)
  const n = 200_000
  const seen = draws(n, () => draw(random))
  expect(Math.abs(seen.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / n))
  expect(Math.abs(seen.variance / variance - 1)).toBeLessThan(0.05)
})

test('a seed that is not a 32-bit whole number is refused', () => {
  expect(() => seededRandom(-1)).toThrow('seed must be a whole number from 0 to 4294967295, got -1')
})
