import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { type Table, table, takeTableRows } from '../preparation/table.ts'
import { adjustedRand } from './adjusted-rand.ts'
import { completeRows, GowerDistances, gowerColumns } from './gower.ts'
import { assignKMedoids, fitKMedoids } from './k-medoids.ts'
import type { KMedoidsOptions } from './k-medoids-options.ts'

/** Customers of three kinds by age, plan and city, a tenth of the values missing, with each one's kind. */
function planted(rows: number): { customers: Table; kinds: Int32Array } {
  const random = seededRandom(31)
  const kinds = Int32Array.from({ length: rows }, () => random.integer(3))
  const isMissing = (): boolean => random.uniform() < 0.1
  const customers = table([
    {
      name: 'age',
      kind: 'number',
      values: Float64Array.from(kinds, (kind) => (isMissing() ? Number.NaN : 30 + 15 * kind + 2 * random.normal())),
    },
    {
      name: 'plan',
      kind: 'text',
      values: Array.from(kinds, (kind) => (isMissing() ? null : ['basic', 'plus', 'gold'][kind]!)),
    },
    { name: 'city', kind: 'text', values: Array.from(kinds, () => ['Rome', 'Oslo'][random.integer(2)]!) },
    { name: 'joined', kind: 'number', values: Float64Array.from(kinds, () => 2020) },
  ])
  return { customers, kinds }
}

const { customers, kinds } = planted(300)
const numbers = (...values: number[]): Table =>
  table([{ name: 'x', kind: 'number', values: Float64Array.from(values) }])

test('finds planted kinds among mixed columns with gaps', async () => {
  const options = { clusters: 3, columnWeights: { city: 0.2 }, seed: 1 }
  const model = await fitKMedoids(customers, options)
  const { labels, distances } = await assignKMedoids(structuredClone(model), customers)
  expect(adjustedRand(labels, kinds)).toBeGreaterThan(0.95)
  expect(model.sizes).toEqual([0, 1, 2].map((label) => labels.filter((own) => own === label).length))
  expect(distances.reduce((sum, distance) => sum + distance, 0)).toBeCloseTo(model.loss, 10)
  expect(await fitKMedoids(customers, options)).toEqual(model)
  expect(takeTableRows(customers, model.medoidRows)).toEqual(model.medoids)
  expect(completeRows(model.medoids)).toEqual(Uint8Array.of(1, 1, 1))
})

test('no swap lowers the loss of what it ends with', async () => {
  const some = takeTableRows(
    customers,
    Int32Array.from({ length: 60 }, (_, row) => row),
  )
  const model = await fitKMedoids(some, { clusters: 4, candidates: 'all', seed: 2 })
  const distances = new GowerDistances(model.columns, some, some)
  const from = Array.from({ length: 60 }, (_, row) => {
    const own = new Float64Array(60)
    distances.fill(row, own)
    return own
  })
  const lossOf = (medoids: readonly number[]): number =>
    from.reduce((sum, _, row) => sum + Math.min(...medoids.map((medoid) => from[medoid]![row]!)), 0)
  const medoids = Array.from(model.medoidRows)
  expect(lossOf(medoids)).toBeCloseTo(model.loss, 10)
  for (let place = 0; place < 4; place += 1) {
    for (let row = 0; row < 60; row += 1) expect(lossOf(medoids.with(place, row))).toBeGreaterThan(model.loss - 1e-9)
  }
})

test('only rows without missing values stand for clusters, unless all are taken', async () => {
  const gaps = numbers(1, 2, 8, 9)
  const withGaps = table([...gaps.columns, { name: 'plan', kind: 'text', values: ['a', null, null, null] }])
  await expect(fitKMedoids(withGaps, { clusters: 2, seed: 1 })).rejects.toThrow('got 1 such rows (or take all')
  await expect(fitKMedoids(withGaps, { clusters: 1, initial: Int32Array.of(2), seed: 1 })).rejects.toThrow(
    'got row 2, which lacks some',
  )
  expect((await fitKMedoids(withGaps, { clusters: 2, candidates: 'all', seed: 1 })).sizes).toEqual([2, 2])
})

test('a sample finds nearly the loss that all rows give, and places all rows', async () => {
  const options = { clusters: 3, columnWeights: { city: 0.2 }, seed: 1 }
  const all = await fitKMedoids(customers, options)
  const sampled = await fitKMedoids(customers, { ...options, sampleRows: 80 })
  expect(sampled.sampleRows).toBe(80)
  expect(sampled.sizes.reduce((sum, size) => sum + size, 0)).toBe(300)
  expect(sampled.loss).toBeLessThan(1.1 * all.loss)
})

