import {
  type KernelOptions,
  nextTurn,
  RapportError,
  type SparseMatrix,
  type Work,
  withKernels,
} from '@rapport/numerics'
import { type InteractionWeighting, weightInteractions } from './interaction-weighting.ts'
import { checkInteractions, takeHistories, withoutZeros } from './interactions.ts'
import { similarityMatrix } from './item-similarity.ts'
import { placeSparse, productLists } from './product-lists.ts'
import {
  checkHistory,
  excludedItems,
  type Recommendations,
  type RecommendOptions,
  recommendInParts,
} from './recommend.ts'
import { emptyTopLists, offerItem, sortTopList } from './top-lists.ts'

export interface ItemItemOptions {
  /** Similar items kept for each item, ≥ 1. Default 50. */
  readonly neighbours?: number
  /** How interactions are weighted before items are compared. Default `none`. */
  readonly weighting?: InteractionWeighting
  /**
   * `cosine` compares what two items' users have in common with what they could have; `product` leaves that division
   * out, so that popular items gain, as BM25 is used in `implicit`. Default `cosine`.
   */
  readonly similarity?: 'cosine' | 'product'
  /** Added to the cosine's divisor: draws similarities that rest on few users towards 0; ≥ 0. Default 0. */
  readonly shrinkage?: number
  /** Threads, 0 … 64; never changes the result. Default one per core. */
  readonly workers?: number
}

/** Which items are taken by the same users. Plain data: it goes through `postMessage` and `persist` as it is. */
export interface ItemItemModel {
  readonly kind: 'item-item'
  /** `[items × items]`: row i holds the neighbours of item i, without itself; a cosine is in [0, 1]. */
  readonly similarity: SparseMatrix
}

/** Items in falling order of a score. */
export interface RankedItems {
  readonly items: Int32Array
  readonly scores: Float64Array
}

/**
 * The most similar items of every item, from who took what.
 *
 * @param interactions `[users × items]`, strengths, finite and ≥ 0; 0 counts as none
 * @throws RapportError `item-item.neighbours`, `item-item.shrinkage` or `item-item.interactions`
 *
 * Cost: the sum over users of (the user's items)², memory 24 bytes × (items × neighbours + interactions).
 * Source: Deshpande & Karypis, "Item-based top-N recommendation algorithms", ACM TOIS 22(1), 2004; the shrunken cosine is
 * eq. 1 of Ferrari Dacrema, Cremonesi & Jannach, "Are we really making much progress?", RecSys 2019.
 *
 * @example
 * const model = await fitItemItem(sparseFromTriplets(2, 2, [0, 0, 1], [0, 1, 0]))
 * similarItems(model, 0).scores // Float64Array [0.7071067811865475]
 */
export async function fitItemItem(
  interactions: SparseMatrix,
  options: ItemItemOptions = {},
  work?: Work,
): Promise<ItemItemModel> {
  const { neighbours = 50, weighting = 'none', similarity = 'cosine', shrinkage = 0 } = options
  checkItemItem(neighbours, shrinkage)
  checkInteractions('item-item', interactions)
  const weighted = weightInteractions(withoutZeros(interactions), weighting)
  await nextTurn(work)
  const kept = Math.min(neighbours, Math.max(1, interactions.columns - 1))
  const divisor = similarity === 'cosine' ? { lengths: columnLengths(weighted), shrinkage } : {}
  return {
    kind: 'item-item',
    similarity: await similarityMatrix(weighted, kept, { ...threadsOf(options), ...divisor }, work),
  }
}

const threadsOf = ({ workers }: { readonly workers?: number }): KernelOptions =>
  workers === undefined ? {} : { workers }

/**
 * The neighbours of `item`, most similar first; fewer than `k` when fewer items share a user with it.
 *
 * @throws RapportError `item-item.item` when the model has no such item
 */
export function similarItems(model: ItemItemModel, item: number, k = 10): RankedItems {
  const { rows, rowStarts, columnIndices, values } = model.similarity
  if (!(Number.isInteger(item) && item >= 0 && item < rows)) {
    throw new RapportError('item-item.item', `item must be 0 … ${rows - 1}, got ${item}`)
  }
  const top = emptyTopLists(1, Math.min(k, rowStarts[item + 1]! - rowStarts[item]!))
  for (let at = rowStarts[item]!; at < rowStarts[item + 1]!; at += 1) {
    offerItem(top, 0, columnIndices[at]!, values[at]!)
  }
  sortTopList(top, 0)
  return { items: top.items.slice(0, top.sizes[0]), scores: top.scores.slice(0, top.sizes[0]) }
}

/**
 * Items similar to what a user has: the score sums similarity × strength over the history.
 *
 * Any history over the same items will do, so new users need no refit. A user without history gets nothing.
 *
 * @param history `[users × items]`
 * @throws RapportError `item-item.history` when the items are not the model's
 */
export async function recommendItemItem(
  model: ItemItemModel,
  history: SparseMatrix,
  options: RecommendOptions = {},
  work?: Work,
): Promise<Recommendations> {
  checkHistory('item-item', model.similarity.rows, history)
  checkInteractions('item-item', history)
  return withKernels(threadsOf(options), work, async (kernels) => {
    const right = placeSparse(kernels.arena, model.similarity)
    const isOut = kernels.arena.uint8(history.columns)
    isOut.view.set(excludedItems(history.columns, options))
    const listsOf = async (users: Int32Array, k: number) => {
      const start = kernels.arena.mark()
      const left = placeSparse(kernels.arena, takeHistories(history, users))
      const rows = Int32Array.from(users.keys())
      const leftOut = options.repeats ? 'none' : 'own'
      const part = await productLists(kernels, { left, right, rows, k, isOut, leftOut, order: 'best first' })
      kernels.arena.release(start)
      return part
    }
    return recommendInParts('item-item', history, options, listsOf, work)
  })
}

/** `[items]`, Euclidean length of each column. */
function columnLengths({ columns, columnIndices, values }: SparseMatrix): Float64Array {
  const squares = new Float64Array(columns)
  for (let at = 0; at < values.length; at += 1) squares[columnIndices[at]!]! += values[at]! ** 2
  return squares.map(Math.sqrt)
}

function checkItemItem(neighbours: number, shrinkage: number): void {
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new RapportError('item-item.neighbours', `neighbours must be a whole number of at least 1, got ${neighbours}`)
  }
  if (!(shrinkage >= 0 && shrinkage < Infinity)) {
    throw new RapportError('item-item.shrinkage', `shrinkage must be finite and at least 0, got ${shrinkage}`)
  }
}
