import {
  type KernelOptions,
  nextTurn,
  type SparseMatrix,
  transposeSparse,
  type Work,
  withKernels,
} from '@rapport/numerics'
import { placeSparse, productLists } from './product-lists.ts'

/** Entries of lists that are in the kernels' memory at the same time. */
const entriesAtOnce = 2 ** 20

/**
 * The `neighbours` most similar other items of every item, by products of its column with all others.
 *
 * Memory is bounded by the result and the interactions, twice each: never the full product.
 *
 * @param weighted `[users × items]`
 * @param lengths `[items]`: a product is divided by both items' lengths' product plus `shrinkage`, to at most 1, as
 * rounding may lift the cosine of two equal columns above it; left out, the product itself is the similarity
 * @returns `[items × items]`, row `item` its neighbours; similarities of 0 and below are left out
 *
 * Cost: the sum over users of (the user's items)². Each pair is computed for both items, so that blocks of items need
 * nothing from each other.
 */
export function similarityMatrix(
  weighted: SparseMatrix,
  neighbours: number,
  { lengths, shrinkage = 0, ...options }: KernelOptions & { lengths?: Float64Array; shrinkage?: number },
  work?: Work,
): Promise<SparseMatrix> {
  const items = weighted.columns
  return withKernels(options, work, async (kernels) => {
    const right = placeSparse(kernels.arena, weighted)
    const left = placeSparse(kernels.arena, transposeSparse(weighted))
    const placedLengths = lengths && kernels.arena.float64(items)
    placedLengths?.view.set(lengths!)
    const step = Math.max(1, Math.floor(entriesAtOnce / neighbours))
    const parts: { readonly columns: Int32Array; readonly values: Float64Array }[] = []
    const rowStarts = new Int32Array(items + 1)
    for (let from = 0; from < items; from += step) {
      await nextTurn(work)
      work?.onProgress?.({ stage: 'comparing items', done: from, total: items })
      const rows = Int32Array.from({ length: Math.min(step, items - from) }, (_, at) => from + at)
      const part = await productLists(kernels, {
        left,
        right,
        rows,
        k: neighbours,
        lengths: placedLengths,
        shrinkage,
        leftOut: 'self',
        order: 'by column',
      })
      part.sizes.forEach((size, at) => {
        rowStarts[from + at + 1] = rowStarts[from + at]! + size
      })
      parts.push(joinLists(part, neighbours, rowStarts[from + rows.length]! - rowStarts[from]!))
    }
    work?.onProgress?.({ stage: 'comparing items', done: items, total: items })
    const columnIndices = new Int32Array(rowStarts[items]!)
    const values = new Float64Array(rowStarts[items]!)
    let at = 0
    for (const part of parts) {
      columnIndices.set(part.columns, at)
      values.set(part.values, at)
      at += part.columns.length
    }
    return { rows: items, columns: items, rowStarts, columnIndices, values }
  })
}

/** Lists of up to k entries, one behind the other. */
function joinLists(
  { items, scores, sizes }: { items: Int32Array; scores: Float64Array; sizes: Int32Array },
  k: number,
  total: number,
): { columns: Int32Array; values: Float64Array } {
  const columns = new Int32Array(total)
  const values = new Float64Array(total)
  let at = 0
  sizes.forEach((size, list) => {
    columns.set(items.subarray(list * k, list * k + size), at)
    values.set(scores.subarray(list * k, list * k + size), at)
    at += size
  })
  return { columns, values }
}