test('weights count as repeated rows do', async () => {
  const some = takeTableRows(
    customers,
    Int32Array.from({ length: 40 }, (_, row) => row),
  )
  const weights = Float64Array.from({ length: 40 }, (_, row) => 1 + (row % 3))
  const repeated = Array.from({ length: 40 }, (_, row) => row).flatMap((row) =>
    Array.from({ length: 1 + (row % 3) }, () => row),
  )
  for (const clusters of [1, 3]) {
    const weighted = await fitKMedoids(some, { clusters, weights, seed: 1 })
    const plain = await fitKMedoids(takeTableRows(some, repeated), { clusters, seed: 1 })
    expect(weighted.loss).toBeCloseTo(plain.loss, 10)
  }
})

test('one row, one cluster, a constant column; words and numbers that training did not have', async () => {
  expect((await fitKMedoids(numbers(5), { clusters: 1, seed: 1 })).sizes).toEqual([1])
  const model = await fitKMedoids(numbers(0, 1, 2, 9, 10), { clusters: 2, seed: 1 })
  expect(model.medoids.columns[0]!.values[0]).toBe(1)
  const { labels, distances } = await assignKMedoids(model, numbers(-100, 9.5, Number.NaN))
  expect(labels[1]).toBe(1)
  expect(distances[0]).toBe(1)
  expect(distances[2]).toBe(1)
  const plans = table([{ name: 'plan', kind: 'text', values: ['basic', 'basic', 'gold'] }])
  const twoPlans = await fitKMedoids(plans, { clusters: 2, seed: 1 })
  expect(twoPlans.loss).toBe(0)
  const others = table([{ name: 'plan', kind: 'text', values: ['new', 'gold', null] }])
  expect(Array.from((await assignKMedoids(twoPlans, others)).distances)).toEqual([1, 0, 1])
})

test('an abort stops it', async () => {
  const signal = AbortSignal.abort()
  await expect(fitKMedoids(planted(2000).customers, { clusters: 3, seed: 1 }, { signal })).rejects.toMatchObject({
    code: 'work.aborted',
  })
})

test.each([
  [{ clusters: 0 }, 'k-medoids.clusters', 'clusters must be between 1 and 4 (rows), got 0'],
  [{ clusters: 3 }, 'k-medoids.distinct', /rows that are apart from each other \(2\), got 3/],
  [{ clusters: 2, sampleRows: 1 }, 'k-medoids.options', 'sampleRows must be between 2 (clusters) and 4 (rows), got 1'],
  [{ clusters: 2, candidates: 'some' }, 'k-medoids.options', 'candidates must be complete or all, got some'],
  [{ clusters: 2, starts: 0 }, 'k-medoids.options', 'starts must be a whole number of at least 1, got 0'],
  [{ clusters: 2, weights: Float64Array.of(1) }, 'k-medoids.weights', 'weights must have 4 values (rows), got 1'],
  [
    { clusters: 2, initial: Int32Array.of(1, 1) },
    'k-medoids.initial',
    'initial must be 2 different rows below 4, got 1, 1',
  ],
  [{ clusters: 2, columnWeights: { y: 1 } }, 'gower.weights', /got 1 for y/],
  [{ clusters: 2, columnWeights: { x: 0 } }, 'gower.weights', /got 0 for x/],
])('refuses %o', async (options, code, message) => {
  const fit = (): Promise<unknown> =>
    fitKMedoids(numbers(1, 1, 2, 2), { seed: 1, ...(options as Omit<KMedoidsOptions, 'seed'>) })
  await expect(fit()).rejects.toMatchObject({ code })
  await expect(fit()).rejects.toThrow(message)
})

test('refuses no rows, rows without any value and infinite numbers', () => {
  expect(() => gowerColumns(numbers())).toThrow('at least one row and one column, got 0 × 1')
  expect(() => gowerColumns(numbers(1, Number.NaN))).toThrow('every row must have a value, row 1 has none')
  expect(() => gowerColumns(numbers(1, Infinity))).toThrow('got Infinity at row 1 of x')
  expect(() => gowerColumns(numbers(1e308, -1e308))).toThrow('the range of x must be finite')
})
