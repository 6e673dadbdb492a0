import { expect, test } from 'vitest'
import { shortLabels } from './short-labels.ts'

test('a shared beginning is said once', () => {
  expect(shortLabels(['share of purchases from Women > Tops', 'age', 'share of purchases from Shoes > Boots'])).toEqual(
    { labels: ['… Women > Tops', 'age', '… Shoes > Boots'], common: 'share of purchases from' },
  )
})

test('labels that share little or nothing stay whole', () => {
  for (const labels of [['days since the last visit', 'days between purchases'], ['age'], []]) {
    expect(shortLabels(labels)).toEqual({ labels, common: null })
  }
})

test('no label is left empty', () => {
  const { labels } = shortLabels([
    'pages viewed in the last days',
    'pages viewed in the last days',
    'pages viewed in the last',
  ])
  expect(labels).toEqual(['… days', '… days', 'pages viewed in the last'])
})
