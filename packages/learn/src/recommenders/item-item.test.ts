import { deserialize, serialize } from 'node:v8'
import { sparseFromTriplets } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitItemItem, type ItemItemModel, recommendItemItem, similarItems } from './item-item.ts'

// Users 0 and 1 take items 0 and 1, user 2 takes items 1 and 2; user 3 nothing, item 3 nobody.
const history = sparseFromTriplets(4, 4, [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 1, 2])

test('the score sums the similarities of what a user has', async () => {
  const model = await fitItemItem(history)
  const { items, scores } = await recommendItemItem(model, history, { k: 2 })
  expect(Array.from(items)).toEqual([2, -1, 2, -1, 0, -1, -1, -1])
  // cosines: items 0 and 1: 2 / √6, items 1 and 2: 1 / √3, items 0 and 2 share nobody
  expect(scores[0]).toBeCloseTo(1 / Math.sqrt(3), 12)
  expect(scores[4]).toBeCloseTo(2 / Math.sqrt(6), 12)
  expect(scores[1]).toBeNaN()
})

test('similar items come most similar first and without the item itself', async () => {
  const model = await fitItemItem(history)
  expect(Array.from(similarItems(model, 1).items)).toEqual([0, 2])
  expect(similarItems(model, 1, 1).items).toHaveLength(1)
  expect(similarItems(model, 3).items).toHaveLength(0)
})

test('new users need no refit, and chosen rows come in their order', async () => {
  const model = await fitItemItem(history)
  const newcomers = sparseFromTriplets(2, 4, [0, 1], [2, 0])
  expect(Array.from((await recommendItemItem(model, newcomers, { k: 1, users: [1, 0] })).items)).toEqual([1, 1])
})

test('the same data gives the same bytes, untouched, and a saved model recommends as before', async () => {
  const before = structuredClone(history)
  const model = await fitItemItem(history, { weighting: 'bm25' })
  expect(await fitItemItem(history, { weighting: 'bm25' })).toEqual(model)
  expect(history).toEqual(before)
  const loaded = deserialize(serialize(model)) as ItemItemModel
  expect(await recommendItemItem(loaded, history)).toEqual(await recommendItemItem(model, history))
})

test('stored zeros are no interactions, and one item alone is similar to none', async () => {
  const zeros = sparseFromTriplets(2, 2, [0, 0, 1], [0, 1, 0], [1, 0, 1])
  expect((await fitItemItem(zeros)).similarity.values).toHaveLength(0)
  expect((await fitItemItem(sparseFromTriplets(1, 1, [0], [0]))).similarity.values).toHaveLength(0)
  expect((await fitItemItem(sparseFromTriplets(0, 0, [], []), { weighting: 'bm25' })).similarity.rows).toBe(0)
})

test('work that is aborted stops', async () => {
  const work = { signal: AbortSignal.abort() }
  await expect(fitItemItem(history, {}, work)).rejects.toThrow('the work was stopped before it was done')
  const model = await fitItemItem(history)
  await expect(recommendItemItem(model, history, {}, work)).rejects.toThrow('the work was stopped')
})

test('says what it refuses', async () => {
  const model = await fitItemItem(history)
  await expect(fitItemItem(history, { neighbours: 0 })).rejects.toThrow(
    'neighbours must be a whole number of at least 1, got 0',
  )
  await expect(fitItemItem(history, { shrinkage: -1 })).rejects.toThrow(
    'shrinkage must be finite and at least 0, got -1',
  )
  expect(() => similarItems(model, 4)).toThrow('item must be 0 … 3, got 4')
  await expect(recommendItemItem(model, history, { k: 0 })).rejects.toThrow(
    'k must be a whole number of at least 1, got 0',
  )
  await expect(recommendItemItem(model, history, { users: [4] })).rejects.toThrow(
    'users must be rows of the history, 0 … 3',
  )
  await expect(recommendItemItem(model, history, { denied: new Uint8Array(3) })).rejects.toThrow(
    'must hold 4 items, got 3',
  )
  await expect(recommendItemItem(model, sparseFromTriplets(1, 3, [], []))).rejects.toThrow("the model's 4 items, got 3")
})
