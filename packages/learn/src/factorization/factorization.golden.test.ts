import { type Matrix, matrixFromRows, rowOf, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { applyNmf, applyPca, fitNmf, fitPca, fitTruncatedSvd } from './index.ts'
import { sparseOf } from './sparse-of.contract.ts'

interface Pca {
  means: number[]
  components: number[][]
  variances: number[]
  varianceShares: number[]
  scores: number[][]
}

// Reference: scikit-learn 1.9.1 PCA(full), TruncatedSVD(arpack) and NMF(nndsvda); made by golden/make/factorization.py. Signs
// are arbitrary, so directions are compared up to theirs. PCA agrees to rounding; the SVD is as exact as its passes make it.
const { values: golden, agree } = readGolden<{
  x: number[][]
  wide: number[][]
  counts: number[][]
  later: number[][]
  pca: Pca
  pcaWide: Pca
  svd: { components: number[][]; singularValues: number[]; varianceShares: number[] }
  nmf: { components: number; error: number; rounds: number }[]
  nmfExact: { components: number[][]; error: number; later: number[][] }
}>(new URL('golden/factorization.json', import.meta.url))
const counts = matrixFromRows(golden.counts)

/** Rows are equal up to one sign each. */
function signsOf(method: string, found: Matrix, expected: readonly number[][], tolerance: number): number[] {
  return expected.map((row, at) => {
    const direction = rowOf(found, at)
    const largest = row.findIndex((value) => Math.abs(value) === Math.max(...row.map(Math.abs)))
    const sign = Math.sign(row[largest]! * direction[largest]!)
    const turned = direction.map((value) => sign * value)
    agree(method, turned, row, tolerance)
    return sign
  })
}

test.each([
  ['more rows than columns', golden.x, golden.pca],
  ['more columns than rows', golden.wide, golden.pcaWide],
] as const)('principal components as scikit-learn: %s', (_name, rows, expected) => {
  const data = matrixFromRows(rows)
  const model = fitPca(data, { components: expected.variances.length })
  agree('principal components', model.means, expected.means, 1e-12)
  agree('principal components', model.variances, expected.variances, 1e-11)
  agree('principal components', model.varianceShares, expected.varianceShares, 1e-12)
  const signs = signsOf('principal components', model.components, expected.components, 1e-10)
  const scores = applyPca(model, takeRows(data, [0, 1, 2, 3, 4]))
  expected.scores.forEach((row, at) => {
    const turned = rowOf(scores, at).map((value, k) => signs[k]! * value)
    agree('principal components', turned, row, 1e-9)
  })
})

test.each([
  ['dense', counts],
  ['sparse', sparseOf(counts)],
] as const)('truncated SVD as scikit-learn: %s', async (_name, data) => {
  const { svd } = golden
  const model = await fitTruncatedSvd(data, { components: 4, powerRounds: 30, seed: 1 })
  agree('truncated SVD', model.singularValues, svd.singularValues, 1e-12)
  agree('truncated SVD', model.varianceShares, svd.varianceShares, 1e-10)
  signsOf('truncated SVD', model.components, svd.components, 1e-8)
  const quick = await fitTruncatedSvd(data, { components: 4, oversampling: 3, seed: 1 })
  quick.singularValues.forEach((value, at) => {
    expect(Math.abs(value / svd.singularValues[at]! - 1)).toBeLessThan(1e-3)
  })
})

test.each(golden.nmf)('parts: the error is not above that of scikit-learn, $components', async (expected) => {
  for (const data of [counts, sparseOf(counts)]) {
    const model = await fitNmf(data, { components: expected.components, seed: 1 })
    expect(model.error).toBeLessThan(expected.error * (1 + 1e-4))
  }
})

test('parts and later scores as scikit-learn, both gone on until they stand still', async () => {
  const { components, error, later } = golden.nmfExact
  const model = await fitNmf(counts, { components: 3, tolerance: 1e-10, roundsMax: 20_000, seed: 1 })
  expect(model.converged).toBe(true)
  agree('non-negative matrix factorization', model.error, error, 1e-8)
  // The start differs in the last digits, and with it the scale that parts and scores share.
  const scaleOf = (row: ArrayLike<number>): number => Math.hypot(...Array.from(row))
  const scales = components.map((row, at) => scaleOf(row) / scaleOf(rowOf(model.components, at)))
  components.forEach((row, at) => {
    const scaled = rowOf(model.components, at).map((value) => value * scales[at]!)
    agree('non-negative matrix factorization', scaled, row, 1e-5)
  })
  const scores = applyNmf(model, matrixFromRows(golden.later))
  later.forEach((row, at) => {
    const scaled = rowOf(scores, at).map((value, k) => value / scales[k]!)
    agree('non-negative matrix factorization', scaled, row, 1e-4)
  })
})
