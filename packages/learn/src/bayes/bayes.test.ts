import { matrix, matrixFromRows, seededRandom, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { sparseOf } from '../factorization/sparse-of.contract.ts'
import { fitBernoulliBayes, fitGaussianBayes, fitMultinomialBayes, predictBayes } from './index.ts'

const random = seededRandom(5)
const labels = Int32Array.from({ length: 40 }, (_, row) => row % 2)
const counts = matrix(
  40,
  4,
  Float64Array.from({ length: 160 }, (_, at) => random.poisson(at % 8 < 4 ? 0.5 : 1.5)),
)

const kinds = [
  { name: 'numbers', fit: fitGaussianBayes },
  { name: 'counts', fit: fitMultinomialBayes },
  { name: 'presence', fit: fitBernoulliBayes },
]

test.each(kinds)('$name: probabilities add up to 1, rows do not depend on each other, models are plain', ({ fit }) => {
  const before = counts.values.slice()
  const model = fit(counts, labels)
  expect(fit(counts, labels)).toEqual(model)
  expect(counts.values).toEqual(before)
  const all = predictBayes(structuredClone(model), counts)
  expect(predictBayes(model, takeRows(counts, [7])).values).toEqual(all.values.subarray(14, 16))
  for (let row = 0; row < 40; row += 1) expect(all.values[2 * row]! + all.values[2 * row + 1]!).toBeCloseTo(1, 12)
  expect(predictBayes(model, matrix(0, 4)).rows).toBe(0)
})

test.each(kinds)('$name: a weight of 2 is the row twice', ({ fit }) => {
  const weights = Float64Array.from(labels, (_, row) => row % 3)
  const rows = Array.from(labels, (_, row) => row).flatMap((row) => Array<number>(row % 3).fill(row))
  const weighted = predictBayes(fit(counts, labels, { weights }), counts)
  const repeated = predictBayes(
    fit(
      takeRows(counts, rows),
      rows.map((row) => labels[row]!),
    ),
    counts,
  )
  weighted.values.forEach((value, at) => {
    expect(value).toBeCloseTo(repeated.values[at]!, 9)
  })
})

test.each(kinds.slice(1) as { name: string; fit: typeof fitMultinomialBayes }[])(
  '$name: sparse is dense',
  ({ fit }) => {
    const model = fit(sparseOf(counts), labels)
    expect(model).toEqual(fit(counts, labels))
    predictBayes(model, sparseOf(counts)).values.forEach((value, at) => {
      expect(value).toBeCloseTo(predictBayes(model, counts).values[at]!, 12)
    })
  },
)

test('a missing number is as if the column were not there', () => {
  const two = matrixFromRows([
    [0, 1],
    [1, 5],
    [8, 2],
    [9, Number.NaN],
  ])
  const model = fitGaussianBayes(two, [0, 0, 1, 1], { smoothing: 0.01 })
  const narrow = fitGaussianBayes(matrixFromRows([[0], [1], [8], [9]]), [0, 0, 1, 1], { smoothing: 0.01 })
  const found = predictBayes(model, matrixFromRows([[4, Number.NaN]])).values
  predictBayes(narrow, matrixFromRows([[4]])).values.forEach((value, at) => {
    expect(found[at]).toBeCloseTo(value, 10)
  })
  const priors = predictBayes(model, matrixFromRows([[Number.NaN, Number.NaN]]))
  expect([...priors.values]).toEqual([0.5, 0.5])
})

test('columns that are constant in a class, and scores far below what an exponential can hold', () => {
  const model = fitGaussianBayes(
    matrixFromRows([
      [0, 3],
      [0, 3],
      [5, 3],
      [7, 3],
    ]),
    [0, 0, 1, 1],
  )
  const found = predictBayes(
    model,
    matrixFromRows([
      [6, 3],
      [0, 3],
    ]),
  ).values
  const expected = [0, 1, 1, 0]
  expected.forEach((value, at) => {
    expect(found[at]).toBeCloseTo(value, 9)
  })
  const long = fitMultinomialBayes(counts, labels)
  expect(predictBayes(long, matrixFromRows([[1e5, 0, 0, 3e5]])).values.every(Number.isFinite)).toBe(true)
})

test('what means nothing is refused', () => {
  const one = matrixFromRows([[1], [2]])
  expect(() => fitGaussianBayes(one, [0, 0])).toThrow('got class 0 only')
  expect(() => fitGaussianBayes(one, [0])).toThrow('labels must hold one number a row (2), got 1')
  expect(() => fitGaussianBayes(matrixFromRows([[1], [1]]), [0, 1])).toThrow('at least one column must vary')
  expect(() => fitGaussianBayes(matrixFromRows([[Infinity], [1]]), [0, 1])).toThrow('must be finite or NaN')
  expect(() => fitGaussianBayes(matrixFromRows([[Number.NaN], [1]]), [0, 1])).toThrow('column 0 has none in class 0')
  expect(() => fitGaussianBayes(one, [0, 1], { priors: [0.5, 0.6] })).toThrow('add up to 1, got 2 that add up to 1.1')
  expect(() => fitGaussianBayes(one, [0, 1], { smoothing: 0 })).toThrow('smoothing must be finite and above 0')
  expect(() => fitMultinomialBayes(matrixFromRows([[-1], [2]]), [0, 1])).toThrow(
    'at least 0, got -1 at row 0, column 0',
  )
  expect(() => fitBernoulliBayes(matrixFromRows([[Number.NaN], [2]]), [0, 1])).toThrow('must be finite')
  expect(() => fitMultinomialBayes(matrix(0, 3), [])).toThrow('at least one row')
  const model = fitGaussianBayes(one, [0, 1])
  expect(() => predictBayes(model, matrix(1, 2))).toThrow('data must have the 1 columns of training, got 2')
  expect(() => predictBayes(model, sparseOf(one))).toThrow('data must be dense')
})
