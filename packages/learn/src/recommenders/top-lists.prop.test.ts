import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyTopLists, offerItem, sortTopList } from './top-lists.ts'

test('a list holds what sorting everything would put first, in any order of offers', () => {
  const scores = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 })
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 12 }), fc.boolean(), (offered, k, isReversed) => {
      const top = emptyTopLists(2, k)
      const items = offered.map((_, item) => item)
      for (const item of isReversed ? items.toReversed() : items) offerItem(top, 1, item, offered[item]!)
      sortTopList(top, 1)
      const expected = items.toSorted((one, two) => offered[two]! - offered[one]! || one - two).slice(0, k)
      expect(Array.from(top.items.subarray(k, k + top.sizes[1]!))).toEqual(expected)
      expect(top.sizes[0]).toBe(0)
    }),
  )
})
