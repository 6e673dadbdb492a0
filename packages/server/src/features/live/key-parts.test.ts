import fc from 'fast-check'
import { expect, it } from 'vitest'
import { partsOfKey } from './key-parts.ts'

const key = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })

it('orders keys by their parts as by themselves', () => {
  fc.assert(
    fc.property(key, fc.oneof(key, fc.constant(null)), (left, other) => {
      const right = other ?? left
      const [one, two] = [[...partsOfKey(left)], [...partsOfKey(right)]]
      const place = one.findIndex((part, at) => part !== two[at])
      const byParts = place < 0 ? 0 : Math.sign(one[place]! - two[place]!)
      expect(byParts).toBe(left < right ? -1 : left > right ? 1 : 0)
    }),
  )
})
