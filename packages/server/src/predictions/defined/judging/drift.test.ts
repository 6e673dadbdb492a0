import { matrix, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { spreadOf, stabilityIndex } from '../../../features/index.ts'
import { driftBasis, driftOf } from './drift.ts'

const drawn = (n: number, seed: number, of: (uniform: number) => number): Float64Array => {
  const random = seededRandom(seed)
  return Float64Array.from({ length: n }, () => of(random.uniform()))
}

test('values that lie as before have an index near 0, others one that says how far they moved', () => {
  const basis = spreadOf(drawn(5000, 1, (uniform) => uniform))
  expect(
    stabilityIndex(
      basis,
      drawn(5000, 1, (uniform) => uniform),
    ),
  ).toBe(0)
  expect(
    stabilityIndex(
      basis,
      drawn(5000, 2, (uniform) => uniform),
    ),
  ).toBeLessThan(0.02)
  expect(
    stabilityIndex(
      basis,
      drawn(5000, 3, (uniform) => uniform ** 2),
    ),
  ).toBeGreaterThan(0.25)
})

test('by hand: shares of 50 % and 50 % that became 80 % and 20 %', () => {
  const basis = { edges: [10], shares: [0.5, 0.5, 0] }
  const values = Float64Array.from({ length: 10 }, (_, at) => (at < 8 ? 5 : 15))
  expect(stabilityIndex(basis, values)).toBeCloseTo(0.3 * Math.log(1.6) - 0.3 * Math.log(0.4), 12)
})

test('missing values are a bin of their own, and one value everywhere is no error', () => {
  const half = Float64Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? Number.NaN : 1))
  const basis = spreadOf(half)
  expect(stabilityIndex(basis, half)).toBe(0)
  expect(stabilityIndex(basis, new Float64Array(100).fill(1))).toBeGreaterThan(0.25)
  expect(stabilityIndex(spreadOf(new Float64Array(100).fill(3)), new Float64Array(100).fill(3))).toBe(0)
  expect(spreadOf(new Float64Array(0)).shares.every(Number.isFinite)).toBe(true)
})

test('a model that says the same of everybody is no shift when it is fitted again, one that begins to is', () => {
  const none = matrix(100, 0)
  const rows = { matrix: none, customerIds: [], features: [], categories: new Map() } as never
  const all = (value: number): Float64Array => new Float64Array(100).fill(value)
  const verdictOf = (before: Float64Array, after: Float64Array): string =>
    driftOf(driftBasis(none, before, all(1)), [], rows, after).scores.verdict
  expect(verdictOf(all(0.613), all(0.603))).toBe('steady')
  expect(
    verdictOf(
      drawn(100, 1, (uniform) => uniform),
      all(0.6),
    ),
  ).toBe('shifted')
  expect(
    verdictOf(
      all(0.6),
      drawn(100, 1, (uniform) => uniform),
    ),
  ).toBe('shifted')
})
