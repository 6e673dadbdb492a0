import { matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { featureCatalogue } from '../../../features/index.ts'
import { leakageOf } from './leakage.ts'

const features = ['recency_days', 'orders', 'first_source'].map(
  (name) => featureCatalogue().find((feature) => feature.name === name)!,
)
const random = seededRandom(3)
const sides = Uint8Array.from({ length: 400 }, () => random.integer(2))
const about = 'a purchase in the next 30 days'

/** What is said of these recencies, orders and sources of customers. */
const found = (of: (row: number) => readonly [number, number, number]) =>
  leakageOf(
    {
      customerIds: Array.from(sides, (_, row) => String(row)),
      features,
      matrix: matrixFromRows(Array.from(sides, (_, row) => of(row))),
      categories: new Map([['first_source', ['ads', 'organic']]]),
    },
    sides,
    { about, seed: 1 },
  )

test.each<[string, (row: number) => number]>([
  ['rises with it', (row) => sides[row]! + 0.1 * random.uniform()],
  ['falls with it', (row) => 0.1 * random.uniform() - sides[row]!],
  ['is missing with it', (row) => (sides[row]! ? Number.NaN : random.uniform())],
])('a feature that alone tells who is a leak: it %s', (_, recency) => {
  const { because } = found((row) => [recency(row), 1, 0])
  expect(because).toContain(`days since the last purchase (recency_days) predicts ${about} by itself (area under`)
  expect(because).toContain('make sure that it is known before; else leave its family out of the features')
})

test('a category that is the outcome under another name is a leak', () => {
  expect(found((row) => [random.uniform(), 1, sides[row]!]).because).toMatch(
    /\(first_source\) tells a purchase in the next 30 days row by row/,
  )
})

test('one that tells much is none; of one that tells very much somebody is told', () => {
  expect(found((row) => [sides[row]! + random.normal(), 1, 0])).toEqual({ because: undefined, suspects: [] })
  const { because, suspects } = found((row) => [sides[row]! + 0.38 * random.normal(), 1, 0])
  expect(because).toBeUndefined()
  expect(suspects).toHaveLength(1)
})

test('that those of whom nothing is known do nothing is no leak', () => {
  const isKnown = sides.map((side) => (side === 1 || random.uniform() < 0.5 ? 1 : 0))
  expect(found((row) => [isKnown[row]! ? random.uniform() : Number.NaN, 1, 0]).because).toBeUndefined()
})
