import { expect, test } from 'vitest'
import { drawsOf, trainingCuts } from './training-cuts.ts'

test('it goes back as long as a horizon lies before a cut, six times at most, and once in any case', () => {
  expect(trainingCuts(100, 0, 30)).toEqual([100, 70, 40])
  expect(trainingCuts(90, 0, 30)).toEqual([90, 60, 30])
  expect(trainingCuts(1000, 0, 30)).toHaveLength(6)
  expect(trainingCuts(20, 0, 30)).toEqual([20])
})

test('cuts share the rows that may be learned from, and no two are drawn alike', () => {
  const { training, test: holdOut } = drawsOf(6, 7)
  expect(training.map(({ most }) => most)).toEqual(Array.from({ length: 6 }, () => 3333))
  expect(holdOut.most).toBe(20_000)
  expect(new Set([...training, holdOut].map(({ seed }) => seed)).size).toBe(7)
})
