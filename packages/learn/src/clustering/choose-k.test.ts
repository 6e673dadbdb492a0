import { type Matrix, matrix, type Random, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { adjustedRand } from './adjusted-rand.ts'
import { bootstrapStability } from './bootstrap-stability.ts'
import { chooseK } from './choose-k.ts'

const table = (rows: number, columns: number, draw: (row: number) => number[]): Matrix => {
  const data = matrix(rows, columns)
  for (let row = 0; row < rows; row += 1) data.values.set(draw(row), row * columns)
  return data
}

/** Round clusters of unit variance, centres `apart` from each other along axes of their own. */
const planted = (random: Random, rows: number, clusters: number, columns: number, apart: number): Matrix =>
  table(rows, columns, (row) =>
    Array.from(
      { length: columns },
      (_, column) => random.normal() + (row % clusters === column ? apart / Math.SQRT2 : 0),
    ),
  )

const quick = { sampleRows: 500, resamples: 6 }

test.each([2, 3, 4, 6])('finds %i planted clusters', async (clusters) => {
  const choice = await chooseK(planted(seededRandom(clusters), 900, clusters, 6, 7), { ...quick, seed: 1 })
  expect(choice).toMatchObject({ found: true, clusters })
  expect(choice.verdict).toContain(`There are ${clusters} clusters`)
  expect(choice.candidates.map((candidate) => candidate.clusters)).toEqual([2, 3, 4, 5, 6, 7, 8])
})

test('a correlated normal cloud has none, and the verdict says so', async () => {
  const random = seededRandom(3)
  const data = table(800, 4, () => {
    const activity = random.normal()
    return [1, 2, 3, 1].map((loading) => loading * activity + random.normal())
  })
  const choice = await chooseK(data, { ...quick, seed: 2 })
  expect(choice.found).toBe(false)
  expect(choice.verdict).toContain('There are no clusters here')
})

test('the same seed gives the same bytes with any number of workers, and the input stays as it was', async () => {
  const data = planted(seededRandom(8), 700, 3, 4, 6)
  const before = data.values.slice()
  const options = { ...quick, clustersMax: 4, seed: 5 }
  const alone = await chooseK(data, { ...options, workers: 0 })
  expect(await chooseK(data, { ...options, workers: 2 })).toEqual(alone)
  expect(data.values).toEqual(before)
})

test('too few distinct rows are a result with a reason', async () => {
  const data = table(500, 2, (row) => [row % 4, 1])
  const choice = await chooseK(data, { seed: 1 })
  expect(choice).toMatchObject({ found: false, because: 'too-few-rows', candidates: [] })
  expect(choice.verdict).toBe('To try 8 clusters takes 80 different rows, and there are 4.')
})

test.each([
  [
    { clustersMin: 1 },
    'clustersMin and clustersMax must be whole numbers with 2 ≤ clustersMin ≤ clustersMax, got 1 and 8',
  ],
  [{ sampleRows: 79 }, 'sampleRows must be at least 80, got 79'],
  [{ nullDraws: 18 }, 'level must lie between 0 and 1 with at least 1 / level − 1 null draws, got 0.05 and 18 draws'],
])('refuses %o', async (options, message) => {
  await expect(chooseK(matrix(200, 2), { seed: 1, ...options })).rejects.toThrow(message)
})

test('an abort stops it', async () => {
  const controller = new AbortController()
  const choice = chooseK(planted(seededRandom(1), 900, 3, 5, 4), { seed: 1 }, { signal: controller.signal })
  setTimeout(() => controller.abort(), 50)
  await expect(choice).rejects.toMatchObject({ code: 'work.aborted' })
})

test('planted clusters come back under resampling, arbitrary cuts do not', async () => {
  const random = seededRandom(12)
  const real = await bootstrapStability(planted(random, 600, 3, 5, 8), { clusters: 3, starts: 3, seed: 1 })
  expect(real.adjustedRand).toBeGreaterThan(0.98)
  for (const overlap of real.jaccard) expect(overlap).toBeGreaterThan(0.95)
  const cloud = table(600, 5, () => Array.from({ length: 5 }, () => random.normal()))
  const cut = await bootstrapStability(cloud, { clusters: 5, starts: 3, seed: 1 })
  expect(cut.adjustedRand).toBeLessThan(0.7)
  expect(Math.min(...cut.jaccard)).toBeLessThan(0.7)
})

test('the adjusted Rand index is near 0 for groupings by chance and 1 for the same under other names', () => {
  const random = seededRandom(2)
  const a = Int32Array.from({ length: 5000 }, () => random.integer(4))
  const b = Int32Array.from({ length: 5000 }, () => random.integer(3))
  expect(Math.abs(adjustedRand(a, b))).toBeLessThan(0.005)
  expect(
    adjustedRand(
      a,
      a.map((label) => 3 - label),
    ),
  ).toBe(1)
  expect(() => adjustedRand(a, b.slice(1))).toThrow('both groupings must have 5000 rows, got 4999')
})
