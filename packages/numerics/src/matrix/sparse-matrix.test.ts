import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SparseMatrix, sparseFromTriplets, transposeSparse } from './sparse-matrix.ts'

const dense = ({ rows, columns, rowStarts, columnIndices, values }: SparseMatrix): number[][] => {
  const full = Array.from({ length: rows }, () => new Array<number>(columns).fill(0))
  for (let row = 0; row < rows; row += 1) {
    for (let at = rowStarts[row]!; at < rowStarts[row + 1]!; at += 1) full[row]![columnIndices[at]!] = values[at]!
  }
  return full
}

const triplets = fc.array(fc.tuple(fc.nat(4), fc.nat(6), fc.integer({ min: -9, max: 9 })), { maxLength: 60 })

test('equals the dense matrix of the same triplets, places given twice added', () => {
  fc.assert(
    fc.property(triplets, (entries) => {
      const expected = Array.from({ length: 5 }, () => new Array<number>(7).fill(0))
      for (const [row, column, value] of entries) expected[row]![column]! += value
      const [rows, columns, values] = [0, 1, 2].map((at) => entries.map((entry) => entry[at]!))
      const sparse = sparseFromTriplets(5, 7, rows!, columns!, values!)
      expect(dense(sparse)).toEqual(expected)
      for (let row = 0; row < 5; row += 1) {
        const own = [...sparse.columnIndices.slice(sparse.rowStarts[row], sparse.rowStarts[row + 1])]
        expect(own).toEqual([...new Set(own)].sort((a, b) => a - b))
      }
    }),
  )
})

test('transposing twice gives the matrix back, once its mirror', () => {
  fc.assert(
    fc.property(triplets, (entries) => {
      const [rows, columns, values] = [0, 1, 2].map((at) => entries.map((entry) => entry[at]!))
      const sparse = sparseFromTriplets(5, 7, rows!, columns!, values!)
      const mirrored = transposeSparse(sparse)
      expect(dense(mirrored)).toEqual(Array.from({ length: 7 }, (_, column) => dense(sparse).map((row) => row[column])))
      expect(transposeSparse(mirrored)).toEqual(sparse)
    }),
  )
})

test('an entry outside the shape is refused', () => {
  expect(() => sparseFromTriplets(2, 2, [0, 2], [0, 0])).toThrow('entry 1 must lie inside 2 × 2, got (2, 0)')
})
