import { matrix, matrixFromRows, seededRandom, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { assignHdbscan } from './assign-hdbscan.ts'
import { fitHdbscan } from './hdbscan.ts'

/** A dense cloud, a thin one, and rows strewn over both. */
function clouds(rows: number, seed: number) {
  const random = seededRandom(seed)
  const values = Array.from({ length: rows }, (_, row) => {
    const [x, y] = [random.normal(), random.normal()]
    if (row % 5 === 4) return [24 * random.uniform() - 12, 24 * random.uniform() - 12]
    return row % 5 < 3 ? [0.3 * x - 4, 0.3 * y] : [x + 4, y]
  })
  return matrixFromRows(values)
}

test.each([
  ['most-stable', 1],
  ['leaves', 1],
  ['most-stable', 1e-200],
  ['most-stable', 1e200],
] as const)('training rows get the labels that they have: %s, in units of %d', async (selection, unit) => {
  for (const seed of [1, 2, 3]) {
    const plain = clouds(600, seed)
    const rows = { ...plain, values: plain.values.map((value) => value * unit) }
    const model = await fitHdbscan(rows, { sizeMin: 12, selection })
    expect(model.clusters).toBeGreaterThan(1)
    expect(await assignHdbscan({ ...model, rows }, rows)).toEqual(model.labels)
  }
})

test('so do rows on a grid, where many distances are equal', async () => {
  const plain = clouds(600, 4)
  const rows = { ...plain, values: plain.values.map((value) => Math.round(2 * value)) }
  const model = await fitHdbscan(rows, { sizeMin: 12, neighboursMin: 8 })
  expect(await assignHdbscan({ ...model, rows }, rows)).toEqual(model.labels)
})

test('new rows go to the cluster where they lie as densely, others to none', async () => {
  const rows = clouds(600, 5)
  const model = await fitHdbscan(rows, { sizeMin: 12 })
  const asked = matrixFromRows([
    [-4, 0],
    [4, 0],
    [0, 9],
  ])
  const [dense, thin, far] = await assignHdbscan({ ...model, rows }, asked)
  expect([dense, thin, far]).toEqual([0, 1, -1])
})

test('with rows taken out the others keep their clusters, and without any nobody is in one', async () => {
  const rows = clouds(600, 6)
  const model = await fitHdbscan(rows, { sizeMin: 12 })
  const kept = Int32Array.from({ length: 590 }, (_, row) => row)
  const left = {
    ...model,
    rows: takeRows(rows, kept),
    labels: model.labels.slice(0, 590),
    coreDistances: model.coreDistances.slice(0, 590),
  }
  const again = await assignHdbscan(left, left.rows)
  const same = again.reduce((sum, label, row) => sum + (label === model.labels[row] ? 1 : 0), 0)
  expect(same / 590).toBeGreaterThan(0.98)
  const none = { ...model, rows: matrix(0, 2), labels: new Int32Array(0), coreDistances: new Float64Array(0) }
  expect(await assignHdbscan(none, rows)).toEqual(new Int32Array(600).fill(-1))
})

test('other columns and missing values are refused', async () => {
  const rows = clouds(100, 7)
  const places = { ...(await fitHdbscan(rows)), rows }
  await expect(assignHdbscan(places, matrix(2, 3))).rejects.toThrow('data must have 2 columns, got 3')
  await expect(assignHdbscan(places, matrixFromRows([[Number.NaN, 0]]))).rejects.toMatchObject({
    code: 'hdbscan.missing',
  })
})
