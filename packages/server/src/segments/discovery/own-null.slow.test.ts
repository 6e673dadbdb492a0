import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { compareNumbers } from './compare-numbers.ts'
import { chanceOfDensity } from './density-null.ts'
import { oneCloud, pointsOf, threeClouds } from './points.contract.ts'

const partitions = ['kmeans', 'hierarchical', 'gmm', 'medoids'] as const
const densities = ['dbscan', 'hdbscan'] as const

test.each(partitions)('%s finds planted groups, and none in one long cloud', async (method) => {
  const planted = await compareNumbers(method, pointsOf(threeClouds(240, seededRandom(1))), { seed: 1 })
  expect(planted).toMatchObject({ k: 3 })
  expect(planted.verdict).toMatch(/There are 3 groups by .* without groups \(p = 0\.0\d+\)/)
  const none = await compareNumbers(method, pointsOf(oneCloud(240, seededRandom(2))), { seed: 1 })
  expect(none.k).toBeNull()
  expect(none.verdict).toMatch(/^There are no groups here by .*without groups/)
  const asked = await compareNumbers(method, pointsOf(oneCloud(240, seededRandom(2))), { seed: 1, asked: 4 })
  expect(asked).toMatchObject({ k: 4 })
  expect(asked.verdict).toMatch(/as asked for\. Left to choose: there are no groups here/)
})

test.each(densities)(
  '%s: planted groups come by chance in one of twenty at most, those of one cloud often',
  async (method) => {
    expect(await chanceOfDensity(method, pointsOf(threeClouds(240, seededRandom(1))), { seed: 1 })).toBe(0.05)
    expect(await chanceOfDensity(method, pointsOf(oneCloud(240, seededRandom(2))), { seed: 1 })).toBeGreaterThan(0.05)
  },
)

test('a radius and a size that were asked for are asked of the customers without groups as well', async () => {
  const points = pointsOf(threeClouds(240, seededRandom(1)))
  expect(await chanceOfDensity('dbscan', points, { seed: 1, radius: 1.5 })).toBe(0.05)
  expect(await chanceOfDensity('hdbscan', points, { seed: 1, sizeMin: 20 })).toBe(0.05)
})

test('too few different customers are a result with a reason', async () => {
  const { data } = pointsOf(oneCloud(240, seededRandom(3)))
  const few = pointsOf({ ...data, values: data.values.map((value) => Math.round(value / 4)) })
  const { k, verdict } = await compareNumbers('hierarchical', few, { seed: 1 })
  expect(k).toBeNull()
  expect(verdict).toMatch(
    /^To try 8 groups takes 80 different customers, and there are \d+\. The others are the same .* \(--k\)\.$/,
  )
})
