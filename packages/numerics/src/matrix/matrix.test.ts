import { expect, test } from 'vitest'
import { checkFinite, columnOf, matrix, matrixFromRows, rowOf, takeRows } from './matrix.ts'

const data = matrixFromRows([
  [1, 2, 3],
  [4, 5, 6],
])

test('values lie row after row', () => {
  expect([...data.values]).toEqual([1, 2, 3, 4, 5, 6])
  expect([...columnOf(data, 1)]).toEqual([2, 5])
})

test('a row is a view, a column and taken rows are copies', () => {
  const own = matrixFromRows([[1, 2]])
  rowOf(own, 0)[1] = 9
  columnOf(own, 0)[0] = 7
  expect([...own.values]).toEqual([1, 9])
  const taken = takeRows(data, [1, 1, 0])
  expect([...taken.values]).toEqual([4, 5, 6, 4, 5, 6, 1, 2, 3])
  expect(takeRows(matrix(1, 1, Float32Array.of(2)), [0]).values).toBeInstanceOf(Float32Array)
})

test.each([
  [() => matrix(2, 2, new Float64Array(3)), 'values must hold 2 × 2 = 4 numbers, got 3'],
  [() => matrix(-1, 2), 'rows and columns must be whole numbers ≥ 0, got -1 × 2'],
  [() => matrixFromRows([[1, 2], [3]]), 'every row must have 2 values as row 0 has, row 1 has 1'],
])('refuses what has no shape', (make, message) => {
  expect(make).toThrow(message)
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d is found and placed', (value) => {
  const own = matrixFromRows([
    [1, 2],
    [3, value],
  ])
  expect(() => checkFinite('k-means', own)).toThrow(`got ${value} at row 1, column 1`)
})

test('a matrix without rows is refused, one of zeros is not', () => {
  expect(() => checkFinite('k-means', matrix(0, 3))).toThrow('at least one row and one column, got 0 × 3')
  expect(() => checkFinite('k-means', matrix(2, 2))).not.toThrow()
})
