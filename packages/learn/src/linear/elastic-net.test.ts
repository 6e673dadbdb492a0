import { type Matrix, matrix, matrixFromRows, seededRandom, takeRows } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kFold } from '../selection/folds.ts'
import { chooseElasticNet, fitElasticNet, fitElasticNetPath, predictElasticNet } from './index.ts'

function planted(rows: number, columns: number, seed: number): { data: Matrix; targets: Float64Array } {
  const random = seededRandom(seed)
  const values = Float64Array.from({ length: rows * columns }, () => random.normal())
  const targets = Float64Array.from({ length: rows }, (_, row) => 5 + 2 * values[row * columns]! + random.normal())
  return { data: matrix(rows, columns, values), targets }
}

/** How far the optimum's conditions are from holding, as a share of the penalty: 0 at the optimum. */
function optimumMissedBy(data: Matrix, targets: Float64Array, penalty: number, l1Share: number): number {
  const model = fitElasticNet(data, targets, { penalty, l1Share, tolerance: 1e-12 })
  const residuals = predictElasticNet(model, data).map((value, row) => targets[row]! - value)
  const pulls = model.coefficients.map((coefficient, column) => {
    let pull = 0
    residuals.forEach((residual, row) => {
      pull += (residual * data.values[row * data.columns + column]!) / data.rows
    })
    pull -= penalty * (1 - l1Share) * coefficient
    const l1 = penalty * l1Share
    return coefficient === 0 ? Math.max(0, Math.abs(pull) - l1) : Math.abs(pull - Math.sign(coefficient) * l1)
  })
  return Math.max(...pulls) / penalty
}

test('whatever the data, at the end every column pulls with exactly the penalty, or with less and is out', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 25 }),
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: 0.01, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(1000),
      (rows, columns, penalty, l1Share, seed) => {
        const { data, targets } = planted(rows, columns, seed)
        expect(optimumMissedBy(data, targets, penalty, l1Share)).toBeLessThan(1e-4)
      },
    ),
    { numRuns: 60 },
  )
})

// With more columns than rows there is no gram matrix; the same rows twice at half the weight are many enough for one.
test('with and without a gram matrix: the same solution', () => {
  const { data, targets } = planted(12, 20, 3)
  const twice = takeRows(
    data,
    Array.from({ length: 24 }, (_, row) => row % 12),
  )
  const options = { penalty: 0.2, l1Share: 0.9, tolerance: 1e-12 }
  const { coefficients } = fitElasticNet(data, targets, options)
  const weights = new Float64Array(24).fill(0.5)
  const model = fitElasticNet(twice, [...targets, ...targets], { ...options, weights })
  model.coefficients.forEach((value, column) => {
    expect(coefficients[column]).toBeCloseTo(value, 8)
  })
})

test('a weight of 2 is the row twice, a weight of 0 is no row', () => {
  const { data, targets } = planted(20, 3, 5)
  const weights = Float64Array.from(targets, (_, row) => row % 3)
  const rows = Array.from(targets, (_, row) => row).flatMap((row) => Array<number>(row % 3).fill(row))
  const options = { penalty: 0.1, l1Share: 0.7, tolerance: 1e-12 }
  const weighted = fitElasticNet(data, targets, { ...options, weights })
  const repeated = fitElasticNet(
    takeRows(data, rows),
    rows.map((row) => targets[row]!),
    options,
  )
  weighted.coefficients.forEach((value, column) => {
    expect(value).toBeCloseTo(repeated.coefficients[column]!, 9)
  })
})

test('along the path columns come in, and the one that matters first', () => {
  const { data, targets } = planted(80, 6, 7)
  const { models, penalties } = fitElasticNetPath(data, targets)
  expect(penalties).toHaveLength(100)
  const sizes = models.map(({ coefficients }) => coefficients.reduce((sum, value) => sum + Math.abs(value), 0))
  sizes.forEach((size, at) => {
    expect(size).toBeGreaterThanOrEqual((sizes[at - 1] ?? 0) - 1e-3)
  })
  const first = models.find(({ coefficients }) => coefficients.some((value) => value !== 0))!
  expect(first.coefficients.findIndex((value) => value !== 0)).toBe(0)
})

test('cross-validation leaves noise out, with one standard error all the more', () => {
  const { data, targets } = planted(120, 20, 9)
  const folds = kFold(120, { folds: 5, seed: 1 })
  const best = chooseElasticNet(data, targets, folds, { l1Shares: [1] })
  const sparse = chooseElasticNet(data, targets, folds, { l1Shares: [1], rule: 'one-error' })
  const used = (coefficients: Float64Array): number => coefficients.filter((value) => value !== 0).length
  expect(best.error).toBeLessThan(1.5)
  expect(sparse.model.penalty).toBeGreaterThan(best.model.penalty)
  expect(used(sparse.model.coefficients)).toBeLessThan(5)
  expect(sparse.model.coefficients[0]).toBeGreaterThan(1.5)
  expect(chooseElasticNet(data, targets, folds, { l1Shares: [1] })).toEqual(best)
})

test('constant columns and constant targets get coefficients of zero', () => {
  const constant = matrixFromRows([
    [1, 0.1],
    [2, 0.1],
    [3, 0.1],
  ])
  expect(fitElasticNet(constant, [1, 2, 4], { penalty: 0.1 }).coefficients[1]).toBe(0)
  expect(fitElasticNet(constant, [7, 7, 7], { penalty: 0.1 })).toMatchObject({
    coefficients: new Float64Array(2),
    converged: true,
  })
  const one = fitElasticNet(matrixFromRows([[3]]), [2], { penalty: 1 })
  expect([...predictElasticNet(one, matrixFromRows([[9]]))]).toEqual([2])
})

test('what means nothing is refused, what takes too long says so', () => {
  const { data, targets } = planted(10, 2, 1)
  const refused = (options: Parameters<typeof fitElasticNet>[2]): (() => unknown) => {
    return () => fitElasticNet(data, targets, options)
  }
  expect(refused({ penalty: Number.NaN })).toThrow('penalty must be finite and at least 0, got NaN')
  expect(refused({ penalty: 1, l1Share: 2 })).toThrow('l1Share must be from 0 to 1, got 2')
  expect(refused({ penalty: 1, weights: [1] })).toThrow('weights must hold one number a row (10), got 1')
  expect(refused({ penalty: 1, tolerance: 0 })).toThrow('tolerance must be above 0')
  expect(() => fitElasticNet(matrix(0, 2), [], { penalty: 1 })).toThrow('at least one row')
  expect(() => fitElasticNet(matrixFromRows([[1], [1]]), [1, 2], { penalty: 0 })).toThrow('columns must be independent')
  expect(() => fitElasticNetPath(data, new Float64Array(10))).toThrow('targets must vary')
  expect(() => fitElasticNetPath(data, targets, { penalties: [] })).toThrow('at least one, got none')
  expect(() => fitElasticNetPath(data, targets, { penaltyRatio: 1 })).toThrow('penaltyRatio between 0 and 1')
  expect(() => chooseElasticNet(data, targets, [])).toThrow('folds must be at least 2, got 0')
  const model = fitElasticNet(data, targets, { penalty: 0.01, roundsMax: 1 })
  expect(model).toMatchObject({ converged: false, rounds: 1 })
  expect(() => predictElasticNet(model, matrix(1, 3))).toThrow('data must have the 2 columns of training, got 3')
  const signal = AbortSignal.abort()
  expect(() => fitElasticNetPath(data, targets, {}, { signal })).toThrow('stopped')
})
