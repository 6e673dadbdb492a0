import { type Matrix, matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import {
  applyImputation,
  applyPower,
  applyQuantiles,
  applyScaling,
  applyTargetEncoding,
  codeCount,
  encodeCategories,
  fitCategories,
  fitImputation,
  fitPower,
  fitQuantiles,
  fitScaling,
  fitTargetEncoding,
} from './index.ts'

type Cells = (number | null)[][]
interface Both {
  training: Cells
  later: Cells
}

// Reference: scikit-learn 1.9.1 transformers on four columns with holes, one of them constant; made by
// golden/make/preparation.py. null is a missing value.
const { values: golden, agree } = readGolden<
  Record<
    'standard' | 'robust' | 'min-max' | 'yeo-johnson' | 'uniform' | 'normal' | 'mean' | 'median' | 'most-frequent',
    Both
  > & {
    data: Cells
    later: Cells
    words: string[]
    asked: string[]
    target: number[]
    categories: string[]
    oneHot: number[][]
    oneHotRare: number[][]
    targetMeans: number[]
  }
>(new URL('golden/preparation.json', import.meta.url))

const toMatrix = (cells: Cells): Matrix => matrixFromRows(cells.map((row) => row.map((value) => value ?? Number.NaN)))
const training = toMatrix(golden.data)
const later = toMatrix(golden.later)

function expectCells(method: string, found: Matrix, expected: Cells, tolerance: number): void {
  expect([found.rows, found.columns]).toEqual([expected.length, expected[0]!.length])
  agree(method, found.values, expected.flat(), tolerance)
}

test.each(['standard', 'robust', 'min-max'] as const)('%s scaling as scikit-learn', (method) => {
  const model = fitScaling(training, { method })
  expectCells('scaling', applyScaling(model, training), golden[method].training, 1e-11)
  expectCells('scaling', applyScaling(model, later), golden[method].later, 1e-11)
})

test.each(['mean', 'median', 'most-frequent'] as const)('%s imputation as scikit-learn', (method) => {
  const model = fitImputation(training, { method, indicators: true })
  expectCells('imputation', applyImputation(model, training), golden[method].training, 1e-13)
  expectCells('imputation', applyImputation(model, later), golden[method].later, 1e-13)
})

test.each(['uniform', 'normal'] as const)('%s quantiles as scikit-learn', (output) => {
  const model = fitQuantiles(training, { quantiles: 20, output })
  expectCells('quantile reshaping', applyQuantiles(model, training), golden[output].training, 1e-8)
  expectCells('quantile reshaping', applyQuantiles(model, later), golden[output].later, 1e-8)
})

// Without the column around 1000 and the constant one: scikit-learn rounds the first into one value and the second to
// 1e53. The test below says what we do there.
test('Yeo-Johnson as scikit-learn', () => {
  const model = fitPower(training)
  const found = applyPower(model, training)
  golden['yeo-johnson'].training.forEach((row, at) => {
    for (const column of [1, 2]) {
      if (row[column] === null) continue
      agree('Yeo-Johnson power', found.values[at * 4 + column]!, row[column]!, 1e-5)
    }
  })
})

test('one-hot codes as scikit-learn, with and without rare categories', () => {
  const model = fitCategories(golden.words)
  expect(model.categories).toEqual(golden.categories)
  for (const [of, expected] of [
    [model, golden.oneHot],
    [fitCategories(golden.words, { rowsMin: 4 }), golden.oneHotRare],
  ] as const) {
    const rows = [...encodeCategories(of, golden.asked)].map((code) =>
      Array.from({ length: codeCount(of) }, (_, at) => (at === code ? 1 : 0)),
    )
    agree('one-hot codes', rows.flat(), expected.flat(), 0)
  }
})

test('target encoding as scikit-learn', () => {
  const model = fitTargetEncoding(golden.words, golden.target, { smoothing: 5 })
  agree('target encoding', applyTargetEncoding(model, golden.asked), golden.targetMeans, 1e-13)
})

test('Yeo-Johnson leaves columns as they are where a power would only round them', () => {
  const { powers } = fitPower(training)
  expect([powers[0], powers[3]]).toEqual([1, 1])
})
