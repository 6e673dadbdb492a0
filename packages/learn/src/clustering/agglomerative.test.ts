import { matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { describe, expect, test } from 'vitest'
import { type AgglomerativeOptions, fitAgglomerative } from './agglomerative.ts'
import { clusteringContract, normalCloud } from './clustering.contract.ts'
import { cutAtHeight, cutIntoClusters, type Linkage } from './dendrogram.ts'

const linkages: readonly Linkage[] = ['ward', 'average', 'complete', 'single']
const random = seededRandom(12)

describe.each(linkages)('%s', (linkage) => {
  const data = normalCloud(400, 4, 12)

  clusteringContract('agglomerative', (rows, work) => fitAgglomerative(rows, { linkage }, work))

  test('one row, one column, a constant column, equal rows', async () => {
    const alone = await fitAgglomerative(matrixFromRows([[3, 4]]), { linkage })
    expect(Array.from(cutIntoClusters(alone, 1))).toEqual([0])
    expect(Array.from(cutAtHeight(alone, 1))).toEqual([0])
    const column = await fitAgglomerative(matrixFromRows([[0], [1], [9], [10.5], [11.2]]), { linkage })
    expect(Array.from(cutIntoClusters(column, 2))).toEqual([1, 1, 0, 0, 0])
    const constant = await fitAgglomerative(matrixFromRows([[0], [1], [9], [10.5], [11.2]].map((row) => [7, ...row])), {
      linkage,
    })
    expect(constant).toEqual(column)
    const equal = await fitAgglomerative(matrix(50, 2), { linkage })
    expect(equal.heights).toEqual(new Float64Array(49))
    expect(equal.sizes.at(-1)).toBe(50)
  })

  test('huge and tiny scales change the heights alone', async () => {
    const plain = await fitAgglomerative(data, { linkage })
    for (const scale of [2 ** 1000, 2 ** -1000]) {
      const scaled = await fitAgglomerative({ ...data, values: data.values.map((value) => value * scale) }, { linkage })
      expect(scaled.nodes).toEqual(plain.nodes)
      scaled.heights.forEach((height, merge) => {
        expect(height / scale / plain.heights[merge]!).toBeCloseTo(1, 12)
      })
    }
  })

  test('rows with many ties: whole trees, never falling', async () => {
    const ties = { ...data, values: data.values.map((value) => Math.round(value)) }
    const tree = await fitAgglomerative(ties, { linkage })
    expect(tree.sizes.at(-1)).toBe(400)
    expect(tree.heights.every((height, merge) => merge === 0 || height >= tree.heights[merge - 1]!)).toBe(true)
    expect(new Set(tree.nodes).size).toBe(2 * 399)
  })
})

test.each(['ward', 'average'] as const)('%s: a weight counts as that many equal rows', async (linkage) => {
  const rows = Array.from({ length: 40 }, () => [random.normal(), random.normal()])
  const weights = Float64Array.from(rows, () => 1 + random.integer(4))
  const repeated = rows.flatMap((row, at) => Array.from({ length: weights[at]! }, () => row))
  const weighted = await fitAgglomerative(matrixFromRows(rows), { linkage, weights })
  const plain = await fitAgglomerative(matrixFromRows(repeated), { linkage })
  // Equal rows come first, at height 0 (up to what centroids of equal rows are rounded by).
  weighted.heights.forEach((height, merge) => {
    expect(plain.heights[merge + repeated.length - rows.length]! / height).toBeCloseTo(1, 10)
  })
})

test('ward: the number of workers never shows, with ties and without', async () => {
  for (const value of [() => random.normal(), () => random.integer(5)]) {
    const rows = matrix(700, 4, Float64Array.from({ length: 2800 }, value))
    const alone = await fitAgglomerative(rows, { workers: 0 })
    expect(await fitAgglomerative(rows, { workers: 1 })).toEqual(alone)
    expect(await fitAgglomerative(rows, { workers: 3 })).toEqual(alone)
  }
})

const refuse = async (options: object): Promise<void> => {
  await fitAgglomerative(matrixFromRows([[1], [2]]), options as AgglomerativeOptions)
}

test('refuses what it cannot use', async () => {
  await expect(refuse({ linkage: 'median' })).rejects.toThrow(
    'linkage must be ward, average, complete or single, got median',
  )
  await expect(refuse({ weights: Float64Array.of(1) })).rejects.toThrow('weights must have 2 values (rows), got 1')
  await expect(fitAgglomerative(matrix(16_385, 1), { linkage: 'average' })).rejects.toThrow(
    'average linkage keeps the distances of all pairs: rows must be at most 16384, got 16385',
  )
  const tree = await fitAgglomerative(matrixFromRows([[1], [2], [4]]))
  expect(() => cutIntoClusters(tree, 4)).toThrow('clusters must be between 1 and 3 (rows), got 4')
  expect(() => cutAtHeight(tree, Number.NaN)).toThrow('height must be at least 0, got NaN')
})
