import { readFileSync } from 'node:fs'
import { matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { dataPath, withoutData } from '../../../../tooling/test-data.ts'
import { adjustedRand } from './adjusted-rand.ts'
import { calinskiHarabasz, daviesBouldin } from './cluster-indices.ts'
import { assignKMeans, fitKMeans } from './k-means.ts'
import { normalisedMutualInformation } from './normalised-mutual-information.ts'
import { sampledSilhouette, silhouette } from './silhouette.ts'

interface Case {
  labels: number[]
  silhouette: number
  silhouettes: number[]
  daviesBouldin: number
  calinskiHarabasz: number
}

const { values: golden, agree } = readGolden<{
  data: number[][]
  cases: Case[]
  adjustedRand: { a: number[]; b: number[]; index: number; mutual: number }[]
}>(new URL('golden/cluster-indices.json', import.meta.url))
const data = matrixFromRows(golden.data)

// Reference: scikit-learn 1.9.1; made by golden/make/clustering.py. Its distances come from a² − 2ab + b², ours from
// differences, so single silhouettes differ in the last digits.
test.each(golden.cases)(
  'silhouette, Davies-Bouldin and Calinski-Harabasz are those of scikit-learn',
  async (expected) => {
    const labels = Int32Array.from(expected.labels)
    const { mean, values } = await silhouette(data, labels)
    agree('silhouette', mean, expected.silhouette, 1e-10)
    agree('silhouette', values, expected.silhouettes, 1e-10)
    agree('Davies-Bouldin', daviesBouldin(data, labels), expected.daviesBouldin, 1e-10, 0)
    agree('Calinski-Harabasz', calinskiHarabasz(data, labels), expected.calinskiHarabasz, 1e-10, 0)
  },
)

test('silhouettes from each pair once and from every row by itself agree, whatever the workers', async () => {
  const random = seededRandom(5)
  const rows = matrix(
    701,
    3,
    Float64Array.from({ length: 2103 }, () => random.normal()),
  )
  const labels = Int32Array.from({ length: 701 }, (_, row) => (row === 5 ? 3 : row % 3))
  const exact = await silhouette(rows, labels, { workers: 0 })
  expect(await silhouette(rows, labels, { workers: 3 })).toEqual(exact)
  const { mean } = await sampledSilhouette(rows, labels, { sampleRows: 701, seed: 1 })
  expect(mean).toBeCloseTo(exact.mean, 13)
})

test.each(golden.adjustedRand)('the adjusted Rand index is that of scikit-learn ($index)', ({ a, b, index }) => {
  agree('adjusted Rand index', adjustedRand(Int32Array.from(a), Int32Array.from(b)), index, 1e-12)
})

test.each(golden.adjustedRand)(
  'normalised mutual information is that of scikit-learn ($mutual)',
  ({ a, b, mutual }) => {
    const ours = normalisedMutualInformation(Int32Array.from(a), Int32Array.from(b))
    agree('normalised mutual information', ours, mutual, 1e-12)
  },
)

test('iris: silhouettes of the best clusterings', async () => {
  const iris = readGolden<{ data: number[][]; fits: { clusters: number; silhouette: number }[] }>(
    new URL('golden/iris.json', import.meta.url),
  )
  const rows = matrixFromRows(iris.values.data)
  for (const { clusters, silhouette: expected } of iris.values.fits) {
    const model = await fitKMeans(rows, { clusters, starts: 50, tolerance: 0, seed: 4 })
    const { mean } = await silhouette(rows, (await assignKMeans(model, rows)).labels)
    iris.agree('silhouette', mean, expected, 1e-10)
  }
})

// Reference: scikit-learn, to the digits of the data set's notes.
test.skipIf(withoutData)('mall customers: published silhouettes for 3 to 6 clusters', async () => {
  const lines = readFileSync(dataPath('mall_customers', 'Mall_Customers.csv'), 'utf8').trim().split('\n').slice(1)
  const mall = matrixFromRows(lines.map((line) => line.split(',').slice(3).map(Number)))
  const published = [0.467614, 0.493196, 0.553932, 0.539761]
  for (const [place, expected] of published.entries()) {
    const model = await fitKMeans(mall, { clusters: place + 3, starts: 50, seed: 2 })
    const { mean } = await silhouette(mall, (await assignKMeans(model, mall)).labels)
    expect(mean).toBeCloseTo(expected, 6)
  }
})

test('a silhouette from all rows sampled is the exact one; from some, its error is as large as it says', async () => {
  const labels = Int32Array.from(golden.cases[1]!.labels)
  const exact = await silhouette(data, labels)
  const all = await sampledSilhouette(data, labels, { sampleRows: data.rows, seed: 1 })
  expect(all).toEqual({ mean: expect.closeTo(exact.mean, 14), standardError: 0, sampleRows: data.rows })
  let squares = 0
  const draws = 200
  for (let seed = 0; seed < draws; seed += 1) {
    const { mean, standardError } = await sampledSilhouette(data, labels, { sampleRows: 60, workers: 0, seed })
    squares += ((mean - exact.mean) / standardError) ** 2
  }
  // A mean of 200 squares of roughly standard normal errors: 1 ± 0.1.
  expect(squares / draws).toBeGreaterThan(0.7)
  expect(squares / draws).toBeLessThan(1.4)
})

test('any number of workers gives the same silhouettes', async () => {
  const labels = Int32Array.from(golden.cases[2]!.labels)
  const alone = await silhouette(data, labels, { workers: 0 })
  for (const workers of [1, 2, 3]) expect(await silhouette(data, labels, { workers })).toEqual(alone)
})

test.each([
  [[0, 0, 0], 'labels must name at least 2 clusters and fewer than 3 (rows), got 1'],
  [[0, 1, 2], 'labels must name at least 2 clusters and fewer than 3 (rows), got 3'],
  [[0, 1], 'labels must have 3 values (rows), got 2'],
  [[0, -1, 1], 'labels must be at least 0, got -1'],
  [[1, 1, 1], 'every cluster up to 1 must have a row, 0 has none'],
])('refuses labels %o', async (labels, message) => {
  await expect(silhouette(matrixFromRows([[1], [2], [3]]), Int32Array.from(labels))).rejects.toThrow(message)
})
