import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CountRing } from './count-ring.ts'

test('counts what came by its bucket, and forgets what is older than all of them', () => {
  const ring = new CountRing(1000, 3)
  for (const at of [10_000, 10_999, 11_000, 12_500]) ring.add(at)
  expect(ring.last(3, 12_999)).toEqual([2, 1, 1])
  ring.add(9999)
  expect(ring.last(3, 13_000)).toEqual([1, 1, 0])
  expect(ring.sum(3, 100_000)).toBe(0)
})

const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 })

test('is the same as counting all of them', () => {
  fc.assert(
    fc.property(gaps, fc.integer({ min: 2, max: 20 }), (gaps, buckets) => {
      const ring = new CountRing(100, buckets)
      const moments: number[] = []
      let at = 5_000
      for (const gap of gaps) {
        at += gap
        moments.push(at)
        ring.add(at)
      }
      const until = Math.floor(at / 100)
      const expected = Array.from({ length: buckets }, (_, index) => until - buckets + 1 + index).map(
        (bucket) => moments.filter((moment) => Math.floor(moment / 100) === bucket).length,
      )
      expect(ring.last(buckets, at)).toEqual(expected)
    }),
  )
})
