import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { sortValues } from './sort-values.ts'

test.each([0, 1, 5, 4095, 4096, 20_001])(
  '%i values of all sizes and signs come in the order of the built-in sort',
  (n) => {
    const random = seededRandom(n)
    const special = [Infinity, -Infinity, 0, -0, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE]
    const values = Float64Array.from({ length: n }, (_, at) =>
      at < special.length ? special[at]! : random.normal() * 10 ** (random.integer(600) - 300),
    )
    const expected = values.slice().sort()
    expect(sortValues(values)).toEqual(expected)
  },
)

test('a few values many times over', () => {
  const random = seededRandom(1)
  const values = Float64Array.from({ length: 10_000 }, () => random.integer(7) - 3)
  const expected = values.slice().sort()
  expect(sortValues(values)).toEqual(expected)
})
