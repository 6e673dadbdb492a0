import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { featureCatalogue } from '../../../features/index.ts'
import { findLeaks } from './leaks.ts'

const features = featureCatalogue().filter(({ name }) => name === 'recency_days' || name === 'orders')
const rowsWith = (of: (row: number) => readonly number[]) => ({
  customerIds: Array.from({ length: 200 }, (_, row) => String(row)),
  features,
  matrix: matrixFromRows(Array.from({ length: 200 }, (_, row) => of(row))),
  categories: new Map(),
})
const sides = Uint8Array.from({ length: 200 }, (_, row) => row % 2)

test('a feature that alone tells who is a leak, whichever way it points, and so is whether it is missing', () => {
  expect(
    findLeaks(
      rowsWith((row) => [row % 2, row]),
      sides,
    ),
  ).toMatchObject([{ feature: 'recency_days', auc: 1 }])
  expect(
    findLeaks(
      rowsWith((row) => [-(row % 2), row]),
      sides,
    ),
  ).toHaveLength(1)
  expect(
    findLeaks(
      rowsWith((row) => [row, row % 2 === 1 ? Number.NaN : row]),
      sides,
    ),
  ).toMatchObject([{ feature: 'orders' }])
})

test('one that tells much is none', () => {
  expect(
    findLeaks(
      rowsWith((row) => [row % 2 === 1 ? row : row * 0.5, 1]),
      sides,
    ),
  ).toEqual([])
})
