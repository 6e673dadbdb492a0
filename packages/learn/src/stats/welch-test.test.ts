import { expect, test } from 'vitest'
import { welchTest } from './welch-test.ts'

// Reference: R's sleep data, extra hours of sleep by two drugs, the example of R's `t.test(extra ~ group, data = sleep)`:
// t = -1.8608, df = 17.776, p-value = 0.07939, 95 percent interval -3.3654832 to 0.2054832.
test("Student's sleep data, as R prints them", () => {
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
  const found = welchTest(first, second)
  if (!found.defined) throw new Error(found.because)
  expect(found.t).toBeCloseTo(-1.8608, 4)
  expect(found.freedom).toBeCloseTo(17.776, 3)
  expect(found.pValue).toBeCloseTo(0.07939, 5)
  expect(found.low).toBeCloseTo(-3.3654832, 7)
  expect(found.high).toBeCloseTo(0.2054832, 7)
})

test('what has no answer says why, and what means nothing is refused', () => {
  expect(welchTest([1], [1, 2])).toEqual({ defined: false, because: 'too-few-rows' })
  expect(welchTest([1, 1], [2, 2])).toEqual({ defined: false, because: 'no-variation' })
  expect(() => welchTest([1, Number.NaN], [1, 2])).toThrow('every value must be finite, got NaN at place 1')
  expect(() => welchTest([1, 2], [1, 2], 1)).toThrow('confidence must be between 0 and 1, got 1')
})
