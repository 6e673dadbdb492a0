import { matrix, matrixFromRows, seededRandom, takeRows } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coefficientIntervals, fitGeneralisedLinear, fitLeastSquares, predictGeneralisedLinear } from './index.ts'

function planted(rows: number, seed: number) {
  const random = seededRandom(seed)
  const values = Float64Array.from({ length: rows * 2 }, () => random.normal())
  const counts = Float64Array.from({ length: rows }, (_, row) => random.poisson(Math.exp(1 + 0.5 * values[row * 2]!)))
  return { data: matrix(rows, 2, values), counts }
}

test('expected and actual totals agree, as the free intercept demands', () => {
  const powers = fc.record({ power: fc.double({ min: 1.05, max: 1.95, noNaN: true }), seed: fc.nat(1000) })
  fc.assert(
    fc.property(powers, ({ power, seed }) => {
      const { data, counts } = planted(30, seed)
      const model = fitGeneralisedLinear(data, counts, { family: 'tweedie', power })
      const means = predictGeneralisedLinear(structuredClone(model), data)
      let left = 0
      means.forEach((mean, row) => {
        left += (counts[row]! - mean) * mean ** (1 - power)
      })
      expect(Math.abs(left)).toBeLessThan(1e-6)
      expect(model.explained).toBeLessThanOrEqual(1)
    }),
    { numRuns: 40 },
  )
})

test('a planted effect lies in its interval, an absent one around 0', () => {
  const { data, counts } = planted(2_000, 3)
  const model = fitGeneralisedLinear(data, counts, { family: 'poisson', penalty: 0 })
  const [, effect, none] = coefficientIntervals(model)!
  expect(effect!.low).toBeLessThan(0.5)
  expect(effect!.high).toBeGreaterThan(0.5)
  expect(none!.pValue).toBeGreaterThan(0.01)
  expect(model.dispersion).toBeCloseTo(1, 0)
  expect(fitGeneralisedLinear(data, counts, { family: 'poisson', penalty: 0 })).toEqual(model)
})

test('exposure: half a year at the same rate counts half; a weight of 2 is the row twice', () => {
  const { data, counts } = planted(60, 4)
  const exposure = counts.map((_, row) => 1 + (row % 4))
  const grown = counts.map((count, row) => count * exposure[row]!)
  const rates = fitGeneralisedLinear(data, counts, { family: 'poisson', weights: exposure, penalty: 2 })
  const spans = fitGeneralisedLinear(data, grown, { family: 'poisson', exposure, penalty: 2 })
  const rows = Array.from(counts, (_, row) => row).flatMap((row) => Array<number>(exposure[row]!).fill(row))
  const repeated = fitGeneralisedLinear(
    takeRows(data, rows),
    rows.map((row) => counts[row]!),
    {
      family: 'poisson',
      penalty: 2,
    },
  )
  for (const column of [0, 1]) {
    expect(spans.coefficients[column]).toBeCloseTo(rates.coefficients[column]!, 9)
    expect(repeated.coefficients[column]).toBeCloseTo(rates.coefficients[column]!, 9)
  }
  const means = predictGeneralisedLinear(spans, data, exposure)
  expect(means[3]! / predictGeneralisedLinear(spans, data)[3]!).toBeCloseTo(4, 12)
})

test('columns far from zero and amounts of any size', () => {
  const { data, counts } = planted(80, 5)
  const near = fitGeneralisedLinear(data, counts, { family: 'tweedie', penalty: 0 })
  const far = matrix(
    80,
    2,
    data.values.map((value) => 1e6 + value),
  )
  const scaled = fitGeneralisedLinear(
    far,
    counts.map((count) => 1e6 * count),
    { family: 'tweedie', penalty: 0 },
  )
  expect(scaled.converged).toBe(true)
  scaled.coefficients.forEach((value, column) => {
    expect(value).toBeCloseTo(near.coefficients[column]!, 6)
  })
  expect(scaled.standardErrors![1]).toBeCloseTo(near.standardErrors![1]!, 6)
})

test('what has no answer is null, what means nothing is refused', () => {
  const { data, counts } = planted(10, 6)
  const two = matrixFromRows([[0], [1]])
  expect(fitGeneralisedLinear(two, [3, 3], { family: 'poisson' })).toMatchObject({
    explained: null,
    standardErrors: null,
  })
  expect(coefficientIntervals(fitLeastSquares(two, [3, 3]))).toBeNull()
  expect(() => coefficientIntervals(fitLeastSquares(two, [3, 3]), 95)).toThrow(
    'level must be above 0 and below 1, got 95',
  )
  const refused = (targets: ArrayLike<number>, options: Parameters<typeof fitGeneralisedLinear>[2]) => {
    return expect(() => fitGeneralisedLinear(data, targets, options))
  }
  refused(new Float64Array(10), { family: 'poisson' }).toThrow('at least one target with weight must be above 0')
  refused(new Float64Array(10), { family: 'gamma' }).toThrow('targets must be above 0 for gamma, got 0 at row 0')
  refused(
    counts.map(() => -1),
    { family: 'poisson' },
  ).toThrow('targets must be finite and at least 0, got -1 at row 0')
  refused(counts, { family: 'tweedie', power: 2 }).toThrow('power must be above 1 and below 2, got 2')
  refused(counts, { family: 'poisson', power: 1 }).toThrow('power must be left out for poisson')
  refused(counts, { family: 'normal' as 'poisson' }).toThrow('family must be poisson, gamma or tweedie, got normal')
  refused(counts, { family: 'poisson', exposure: new Float64Array(10) }).toThrow(
    'exposure must be above 0, got 0 at row 0',
  )
  refused(counts, { family: 'poisson', penalty: -1 }).toThrow('penalty must be finite and at least 0')
  const constant = matrixFromRows([[0.1], [0.1], [0.1]])
  expect(() => fitGeneralisedLinear(constant, [1, 2, 3], { family: 'poisson', penalty: 0 })).toThrow('independent')
  expect(fitGeneralisedLinear(constant, [1, 2, 3], { family: 'poisson' }).coefficients[0]).toBe(0)
  const apart = matrixFromRows([[0], [0], [0], [1], [1], [1]])
  expect(() => fitGeneralisedLinear(apart, [0, 0, 0, 2, 3, 1], { family: 'poisson', penalty: 0 })).toThrow(
    'must not all be 0',
  )
  expect(fitGeneralisedLinear(apart, [0, 0, 0, 2, 3, 1], { family: 'poisson' }).converged).toBe(true)
})
