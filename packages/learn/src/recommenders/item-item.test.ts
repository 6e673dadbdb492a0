import { deserialize, serialize } from 'node:v8'
import { sparseFromTriplets } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitItemItem, type ItemItemModel, recommendItemItem, similarItems } from './item-item.ts'

// Users 0 and 1 take items 0 and 1, user 2 takes items 1 and 2; user 3 nothing, item 3 nobody.
const history = sparseFromTriplets(4, 4, [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 1, 2])

test('the score sums the similarities of what a user has', () => {
  const model = fitItemItem(history)
  const { items, scores } = recommendItemItem(model, history, { k: 2 })
  expect(Array.from(items)).toEqual([2, -1, 2, -1, 0, -1, -1, -1])
  // cosines: items 0 and 1: 2 / √6, items 1 and 2: 1 / √3, items 0 and 2 share nobody
  expect(scores[0]).toBeCloseTo(1 / Math.sqrt(3), 12)
  expect(scores[4]).toBeCloseTo(2 / Math.sqrt(6), 12)
  expect(scores[1]).toBeNaN()
})

test('similar items come most similar first and without the item itself', () => {
  const model = fitItemItem(history)
  expect(Array.from(similarItems(model, 1).items)).toEqual([0, 2])
  expect(similarItems(model, 1, 1).items).toHaveLength(1)
  expect(similarItems(model, 3).items).toHaveLength(0)
})

test('new users need no refit, and chosen rows come in their order', () => {
  const model = fitItemItem(history)
  const newcomers = sparseFromTriplets(2, 4, [0, 1], [2, 0])
  expect(Array.from(recommendItemItem(model, newcomers, { k: 1, users: [1, 0] }).items)).toEqual([1, 1])
})

test('the same data gives the same bytes, untouched, and a saved model recommends as before', () => {
  const before = structuredClone(history)
  const model = fitItemItem(history, { weighting: 'bm25' })
  expect(fitItemItem(history, { weighting: 'bm25' })).toEqual(model)
  expect(history).toEqual(before)
  const loaded = deserialize(serialize(model)) as ItemItemModel
  expect(recommendItemItem(loaded, history)).toEqual(recommendItemItem(model, history))
})

test('stored zeros are no interactions, and one item alone is similar to none', () => {
  const zeros = sparseFromTriplets(2, 2, [0, 0, 1], [0, 1, 0], [1, 0, 1])
  expect(fitItemItem(zeros).similarity.values).toHaveLength(0)
  expect(fitItemItem(sparseFromTriplets(1, 1, [0], [0])).similarity.values).toHaveLength(0)
  expect(fitItemItem(sparseFromTriplets(0, 0, [], []), { weighting: 'bm25' }).similarity.rows).toBe(0)
})

test('work that is aborted stops', () => {
  const work = { signal: AbortSignal.abort() }
  expect(() => fitItemItem(history, {}, work)).toThrow('the work was stopped before it was done')
  expect(() => recommendItemItem(fitItemItem(history), history, {}, work)).toThrow('the work was stopped')
})

test('says what it refuses', () => {
  const model = fitItemItem(history)
  expect(() => fitItemItem(history, { neighbours: 0 })).toThrow(
    'neighbours must be a whole number of at least 1, got 0',
  )
  expect(() => fitItemItem(history, { shrinkage: -1 })).toThrow('shrinkage must be finite and at least 0, got -1')
  expect(() => similarItems(model, 4)).toThrow('item must be 0 … 3, got 4')
  expect(() => recommendItemItem(model, history, { k: 0 })).toThrow('k must be a whole number of at least 1, got 0')
  expect(() => recommendItemItem(model, history, { users: [4] })).toThrow('users must be rows of the history, 0 … 3')
  expect(() => recommendItemItem(model, history, { denied: new Uint8Array(3) })).toThrow('must hold 4 items, got 3')
  expect(() => recommendItemItem(model, sparseFromTriplets(1, 3, [], []))).toThrow("the model's 4 items, got 3")
})
