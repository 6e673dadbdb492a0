import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { adjustedRand } from './adjusted-rand.ts'
import { fitAgglomerative } from './agglomerative.ts'
import { cutAtHeight, cutIntoClusters, type Linkage, leafOrder } from './dendrogram.ts'

interface Tree {
  linkage: Linkage
  nodes: number[]
  heights: number[]
  sizes: number[]
  leaves: number[]
  four: number[]
  height: number
  atHeight: number[]
}

const { values, agree } = readGolden<{ data: number[][]; trees: Tree[] }>(
  new URL('golden/hierarchy.json', import.meta.url),
)
const data = matrixFromRows(values.data)

// Reference: scipy 1.17.1 linkage, leaves_list and fcluster, scikit-learn 1.9.1 AgglomerativeClustering; made by
// golden/make/hierarchy.py. Heights differ by rounding only: scipy updates distances, ours come from centroids.
test.each(values.trees)('$linkage linkage: the merges, heights, order of leaves and cuts of scipy', async (tree) => {
  const ours = await fitAgglomerative(data, { linkage: tree.linkage })
  expect(Array.from(ours.nodes)).toEqual(tree.nodes)
  expect(Array.from(ours.sizes)).toEqual(tree.sizes)
  agree('agglomerative clustering', ours.heights, tree.heights, 1e-12, 0)
  expect(Array.from(leafOrder(ours))).toEqual(tree.leaves)
  // Labels are named by size here: only which rows are together is to be the same.
  expect(adjustedRand(cutIntoClusters(ours, 4), Int32Array.from(tree.four))).toBe(1)
  expect(adjustedRand(cutAtHeight(ours, tree.height), Int32Array.from(tree.atHeight))).toBe(1)
})
