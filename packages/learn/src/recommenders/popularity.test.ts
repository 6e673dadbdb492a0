import { sparseFromTriplets } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitPopularity, recommendPopular } from './popularity.ts'

const history = sparseFromTriplets(4, 4, [0, 1, 1, 2, 2], [1, 1, 2, 1, 0], [9, 1, 1, 1, 0])

test('an item counts once per user, whatever the strength, and a stored zero does not count', () => {
  expect(Array.from(fitPopularity(history).usersByItem)).toEqual([0, 3, 1, 0])
})

test('users get the most popular items that they do not have, and never one that nobody has', async () => {
  const { items, scores } = await recommendPopular(fitPopularity(history), history, { k: 3 })
  expect(Array.from(items)).toEqual([2, -1, -1, -1, -1, -1, 2, -1, -1, 1, 2, -1])
  expect(scores[9]).toBe(3)
})

test('refuses negative strengths', () => {
  expect(() => fitPopularity(sparseFromTriplets(2, 1, [1], [0], [-2]))).toThrow('got -2 for user 1, item 0')
})
