import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differenced, restored } from './differencing.ts'

test('differences undone give the values that came', () => {
  const value = fc.integer({ min: -1000, max: 1000 })
  const lags = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 })
  fc.assert(
    fc.property(fc.array(value, { minLength: 16, maxLength: 40 }), lags, fc.nat({ max: 3 }), (values, rounds, cut) => {
      const series = Float64Array.from(values)
      const end = series.length - 1 - cut
      const whole = differenced(series, rounds)
      expect(restored(whole.rounds, whole.left.slice(end), end)).toEqual(series.slice(end))
      const known = differenced(series.slice(0, end), rounds)
      expect(restored(known.rounds, whole.left.slice(end))).toEqual(series.slice(end))
    }),
  )
})

test('values without one before them, and next to missing ones, have no difference', () => {
  const { left } = differenced(Float64Array.of(1, 3, Number.NaN, 6, 7, 9), [1])
  expect([...left]).toEqual([Number.NaN, 2, Number.NaN, Number.NaN, 1, 2])
  expect([...differenced(Float64Array.of(5, 6), []).left]).toEqual([5, 6])
})
