import { matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { clusteringContract, normalCloud } from './clustering.contract.ts'
import { gapStatistic } from './gap-statistic.ts'

clusteringContract('gap', (data, work) => gapStatistic(data, { clustersMax: 3, draws: 3, starts: 2, seed: 1 }, work))

interface Gaps {
  data: number[][]
  logInertias: number[]
  gaps: number[]
  deviations: number[]
  draws: number
}

const { values: golden, agree } = readGolden<{ sets: Record<string, Gaps> }>(
  new URL('golden/gap.json', import.meta.url),
)

// Reference: the paper's formula around scikit-learn 1.9.1's k-means, 150 draws; made by golden/make/gap.py. Draws differ,
// so gaps agree to the standard error of both means, taken five times: one in a million would miss.
test.each(Object.entries(golden.sets))(
  '%s: gaps are those that another k-means and other draws give',
  async (_, set) => {
    const draws = 40
    const { gaps } = await gapStatistic(matrixFromRows(set.data), {
      clustersMax: set.gaps.length,
      draws,
      starts: 20,
      seed: 3,
    })
    gaps.forEach(({ logInertia, gap, standardError }, at) => {
      // Both take the best of several starts, which need not be the same one.
      agree('gap statistic', logInertia, set.logInertias[at]!, 0.01)
      const deviation = set.deviations[at]!
      agree('gap statistic', gap, set.gaps[at]!, 0.01 + 5 * deviation * Math.sqrt(1 / draws + 1 / set.draws))
      expect(standardError / (deviation * Math.sqrt(1 + 1 / draws))).toBeGreaterThan(0.5)
      expect(standardError / (deviation * Math.sqrt(1 + 1 / draws))).toBeLessThan(1.7)
    })
  },
)

test('planted clusters are counted, and a uniform cloud has one', async () => {
  const random = seededRandom(4)
  const centres = [
    [0, 0],
    [6, 0],
    [0, 7],
  ] as const
  const planted = matrixFromRows(
    Array.from({ length: 150 }, (_, row) => centres[row % 3]!.map((centre) => centre + random.normal())),
  )
  expect((await gapStatistic(planted, { clustersMax: 6, seed: 1 })).clusters).toBe(3)
  const uniform = matrix(
    150,
    2,
    Float64Array.from({ length: 300 }, () => random.uniform()),
  )
  expect((await gapStatistic(uniform, { clustersMax: 4, seed: 1 })).clusters).toBe(1)
})

test('the unit changes nothing but the inertias, and workers nothing at all', async () => {
  const data = normalCloud(80, 2, 6)
  const options = { clustersMax: 3, draws: 4, starts: 2, seed: 1 }
  const plain = await gapStatistic(data, options)
  const scaled = await gapStatistic({ ...data, values: data.values.map((value) => value * 2 ** 600) }, options)
  scaled.gaps.forEach(({ gap, logInertia }, at) => {
    expect(gap).toBeCloseTo(plain.gaps[at]!.gap, 9)
    expect(logInertia - plain.gaps[at]!.logInertia).toBeCloseTo(1200 * Math.LN2, 9)
  })
  expect(await gapStatistic(data, { ...options, workers: 0 })).toEqual(
    await gapStatistic(data, { ...options, workers: 2 }),
  )
})

test.each([
  [{ clustersMax: 1 }, 'gap.options', 'clustersMax must be at least 2 and below the number of rows (4), got 1'],
  [{ clustersMax: 4 }, 'gap.options', 'clustersMax must be at least 2 and below the number of rows (4), got 4'],
  [{ clustersMax: 3, draws: 1 }, 'gap.options', 'draws must be a whole number of at least 2, got 1'],
  [{ clustersMax: 3 }, 'gap.distinct', /2 clusters already hold equal rows only/],
])('refuses %o', async (options, code, message) => {
  const gap = (): Promise<unknown> => gapStatistic(matrixFromRows([[1], [1], [2], [2]]), { seed: 1, ...options })
  await expect(gap()).rejects.toMatchObject({ code })
  await expect(gap()).rejects.toThrow(message)
})
