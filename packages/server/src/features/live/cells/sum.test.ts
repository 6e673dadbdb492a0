import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emptyNumbers } from './number-cell.ts'
import { exactAt, sumCell } from './sum.ts'

const millionths = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })

/** @returns the numbers of a sum, which does not begin at their first place */
function summed(values: readonly number[]): number[] {
  const numbers = emptyNumbers(3)
  for (const value of values) sumCell.add(numbers, 1, 0, value)
  return numbers
}

it('adds beyond what one number holds exactly, whatever is added first', () => {
  fc.assert(
    fc.property(fc.array(millionths, { minLength: 1, maxLength: 60 }), fc.nat(60), (values, cut) => {
      const exact = values.reduce((sum, value) => sum + BigInt(value), 0n)
      expect(BigInt(exactAt(summed(values), 1))).toBe(exact)
      const both = summed(values.slice(0, cut))
      if (cut < values.length) sumCell.addCell(both, 1, summed(values.slice(cut)), 1)
      expect(BigInt(exactAt(both, 1))).toBe(exact)
    }),
  )
})
