import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { featureCatalogue } from '../features/index.ts'
import { reasonsOf, usualValues } from './reasons.ts'

const features = ['recency_days', 'orders', 'first_source', 'discounted_share'].map(
  (name) => featureCatalogue().find((feature) => feature.name === name)!,
)
const rows = {
  customerIds: ['a', 'b', 'c'],
  features,
  matrix: matrixFromRows([
    [120.5, 1, 1, 0.5],
    [30, 4, 0, 0.25],
    [Number.NaN, 9, Number.NaN, 0],
  ]),
  categories: new Map([['first_source', ['ads', 'organic']]]),
}
const effects = matrixFromRows([
  [0.5, -0.7, 0.2, 0.1],
  [0, 0, 0, 0.3],
  [-0.4, 0.1, 0.4, 0],
])
const told = { raises: 'makes it likelier', lowers: 'makes it less likely' }
const of = (row: number, ...named: number[]) => reasonsOf(rows, effects, row, usualValues(rows), new Set(named), told)

test('the strongest three that may be named, with value, usual value and direction', () => {
  expect(of(0, 3, 2, 0).map(({ feature }) => feature)).toEqual(['recency_days', 'first_source', 'discounted_share'])
  expect(of(0, 0, 1, 2, 3).map(({ words }) => words.replace(/^.*: /, ''))).toEqual([
    '1 (usually 4), makes it less likely',
    '121 (as usual), makes it likelier',
    'organic, makes it likelier',
  ])
  expect(of(0, 2)).toMatchObject([{ value: 'organic', effect: 0.2 }])
})

test('a share is told in per cent, what is missing by its own words, and no effect is no reason', () => {
  expect(of(1, 0, 3)).toMatchObject([{ value: 0.25, words: expect.stringContaining('25 % (as usual)') }])
  const [recency, source] = of(2, 0, 2)
  expect(recency).toMatchObject({ value: null, words: expect.stringContaining(features[0]!.missing) })
  expect(source).toMatchObject({ value: null, words: expect.stringContaining(features[2]!.missing) })
  expect(of(1)).toEqual([])
})
