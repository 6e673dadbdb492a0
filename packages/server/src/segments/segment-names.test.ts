import { expect, test } from 'vitest'
import type { ProfileEntry } from './result.ts'
import { segmentNames } from './segment-names.ts'

const entry = (feature: string, effect: number, label = feature): ProfileEntry => ({
  feature,
  label,
  unit: '',
  mean: 0,
  overallMean: 0,
  effect,
})

test('names say what sets a group apart, having before lacking, no two the same', () => {
  const shoes = entry('category_share_shoes', 0.5, 'share of purchases from Shoes')
  const names = segmentNames([
    [entry('spend', -1), entry('orders', 0.9), entry('age', 2)],
    [shoes, entry('orders', -0.4)],
    [shoes, entry('orders', -0.4), entry('spend', 0.35)],
    [entry('spend', 0.1)],
    [entry('spend', -0.1)],
  ])
  expect(names[0]).toBe('Frequent buyers, low spend')
  expect(names.slice(1, 3)).toEqual(['Fond of Shoes, rare buyers', 'Fond of Shoes, high spend'])
  expect(names.slice(3)).toEqual(['Close to the average', 'Close to the average (2)'])
  const alike = [shoes, entry('orders', 0.4)]
  expect(segmentNames([alike, [...alike, entry('spend', -0.3)]])).toEqual([
    'Fond of Shoes, frequent buyers',
    'Fond of Shoes, frequent buyers, low spend',
  ])
})

test('a feature that is called as what every object has is a feature like others', () => {
  expect(segmentNames([[entry('constructor', 2), entry('spend', 0.9)]])).toEqual(['High spend'])
})
