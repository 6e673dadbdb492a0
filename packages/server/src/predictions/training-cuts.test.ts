import { expect, test } from 'vitest'
import { trainingCuts } from './training-cuts.ts'

test('it goes back as long as a horizon lies before a cut, six times at most, and once in any case', () => {
  expect(trainingCuts(100, 0, 30)).toEqual([100, 70, 40])
  expect(trainingCuts(90, 0, 30)).toEqual([90, 60, 30])
  expect(trainingCuts(1000, 0, 30)).toHaveLength(6)
  expect(trainingCuts(1000, 0, 30, 1)).toEqual([1000])
  expect(trainingCuts(20, 0, 30)).toEqual([20])
})
