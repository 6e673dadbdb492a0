import fc from 'fast-check'
import { expect, test } from 'vitest'
import { triangularise } from './householder.ts'
import { singularValues } from './singular-values.ts'

const tall = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 6 }))
  .chain(([m, more]) =>
    fc.array(fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: m + more, maxLength: m + more }), {
      minLength: m,
      maxLength: m,
    }),
  )
  .map((columns) => columns.map((column) => Float64Array.from(column)))

const dot = (left: Float64Array, right: Float64Array): number =>
  left.reduce((sum, value, at) => sum + value * right[at]!, 0)

test('Q is orthonormal and Q R is the matrix', () => {
  fc.assert(
    fc.property(tall, (columns) => {
      const { triangle, orthonormal } = triangularise(columns.map((column) => column.slice()))
      const q = orthonormal()
      q.forEach((one, at) => {
        q.forEach((other, place) => {
          expect(dot(one, other)).toBeCloseTo(at === place ? 1 : 0, 12)
        })
      })
      columns.forEach((column, at) => {
        column.forEach((value, row) => {
          const sum = q.reduce((total, vector, k) => total + vector[row]! * triangle[at]![k]!, 0)
          expect(sum).toBeCloseTo(value, 9)
        })
      })
    }),
  )
})

test('left × values × right is the matrix, right is orthonormal, values fall', () => {
  fc.assert(
    fc.property(tall, (columns) => {
      const { values, left, right } = singularValues(columns)
      const vectors = left()
      columns.forEach((column, at) => {
        column.forEach((value, row) => {
          const sum = values.reduce((total, size, k) => total + vectors[k]![row]! * size * right[k]![at]!, 0)
          expect(sum).toBeCloseTo(value, 9)
        })
      })
      right.forEach((one, at) => {
        right.forEach((other, place) => {
          expect(dot(one, other)).toBeCloseTo(at === place ? 1 : 0, 12)
        })
      })
      expect([...values]).toEqual([...values].sort((one, other) => other - one))
    }),
  )
})

test('dependent columns have a value of 0, and tiny values keep their digits', () => {
  expect(singularValues([Float64Array.of(1, 2, 2), Float64Array.of(2, 4, 4)]).values[1]).toBeLessThan(1e-15)
  const { values } = singularValues([Float64Array.of(1, 0, 0), Float64Array.of(0, 1e-12, 0)])
  expect(values[1]).toBeCloseTo(1e-12, 26)
  expect(singularValues([Float64Array.of(0, 0)]).left()[0]).toEqual(new Float64Array(2))
})
