import { sparseFromTriplets } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { rankingQuality } from './ranking-at-k.ts'

const lists = (k: number, ...items: number[][]) => ({
  users: Int32Array.from(items.keys()),
  k,
  items: Int32Array.from(items.flat()),
  scores: new Float64Array(items.length * k),
})

// By hand: user 0 holds 1, 2, 4, 5, 6 and hits ranks 2 and 3; user 1 holds 0 and hits nothing; user 2 holds nothing.
const heldOut = sparseFromTriplets(3, 8, [0, 0, 0, 0, 0, 1], [1, 2, 4, 5, 6, 0])
const recommended = lists(4, [3, 1, 2, 7], [1, 2, -1, -1], [5, 1, 2, 3])

test('each value is the one worked out by hand', () => {
  const quality = rankingQuality(recommended, heldOut)
  if (!quality.judged) throw new Error('two users can be judged')
  const gain = 1 / Math.log2(3) + 1 / Math.log2(4)
  const gainMax = 1 + 1 / Math.log2(3) + 1 / Math.log2(4) + 1 / Math.log2(5)
  expect(Array.from(quality.byUser.precision)).toEqual([0.5, 0])
  expect(Array.from(quality.byUser.recall)).toEqual([0.4, 0])
  expect(quality.byUser.ndcg[0]).toBeCloseTo(gain / gainMax, 14)
  expect(quality.byUser.map[0]).toBeCloseTo((1 / 2 + 2 / 3) / 5, 14)
  expect(quality.byUser.mapAtK[0]).toBeCloseTo((1 / 2 + 2 / 3) / 4, 14)
  expect(quality.hitRate.mean).toBe(0.5)
  expect(quality.precision.mean).toBe(0.25)
  expect(quality.coverage).toBe(5 / 8)
})

test('users with nothing held out are left out and counted', () => {
  expect(rankingQuality(recommended, heldOut)).toMatchObject({ users: 2, usersLeftOut: 1 })
  const none = sparseFromTriplets(3, 8, [], [])
  expect(rankingQuality(recommended, none)).toEqual({
    judged: false,
    because: 'no-held-out-items',
    usersLeftOut: 3,
  })
})

test('a shorter k judges the head of the lists', () => {
  const quality = rankingQuality(recommended, heldOut, { k: 2 })
  expect(quality).toMatchObject({ k: 2, precision: { mean: 0.25 }, recall: { mean: 0.1 } })
})

test('a perfect list scores 1 but for what k cannot reach', () => {
  const quality = rankingQuality(lists(2, [4, 5], [0, -1]), heldOut)
  expect(quality).toMatchObject({ ndcg: { mean: 1 }, mapAtK: { mean: 1 }, hitRate: { mean: 1 } })
  expect(quality).toMatchObject({ map: { mean: (2 / 5 + 1) / 2 }, precision: { mean: 0.75 } })
})

test('refuses a k beyond the lists and users outside the matrix', () => {
  expect(() => rankingQuality(recommended, heldOut, { k: 5 })).toThrow(
    'k must be 1 … 4, the length of the lists, got 5',
  )
  expect(() => rankingQuality({ ...recommended, users: Int32Array.of(0, 1, 3) }, heldOut)).toThrow('got 3')
})
