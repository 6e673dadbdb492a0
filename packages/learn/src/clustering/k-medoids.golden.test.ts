import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { type Table, table } from '../preparation/table.ts'
import { GowerDistances, gowerColumns } from './gower.ts'
import { assignKMedoids, fitKMedoids } from './k-medoids.ts'

interface Fit {
  weights: number[]
  initial: number[]
  medoids: number[]
  /** Each row's medoid. */
  labels: number[]
  loss: number
  /** From every fortieth row to all; only with one cluster. */
  distances: number[][]
}

const { values: golden, agree } = readGolden<
  Record<'age' | 'spend' | 'visits', (number | null)[]> & Record<'plan' | 'city', (string | null)[]> & { fits: Fit[] }
>(new URL('golden/k-medoids.json', import.meta.url))

const names = ['age', 'spend', 'visits', 'plan', 'city'] as const
const customers: Table = table([
  ...(['age', 'spend', 'visits'] as const).map((name) => ({
    name,
    kind: 'number' as const,
    values: Float64Array.from(golden[name], (value) => value ?? Number.NaN),
  })),
  ...(['plan', 'city'] as const).map((name) => ({ name, kind: 'text' as const, values: golden[name] })),
])

// Reference: kmedoids 0.5.5 fasterpam from the same rows in the same order, Gower's distances by formula; made by
// golden/make/k-medoids.py. Both make the same swaps; sums are taken in another order.
test.each(golden.fits)('FasterPAM from $initial, column weights $weights', async (fit) => {
  const columnWeights = Object.fromEntries(names.map((name, at) => [name, fit.weights[at]!]))
  const distances = new GowerDistances(gowerColumns(customers, columnWeights), customers, customers)
  const own = new Float64Array(customers.rows)
  fit.distances.forEach((theirs, at) => {
    distances.fill(40 * at, own)
    agree("Gower's distance", own, theirs, 1e-14)
  })
  const initial = Int32Array.from(fit.initial)
  const model = await fitKMedoids(customers, {
    clusters: initial.length,
    columnWeights,
    initial,
    candidates: 'all' as const,
    seed: 1,
  })
  expect(Array.from(model.medoidRows).sort((a, b) => a - b)).toEqual(fit.medoids)
  agree('k-medoids', model.loss, fit.loss, 1e-12)
  const { labels } = await assignKMedoids(model, customers)
  expect(Array.from(labels, (label) => model.medoidRows[label])).toEqual(fit.labels)
})
