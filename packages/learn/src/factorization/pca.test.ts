import { type Matrix, matrix, matrixFromRows, rowOf, seededRandom, takeRows } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyPca, fitPca, invertPca } from './index.ts'

function drawn(rows: number, columns: number, seed: number): Matrix {
  const random = seededRandom(seed)
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal() ** 3),
  )
}

const shapes = fc.tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 12 }), fc.nat(1000))

test('all components together are the data, and scores have the variances at no correlation', () => {
  fc.assert(
    fc.property(shapes, ([rows, columns, seed]) => {
      const data = drawn(rows, columns, seed)
      const model = fitPca(data)
      const scores = applyPca(model, data)
      invertPca(model, scores).values.forEach((value, at) => {
        expect(Math.abs(value - data.values[at]!)).toBeLessThan(1e-9)
      })
      model.variances.forEach((variance, one) => {
        model.variances.forEach((_, other) => {
          let sum = 0
          for (let row = 0; row < rows; row += 1) sum += rowOf(scores, row)[one]! * rowOf(scores, row)[other]!
          expect(Math.abs(sum / (rows - 1) - (one === other ? variance : 0))).toBeLessThan(1e-9 * model.variances[0]!)
        })
      })
    }),
  )
})

test('a weight of 2 is the row twice, of 0 no row', () => {
  const data = drawn(9, 3, 5)
  const weights = [0, 1, 2, 0, 1, 2, 0, 1, 2]
  const rows = weights.flatMap((weight, row) => Array<number>(weight).fill(row))
  const weighted = fitPca(data, { weights })
  const repeated = fitPca(takeRows(data, rows))
  weighted.components.values.forEach((value, at) => {
    expect(value).toBeCloseTo(repeated.components.values[at]!, 12)
  })
  weighted.variances.forEach((value, at) => {
    expect(value).toBeCloseTo(repeated.variances[at]!, 12)
  })
})

test('as few components as hold the share; never more than there are directions', () => {
  const random = seededRandom(2)
  const line = matrixFromRows(Array.from({ length: 40 }, (_, row) => [row, 2 * row + 0.01 * random.normal(), 0.1]))
  expect(fitPca(line, { varianceShare: 0.99 }).variances).toHaveLength(1)
  expect(fitPca(line, { varianceShare: 1 }).variances).toHaveLength(2)
  expect(fitPca(line).components.rows).toBe(2)
  expect(
    fitPca(
      matrixFromRows([
        [0, 0, 5],
        [1, 2, 5],
      ]),
      { components: 2 },
    ).components.rows,
  ).toBe(1)
})

test('the input stays, the model is plain, single precision is accepted', () => {
  const data = drawn(10, 3, 3)
  const before = data.values.slice()
  const model = fitPca(data)
  expect(data.values).toEqual(before)
  expect(applyPca(structuredClone(model), data)).toEqual(applyPca(model, data))
  const single = fitPca({ ...data, values: Float32Array.from(data.values) })
  expect(single.variances[0]).toBeCloseTo(model.variances[0]!, 4)
  expect(applyPca(model, matrix(0, 3))).toEqual(matrix(0, 3))
})

test('tiny and huge units keep their digits', () => {
  const data = drawn(20, 3, 4)
  const expected = fitPca(data).varianceShares
  for (const unit of [1e-150, 1e-20, 1e20, 1e150]) {
    const scaled = fitPca(
      matrix(
        20,
        3,
        data.values.map((value) => value * unit),
      ),
    )
    expected.forEach((share, at) => {
      expect(scaled.varianceShares[at]).toBeCloseTo(share, 10)
    })
  }
})

test('what means nothing is refused', () => {
  const data = drawn(4, 2, 1)
  expect(() => fitPca(matrix(0, 2))).toThrow('at least one row')
  expect(() => fitPca(matrixFromRows([[1, Number.NaN]]))).toThrow(
    'every value must be finite, got NaN at row 0, column 1',
  )
  expect(() => fitPca(matrixFromRows([[0.1], [0.1], [0.1]]))).toThrow('at least one column must vary')
  expect(() => fitPca(matrixFromRows([[1, 2]]))).toThrow('add up to more than 1')
  expect(() => fitPca(data, { components: 3 })).toThrow('from 1 to 2 (the smaller of rows and columns), got 3')
  expect(() => fitPca(data, { varianceShare: 0 })).toThrow('varianceShare must be above 0')
  expect(() => fitPca(data, { components: 1, varianceShare: 0.5 })).toThrow('without components beside it')
  expect(() => fitPca(data, { weights: [1, -1, 2, 3] })).toThrow('each ≥ 0')
  const model = fitPca(data, { components: 1 })
  expect(() => applyPca(model, matrix(1, 3))).toThrow('data must have the 2 columns of the fit, got 3')
  expect(() => invertPca(model, matrix(1, 2))).toThrow('scores must have 1 columns, got 2')
})
