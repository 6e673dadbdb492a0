import { expect, test } from 'vitest'
import { checkList } from './check-list.ts'
import { checkMatrix } from './check-matrix.ts'
import { type Matrix, matrix, matrixFromRows } from './matrix.ts'
import { type SparseMatrix, sparseFromTriplets } from './sparse-matrix.ts'

const sparse = sparseFromTriplets(3, 4, [0, 0, 2], [1, 3, 0])

test('a matrix that holds what it says passes, dense or sparse, empty or not', () => {
  for (const data of [matrix(2, 3), matrix(0, 3), sparse, sparseFromTriplets(0, 0, [], []), matrixFromRows([[NaN]])]) {
    expect(() => checkMatrix('some', data)).not.toThrow()
  }
})

const wrong: [unknown, string][] = [
  [undefined, 'data must be a matrix with rows, columns and values, got nothing'],
  [[[1, 2]], 'data must be a matrix with rows, columns and values, got an array'],
  [
    { rows: '2', columns: 1, values: new Float64Array(2) },
    'rows and columns must be whole numbers ≥ 0, got a string × 1',
  ],
  [{ rows: 2, columns: 1, values: [1, 2] }, 'values must be a Float64Array or a Float32Array, got an array'],
  [{ rows: 2, columns: 2, values: new Float64Array(3) }, 'values must hold 2 × 2 = 4 numbers, got 3'],
  [
    { ...sparse, rowStarts: Int32Array.of(0, 2, 3) },
    'rowStarts must hold 4 numbers (rows + 1) from 0 to 3 (values), got 3 from 0 to 3',
  ],
  [{ ...sparse, rowStarts: Int32Array.of(0, 3, 2, 3) }, 'rowStarts must never fall, got 2 after 3 at row 1'],
  [{ ...sparse, rowStarts: [0, 2, 2, 3] }, 'rowStarts of a sparse matrix must be an Int32Array, got an array'],
  [{ ...sparse, columnIndices: Int32Array.of(1, 3) }, 'columnIndices and values must have one length, got 2 and 3'],
  [{ ...sparse, columnIndices: Int32Array.of(3, 1, 0) }, 'lie from 0 to 3, got 1 after 3 in row 0'],
  [{ ...sparse, columnIndices: Int32Array.of(1, 1, 0) }, 'lie from 0 to 3, got 1 after 1 in row 0'],
  [{ ...sparse, columnIndices: Int32Array.of(1, 3, 4) }, 'lie from 0 to 3, got 4 in row 2'],
  [{ ...sparse, columnIndices: Int32Array.of(-1, 3, 0) }, 'lie from 0 to 3, got -1 in row 0'],
]

test.each(wrong)('refuses %o', (data, message) => {
  expect(() => checkMatrix('some', data as Matrix | SparseMatrix)).toThrow(message)
})

test('a list holds numbers and nothing else', () => {
  for (const list of [[], [1, NaN, Infinity], Float32Array.of(1), new Uint8Array(2)]) {
    expect(() => checkList('some.list', 'values', list)).not.toThrow()
  }
  const refused: [unknown, string][] = [
    [undefined, 'values must be an array or a typed array of numbers, got nothing'],
    ['12', 'values must be an array or a typed array of numbers, got a string'],
    [[1, null], 'values must hold numbers only (NaN where one is missing), got null at 1'],
    [[1, '2'], 'values must hold numbers only (NaN where one is missing), got a string at 1'],
    [[undefined, 1], 'values must hold numbers only (NaN where one is missing), got nothing at 0'],
  ]
  for (const [list, message] of refused) {
    expect(() => checkList('some.list', 'values', list as number[])).toThrow(message)
  }
})

test('rows and triplets hold numbers inside their shape', () => {
  expect(() => matrixFromRows([[1], [null as unknown as number]])).toThrow(
    'every value must be a number (NaN where it is missing), got null at row 1, column 0',
  )
  expect(() => sparseFromTriplets(2, 2, [0.5], [1])).toThrow('entry 0 must lie inside 2 × 2, got (0.5, 1)')
  expect(() => sparseFromTriplets(2, 2, [0, 1], [1])).toThrow('must have one length, got 2, 1 and 2')
  expect(() => sparseFromTriplets(2, 2, [0], [1], [1, 2])).toThrow('must have one length, got 1, 1 and 2')
})
