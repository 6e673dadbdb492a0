import { sparseFromTriplets } from '@rapport/numerics'
import { test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { fitItemItem } from './item-item.ts'

const { values: golden, agree } = readGolden<{
  interactions: { rows: number; columns: number; row: number[]; column: number[]; value: number[] }
  similarity: Record<'none' | 'tf-idf' | 'bm25', number[]>
}>(new URL('golden/item-item.json', import.meta.url))
const { rows, columns, row, column, value } = golden.interactions
const history = sparseFromTriplets(rows, columns, row, column, value)

// Reference: implicit 0.7.3, CosineRecommender, TFIDFRecommender and BM25Recommender with all neighbours; made by
// golden/make/recommenders.py. An item is not its own neighbour here.
test.each([
  ['none', 'cosine'],
  ['tf-idf', 'cosine'],
  ['bm25', 'product'],
] as const)('similarities with weighting %s are those of implicit', async (weighting, similarity) => {
  const model = await fitItemItem(history, { weighting, similarity, neighbours: columns })
  const dense = new Float64Array(columns * columns)
  for (let item = 0; item < columns; item += 1) {
    for (let at = model.similarity.rowStarts[item]!; at < model.similarity.rowStarts[item + 1]!; at += 1) {
      dense[item * columns + model.similarity.columnIndices[at]!] = model.similarity.values[at]!
    }
  }
  agree('item-item similarity', dense, golden.similarity[weighting], 1e-10)
})
