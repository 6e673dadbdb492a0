import { expect, test } from 'vitest'
import { countOf } from './count-of.ts'

test('one is said as one, and anything else as many', () => {
  expect([0, 1, 2, 1234].map((count) => countOf(count, 'customer'))).toEqual([
    ...['0 customers', '1 customer', '2 customers', '1,234 customers'],
  ])
  expect(countOf(1, 'id names nobody', 'ids name nobody')).toBe('1 id names nobody')
})
