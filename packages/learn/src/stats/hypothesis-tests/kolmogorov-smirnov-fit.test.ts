import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kolmogorovSmirnovFit } from '../index.ts'
import { chanceOfDistance } from './one-sample-distance.ts'

const uniform = (value: number): number => Math.min(1, Math.max(0, value))

test('chances that are known in closed form', () => {
  // Of one value: it is within d of both ends with chance 2 d − 1.
  for (const distance of [0.5, 0.7, 0.99]) expect(chanceOfDistance(1, distance)).toBeCloseTo(2 * (1 - distance), 14)
  expect(chanceOfDistance(3, 1 / 6)).toBe(1)
  expect(chanceOfDistance(5, 1)).toBe(0)
  // Beyond 1 − 1/n only all values on one side are as far.
  for (const n of [2, 9, 40]) expect(chanceOfDistance(n, 1 - 0.4 / n) / (2 * (0.4 / n) ** n)).toBeCloseTo(1, 9)
})

test('p falls with the distance, and turning values and curve around changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (values) => {
      const [plain, turned] = [
        kolmogorovSmirnovFit(values, uniform),
        kolmogorovSmirnovFit(values.map((value) => -value), (value) => 1 - uniform(-value)),
      ] // biome-ignore format: short
      if (!(plain.defined && turned.defined)) throw new Error('no result')
      expect(turned.distance).toBeCloseTo(plain.distance, 12)
      expect(turned.pValue).toBeCloseTo(plain.pValue, 9)
      expect(chanceOfDistance(values.length, plain.distance * 1.1)).toBeLessThanOrEqual(plain.pValue + 1e-12)
    }),
  )
})

test('under the given distribution p is as often below 5 % as it says', () => {
  const random = seededRandom(2)
  let calls = 0
  for (let draw = 0; draw < 1000; draw += 1) {
    const found = kolmogorovSmirnovFit(
      Float64Array.from({ length: 30 }, () => random.uniform()),
      uniform,
    )
    calls += Number(found.defined && found.pValue < 0.05)
  }
  // 50 ± three standard errors of 6.9.
  expect(Math.abs(calls - 50)).toBeLessThan(21)
})

test('many values: the limit near the exact chance, by itself where the exact one takes long', () => {
  const random = seededRandom(3)
  const values = Float64Array.from({ length: 60_000 }, () => random.uniform())
  const few = values.subarray(0, 2000)
  const [exact, limit] = (['exact', 'asymptotic'] as const).map((method) =>
    kolmogorovSmirnovFit(few, uniform, { method }),
  )
  if (!(exact?.defined && limit?.defined)) throw new Error('no result')
  expect(Math.abs(exact.pValue - limit.pValue)).toBeLessThan(0.02)
  expect(kolmogorovSmirnovFit(few, uniform)).toEqual(exact)
  expect(kolmogorovSmirnovFit(values, uniform)).toMatchObject({ exact: false })
})

test('what has no answer or means nothing', () => {
  expect(kolmogorovSmirnovFit([], uniform)).toEqual({ defined: false, because: 'too-few-rows' })
  expect(kolmogorovSmirnovFit([5], uniform)).toMatchObject({ distance: 1, pValue: 0, at: 5 })
  expect(() => kolmogorovSmirnovFit([1, Number.NaN], uniform)).toThrow('every value must be finite, got NaN at place 1')
  expect(() => kolmogorovSmirnovFit([1, 2], (value) => 1 - value / 10)).toThrow(
    'from 0.9, its value before, to 1, got 0.8 at 2',
  )
  expect(() => kolmogorovSmirnovFit([1, 2], (value) => value)).toThrow('to 1, got 2 at 2')
})
