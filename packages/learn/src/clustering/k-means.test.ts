import { matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { describe, expect, test } from 'vitest'
import { assignKMeans, fitKMeans } from './k-means.ts'

const random = seededRandom(6)
const cloud = (rows: number, columns: number): ReturnType<typeof matrix> =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  )

describe('contract', () => {
  const data = cloud(9000, 5)
  const options = { clusters: 4, starts: 2, seed: 3 }

  test('the same seed gives the same bytes with any number of workers; another seed other starts', async () => {
    const alone = await fitKMeans(data, { ...options, workers: 0 })
    for (const workers of [1, 2, 3]) expect(await fitKMeans(data, { ...options, workers })).toEqual(alone)
    expect(await fitKMeans(data, { ...options, seed: 4, starts: 1, roundsMax: 2 })).not.toEqual(
      await fitKMeans(data, { ...options, starts: 1, roundsMax: 2 }),
    )
  })

  test('a fit between forgets, and the input stays as it was', async () => {
    const before = data.values.slice()
    const first = await fitKMeans(data, options)
    await fitKMeans(cloud(50, 2), { clusters: 7, seed: 1 })
    expect(await fitKMeans(data, options)).toEqual(first)
    expect(data.values).toEqual(before)
  })

  test('one row, one column, a constant column', async () => {
    expect((await fitKMeans(matrixFromRows([[3, 4]]), { clusters: 1, seed: 1 })).centroids.values).toEqual(
      Float64Array.of(3, 4),
    )
    const column = await fitKMeans(matrixFromRows([[0], [1], [9], [10], [11]]), { clusters: 2, seed: 1 })
    expect(column.centroids.values).toEqual(Float64Array.of(10, 0.5))
    expect(column.sizes).toEqual([3, 2])
    expect(column.inertia).toBe(2.5)
    const rows = Array.from({ length: 40 }, (_, row) => [row % 2, 7])
    expect((await fitKMeans(matrixFromRows(rows), { clusters: 2, seed: 1 })).inertia).toBe(0)
  })

  test('32-bit data give what the same values in 64 bits give', async () => {
    const narrow = { ...data, values: Float32Array.from(data.values) }
    const wide = { ...data, values: Float64Array.from(narrow.values) }
    expect(await fitKMeans(narrow, options)).toEqual(await fitKMeans(wide, options))
  })

  test('an abort stops it', async () => {
    const controller = new AbortController()
    const fit = fitKMeans(data, { clusters: 8, starts: 1000, seed: 1 }, { signal: controller.signal })
    setTimeout(() => controller.abort(), 20)
    await expect(fit).rejects.toMatchObject({ code: 'work.aborted' })
  })
})

test.each([
  [{ clusters: 0 }, 'k-means.clusters', 'clusters must be between 1 and 4 (rows with weight), got 0'],
  [{ clusters: 5 }, 'k-means.clusters', 'clusters must be between 1 and 4 (rows with weight), got 5'],
  [{ clusters: 3 }, 'k-means.distinct', 'clusters must be at most the number of distinct rows (2), got 3'],
  [{ clusters: 1, starts: 0 }, 'k-means.options', 'starts must be a whole number of at least 1, got 0'],
  [{ clusters: 1, tolerance: -1 }, 'k-means.options', 'tolerance must be at least 0, got -1'],
  [
    { clusters: 1, weights: Float64Array.of(1, -1, 1, 1) },
    'k-means.weights',
    'weights must be finite and at least 0, got -1 at row 1',
  ],
  [
    { clusters: 3, weights: Float64Array.of(1, 0, 1, 0) },
    'k-means.clusters',
    'clusters must be between 1 and 2 (rows with weight), got 3',
  ],
  [{ clusters: 1, initial: matrix(1, 2) }, 'k-means.initial', 'initial must be 1 × 1, got 1 × 2'],
])('refuses %o', async (options, code, message) => {
  const fit = fitKMeans(matrixFromRows([[1], [1], [2], [2]]), { seed: 1, ...options })
  await expect(fit).rejects.toMatchObject({ code, message })
})

test('missing values are refused, and other columns than the model has', async () => {
  const holed = matrixFromRows([
    [1, 2],
    [3, Number.NaN],
  ])
  await expect(fitKMeans(holed, { clusters: 1, seed: 1 })).rejects.toMatchObject({ code: 'k-means.missing' })
  const model = await fitKMeans(matrixFromRows([[1], [2]]), { clusters: 1, seed: 1 })
  await expect(assignKMeans(model, matrix(1, 2))).rejects.toThrow('data must have 1 columns, got 2')
})

test('weights count as repeated rows do', async () => {
  const rows = matrixFromRows([[0], [1], [10], [12]])
  const repeated = matrixFromRows([[0], [0], [0], [1], [10], [12], [12]])
  const weighted = await fitKMeans(rows, { clusters: 2, weights: Float64Array.of(3, 1, 1, 2), seed: 1 })
  const plain = await fitKMeans(repeated, { clusters: 2, seed: 1 })
  expect(weighted.inertia).toBeCloseTo(plain.inertia, 12)
  expect([...weighted.centroids.values].sort()).toEqual([...plain.centroids.values].sort())
})

test('a row of weight 0 is as if it were not there', async () => {
  const data = matrixFromRows([[0], [500], [1], [10], [-90], [12]])
  const weights = Float64Array.of(3, 0, 1, 1, 0, 2)
  const counted = { weights: weights.filter((weight) => weight > 0), clusters: 2, seed: 1 }
  expect(await fitKMeans(data, { ...counted, weights })).toEqual(
    await fitKMeans(matrixFromRows([[0], [1], [10], [12]]), counted),
  )
})

test('an assignment is the nearest centroid, with its distance', async () => {
  const data = cloud(5000, 3)
  const model = await fitKMeans(data, { clusters: 6, starts: 1, seed: 8 })
  const { labels, distances } = await assignKMeans(model, data)
  let inertia = 0
  for (let row = 0; row < data.rows; row += 1) {
    const byCluster = Array.from({ length: 6 }, (_, cluster) =>
      Math.hypot(...[0, 1, 2].map((at) => data.values[row * 3 + at]! - model.centroids.values[cluster * 3 + at]!)),
    )
    const nearest = Math.min(...byCluster)
    expect(labels[row]).toBe(byCluster.indexOf(nearest))
    expect(distances[row]).toBeCloseTo(nearest, 12)
    inertia += nearest ** 2
  }
  expect(model.inertia).toBeCloseTo(inertia, 8)
})
