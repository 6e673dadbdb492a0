import { readFileSync } from 'node:fs'
import { type Matrix, matrixFromRows, rowOf } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { dataPath, withoutData } from '../../../../tooling/test-data.ts'
import { assignKMeans, fitKMeans } from './k-means.ts'

interface Fit {
  tolerance: number
  roundsMax: number
  initial: number[][]
  weights: number[] | null
  labels: number[]
  centroids: number[][]
  inertia: number
  rounds: number
}

const { values: golden, agree } = readGolden<{ data: number[][]; fits: Fit[]; emptyClusters: Fit[] }>(
  new URL('golden/k-means.json', import.meta.url),
)
const data = matrixFromRows(golden.data)

// Reference: scikit-learn 1.9.1 KMeans(init, n_init=1, algorithm='lloyd'); made by golden/make/clustering.py.
// Ours differs by rounding only: the sums are taken in another order, and scikit-learn centres the data first.
test.each(golden.fits)(
  'from the same start it ends where scikit-learn does ($initial.length clusters, tolerance $tolerance)',
  (fit) => expectFit(fit),
)

test.each(golden.emptyClusters)('empty clusters take the farthest rows as in scikit-learn', (fit) => expectFit(fit))

async function expectFit(fit: Fit): Promise<void> {
  const model = await fitKMeans(data, {
    clusters: fit.initial.length,
    initial: matrixFromRows(fit.initial),
    tolerance: fit.tolerance,
    roundsMax: fit.roundsMax,
    seed: 1,
    ...(fit.weights && { weights: Float64Array.from(fit.weights) }),
  })
  agree('k-means', model.inertia, fit.inertia, 1e-12)
  expect(model.rounds).toBe(fit.rounds)
  const { labels } = await assignKMeans(model, data)
  // Clusters are ordered by size here: the label of theirs that each of ours stands for.
  const theirs = new Map<number, number>()
  labels.forEach((label, row) => {
    if (!theirs.has(label)) theirs.set(label, fit.labels[row]!)
  })
  expect(Array.from(labels, (label) => theirs.get(label))).toEqual(fit.labels)
  for (const [ours, their] of theirs) {
    agree('k-means', rowOf(model.centroids, ours), fit.centroids[their]!, 1e-9)
  }
}

// Reference: scikit-learn 1.9.1 KMeans(n_init=50, tol=0) on iris; made by golden/make/clustering.py.
test('iris: the best of many starts', async () => {
  const iris = readGolden<{ data: number[][]; fits: { clusters: number; inertia: number }[] }>(
    new URL('golden/iris.json', import.meta.url),
  )
  for (const { clusters, inertia } of iris.values.fits) {
    const model = await fitKMeans(matrixFromRows(iris.values.data), { clusters, starts: 50, tolerance: 0, seed: 4 })
    iris.agree('k-means', model.inertia, inertia, 1e-9)
  }
})

const mallCustomers = (): Matrix =>
  matrixFromRows(
    readFileSync(dataPath('mall_customers', 'Mall_Customers.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(3).map(Number)),
  )

// Reference: scikit-learn KMeans(n_init=50) on income and spending score, unscaled, to the digits of the data set's notes.
test.skipIf(withoutData)('mall customers: published inertias for 3 to 6 clusters', async () => {
  const mall = mallCustomers()
  const published = [106348.37306, 73679.78904, 44448.45545, 37233.81451]
  for (const [place, inertia] of published.entries()) {
    const model = await fitKMeans(mall, { clusters: place + 3, starts: 50, seed: 2 })
    expect(model.inertia).toBeCloseTo(inertia, 5)
    if (place === 2) expect(model.sizes).toEqual([81, 39, 35, 23, 22])
  }
})
