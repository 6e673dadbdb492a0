import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moveToPlace } from './move-to-place.ts'

const numbers = fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 }))

test('gives the value at a place of the sorted ones, and parts the others around it', () => {
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 1, maxLength: 200 }), fc.nat(), (given, drawn) => {
      const place = drawn % given.length
      const values = Float64Array.from(given)
      const found = moveToPlace(values, place)
      // Of −0 and 0, which are one number, either may come.
      expect(found + 0).toBe(Float64Array.from(given).sort()[place]! + 0)
      expect(values[place]).toBe(found)
      expect(values.subarray(0, place).every((value) => value <= found)).toBe(true)
      expect(values.subarray(place).every((value) => value >= found)).toBe(true)
      const parted = Array.from(values.sort(), (value) => value + 0)
      expect(parted).toEqual(Array.from(Float64Array.from(given).sort(), (value) => value + 0))
    }),
  )
})

test('ends where every cut goes wrong, as on values that rise to the middle and fall again', () => {
  for (const n of [10, 1000, 20_000]) {
    const values = Float64Array.from({ length: n }, (_, at) => Math.min(at, n - 1 - at))
    expect(moveToPlace(values.slice(), n >> 1)).toBe(values.sort()[n >> 1])
  }
})
