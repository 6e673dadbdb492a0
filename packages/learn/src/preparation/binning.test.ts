import { type Matrix, matrix, matrixFromRows } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { columnTransformerContract } from './column-transformer.contract.ts'
import { applyBinning, type BinningOptions, binNames, fitBinning } from './index.ts'

// Reference: scikit-learn 1.9.1 KBinsDiscretizer; made by golden/make/binning.py, which also makes sure that its k-means
// had come to rest. Edges are sums in another order: 1e-12.
const { values: golden, agree } = readGolden<{
  data: number[][]
  later: number[][]
  weights: number[]
  fits: {
    method: NonNullable<BinningOptions['method']>
    bins: number
    weighted: boolean
    edges: number[][]
    ordinal: number[][]
    oneHot: number[][]
  }[]
}>(new URL('golden/binning.json', import.meta.url))

test.each(golden.fits)('as scikit-learn: $method, $bins bins, weighted $weighted', (fit) => {
  const options = { ...fit, ...(fit.weighted ? { weights: golden.weights } : {}) }
  const model = fitBinning(matrixFromRows(golden.data), options)
  fit.edges.forEach((edges, column) => {
    agree('binning', model.edges[column]!, edges, 1e-12)
  })
  const later = matrixFromRows(golden.later)
  agree('binning', applyBinning(model, later).values, fit.ordinal.flat(), 0)
  agree('binning', applyBinning({ ...model, output: 'one-hot' }, later).values, fit.oneHot.flat(), 0)
})

for (const method of ['quantile', 'uniform', 'k-means'] as const) {
  columnTransformerContract(`${method} bins`, {
    fit: (data) => fitBinning(data, { method }),
    apply: applyBinning,
    keepsMissing: true,
  })
}

const columnOf = (values: readonly number[]): Matrix => matrix(values.length, 1, Float64Array.from(values))

test('bins never fall as values rise, the least value is in the first, and each bin of the training holds rows', () => {
  const values = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 60 })
  const methods = fc.constantFrom('quantile' as const, 'k-means' as const)
  fc.assert(
    fc.property(values, methods, fc.integer({ min: 2, max: 6 }), (drawn, method, bins) => {
      const ascending = [...drawn].sort((left, right) => left - right)
      const found = [...applyBinning(fitBinning(columnOf(ascending), { method, bins }), columnOf(ascending)).values]
      expect(found[0]).toBe(0)
      found.forEach((bin, at) => {
        expect(bin - (found[at - 1] ?? 0)).toBeLessThanOrEqual(1)
        expect(bin).toBeGreaterThanOrEqual(found[at - 1] ?? 0)
      })
    }),
  )
})

test('a value that fills most of a column has a bin of its own', () => {
  const spend = columnOf([0, 0, 0, 0, 0, 0, 0, 0, 5, 9])
  expect([...applyBinning(fitBinning(spend), spend).values]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
  const full = columnOf([1, 2, 9, 9, 9, 9, 9, 9, 9, 9])
  expect(applyBinning(fitBinning(full, { bins: 2 }), full).values.at(-1)).toBe(1)
})

test('whole weights are rows given several times; missing values and rows of weight 0 teach nothing', () => {
  const repeated = columnOf([1, 1, 1, 2, 5, 5, 8, 30])
  const weighted = columnOf([1, 2, 5, 8, 30, Number.NaN, 1e9])
  const weights = [3, 1, 2, 1, 1, 7, 0]
  for (const method of ['quantile', 'uniform', 'k-means'] as const) {
    const { edges } = fitBinning(weighted, { bins: 3, method, weights })
    fitBinning(repeated, { bins: 3, method }).edges[0]!.forEach((edge, at) => {
      expect(edges[0]![at]).toBeCloseTo(edge, 12)
    })
  }
})

test('bins have names', () => {
  const model = fitBinning(
    matrixFromRows([
      [0, 7],
      [3, 7],
      [6, 7],
      [9, 7],
    ]),
    { bins: 3, method: 'uniform' },
  )
  expect(binNames(model, 0, 'age')).toEqual(['age < 3', 'age 3 to 6', 'age ≥ 6'])
  expect(binNames(model, 1, 'shop')).toEqual(['shop any'])
})

test('huge and tiny columns are cut as others are', () => {
  for (const scale of [1e-300, 1e307]) {
    for (const method of ['quantile', 'uniform', 'k-means'] as const) {
      const data = columnOf([-9, -8, 1, 2, 8, 9].map((value) => value * scale))
      expect([...applyBinning(fitBinning(data, { bins: 3, method }), data).values]).toEqual([0, 0, 1, 1, 2, 2])
    }
  }
})

test('what means nothing is refused', () => {
  expect(() => fitBinning(matrix(1, 1), { bins: 1 })).toThrow('bins must be a whole number ≥ 2, got 1')
  expect(() => fitBinning(matrix(2, 1), { weights: [1] })).toThrow('weights must hold one number a row (2), got 1')
})
