import fc from 'fast-check'
import { expect, test } from 'vitest'
import { medianOf } from './median.ts'
import { quantileOf } from './quantile.ts'

const finite = fc.oneof(
  fc.double({ noNaN: true, min: -1e100, max: 1e100 }),
  // Repeated values are what cuts go wrong on.
  fc.integer({ min: -3, max: 3 }),
)

test('is the quantile in the middle of the sorted values', () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1, maxLength: 200 }), (values) => {
      const median = medianOf(Float64Array.from(values))
      // Of −0 and 0, which are one number, either may come.
      expect(median + 0).toBe(quantileOf(Float64Array.from(values).sort(), 0.5) + 0)
    }),
  )
})

const shapes: Readonly<Record<string, (at: number, n: number) => number>> = {
  rising: (at) => at,
  falling: (at, n) => n - at,
  equal: () => 7,
  'up and down': (at, n) => Math.min(at, n - at),
  'a saw': (at) => at % 13,
}

test.each(Object.entries(shapes))('holds where values are %s', (_, shape) => {
  for (let n = 1; n < 400; n += 1) {
    const values = Float64Array.from({ length: n }, (_, at) => shape(at, n))
    expect(medianOf(values.slice())).toBe(quantileOf(values.sort(), 0.5))
  }
})
