import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemberBits } from './member-bits.ts'

const numbers = fc.array(fc.nat({ max: 3000 }))

it('holds what a set holds, also when read back from its bytes', () => {
  fc.assert(
    fc.property(numbers, numbers, numbers, (put, taken, others) => {
      const [bits, set] = [new MemberBits(), new Set(put)]
      for (const one of put) bits.set(one, true)
      for (const one of taken) {
        bits.set(one, false)
        set.delete(one)
      }
      const again = new MemberBits(bits.bytes())
      for (const held of [bits, again]) {
        expect([...held.values()]).toEqual([...set].sort((left, right) => left - right))
        expect(held.size).toBe(set.size)
      }
      const other = new MemberBits()
      for (const one of others) other.set(one, true)
      expect(bits.overlap(other)).toBe([...new Set(others)].filter((one) => set.has(one)).length)
    }),
  )
})
