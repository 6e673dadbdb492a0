import { matrix, matrixFromRows, seededRandom, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { adjustedRand } from './adjusted-rand.ts'
import { clusteringContract, normalCloud } from './clustering.contract.ts'
import { fitHdbscan, type HdbscanOptions } from './hdbscan.ts'
import { neighbourDistances } from './neighbour-distances.ts'

clusteringContract('hdbscan', (data, work) => fitHdbscan(data, { sizeMin: 8 }, work))

/** A dense and a thin cluster and a ring around both, with rows strewn over all. */
function planted(rows: number): { data: ReturnType<typeof matrix>; kinds: Int32Array } {
  const random = seededRandom(21)
  const data = matrix(rows, 2)
  const kinds = Int32Array.from({ length: rows }, () => [0, 0, 1, 1, 2, 2, 2, 3][random.integer(8)]!)
  kinds.forEach((kind, row) => {
    const [x, y] = [random.normal(), random.normal()]
    const angle = 2 * Math.PI * random.uniform()
    const values = [
      [0.2 * x - 2, 0.2 * y],
      [x + 3, y],
      [12 * Math.cos(angle) + 0.2 * x, 12 * Math.sin(angle) + 0.2 * y],
      [40 * random.uniform() - 20, 40 * random.uniform() - 20],
    ][kind]!
    data.values.set(values, 2 * row)
  })
  return { data, kinds }
}

test('finds planted clusters of unlike density and shape; strewn rows stay out or are weak', async () => {
  const { data, kinds } = planted(1600)
  const { labels, strengths, clusters, stabilities } = await fitHdbscan(data, { sizeMin: 30, neighboursMin: 10 })
  expect(clusters).toBe(3)
  const rows = Array.from(kinds.keys()).filter((row) => kinds[row]! < 3)
  const ours = Int32Array.from(rows, (row) => labels[row]! + 1)
  expect(
    adjustedRand(
      ours,
      Int32Array.from(rows, (row) => kinds[row]!),
    ),
  ).toBeGreaterThan(0.9)
  expect(stabilities.every((stability) => stability > 0)).toBe(true)
  const mean = (isStrewn: boolean): number => {
    const of = strengths.filter((_, row) => (kinds[row] === 3) === isStrewn)
    return of.reduce((sum, strength) => sum + strength, 0) / of.length
  }
  expect(mean(true)).toBeLessThan(mean(false) / 2)
})

test.each(['most-stable', 'leaves'] as const)('%s: the order of the rows changes nothing', async (selection) => {
  for (const data of [
    planted(500).data,
    { ...normalCloud(300, 2, 4), values: normalCloud(300, 2, 4).values.map(Math.round) },
  ]) {
    const order = Int32Array.from({ length: data.rows }, (_, row) => row)
    seededRandom(5).shuffle(order)
    const options = { sizeMin: 6, selection }
    const plain = await fitHdbscan(data, options)
    const shuffled = await fitHdbscan(takeRows(data, order), options)
    expect(shuffled.clusters).toBe(plain.clusters)
    expect(shuffled.strengths).toEqual(Float64Array.from(order, (row) => plain.strengths[row]!))
    const ours = Int32Array.from(order, (row) => plain.labels[row]! + 1)
    expect(
      adjustedRand(
        shuffled.labels.map((label) => label + 1),
        ours,
      ),
    ).toBe(1)
  }
})

test('huge and tiny scales change the stabilities’ unit alone', async () => {
  const { data } = planted(400)
  const plain = await fitHdbscan(data, { sizeMin: 10 })
  for (const scale of [2 ** 900, 2 ** -900]) {
    const scaled = await fitHdbscan({ ...data, values: data.values.map((value) => value * scale) }, { sizeMin: 10 })
    expect(scaled.labels).toEqual(plain.labels)
    scaled.stabilities.forEach((stability, cluster) => {
      expect((stability * scale) / plain.stabilities[cluster]!).toBeCloseTo(1, 10)
    })
  }
})

test('one column, a constant column, equal rows, rows at two places', async () => {
  const column = [[0], [1], [2], [40], [41], [42], [43], [90]]
  const options = { sizeMin: 3, neighboursMin: 2 }
  const { labels } = await fitHdbscan(matrixFromRows(column), options)
  expect(Array.from(labels)).toEqual([1, 1, 1, 0, 0, 0, 0, -1])
  const constant = await fitHdbscan(matrixFromRows(column.map((row) => [7, ...row])), options)
  expect(constant.labels).toEqual(labels)
  const equal = await fitHdbscan(matrix(30, 2))
  expect(equal).toMatchObject({ clusters: 0, labels: new Int32Array(30).fill(-1), strengths: new Float64Array(30) })
  const places = await fitHdbscan(matrixFromRows(Array.from({ length: 30 }, (_, row) => [row % 2])))
  expect(places).toMatchObject({ clusters: 2, strengths: new Float64Array(30).fill(1) })
})

test.each([
  [{ sizeMin: 1 }, 'sizeMin must be a whole number of at least 2, got 1'],
  [{ neighboursMin: 4 }, 'neighboursMin must be between 1 and 3 (rows), got 4'],
  [{ selection: 'best' }, 'selection must be most-stable or leaves, got best'],
])('refuses %o', async (options, message) => {
  const fit = fitHdbscan(matrixFromRows([[1], [2], [3]]), options as HdbscanOptions)
  await expect(fit).rejects.toMatchObject({ code: 'hdbscan.options', message })
})

test('refuses a single row, and neighbours beyond the rows', async () => {
  await expect(fitHdbscan(matrixFromRows([[1]]))).rejects.toThrow('data must have at least two rows, got 1')
  await expect(neighbourDistances(matrixFromRows([[1]]), 2)).rejects.toThrow(
    'neighbours must be between 1 and 1 (rows), got 2',
  )
})
