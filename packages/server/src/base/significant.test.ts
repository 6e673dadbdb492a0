import { expect, test } from 'vitest'
import { significant } from './significant.ts'

test('so many digits, and no exponent where there are more before the point', () => {
  const written = (digits: number, ...values: readonly number[]) => values.map((value) => significant(value, digits))
  expect(written(3, 0, 0.00648, 0.5, 83.56, 302, -22.81)).toEqual(['0.00', '0.00648', '0.500', '83.6', '302', '-22.8'])
  expect(written(3, 999.6, 1522.4, -39_413.2, 1e15)).toEqual(['1,000', '1,522', '-39,413', '1,000,000,000,000,000'])
  expect(written(2, 150.4, 9.2)).toEqual(['150', '9.2'])
  expect(written(3, Number.NaN)).toEqual(['NaN'])
})
