import type { Arena, Kernels, Span, SparseMatrix } from '@rapport/numerics'
import type { ListPart } from './recommend.ts'

/** A sparse matrix in an arena: byte offsets of its parts, and of each row the length. */
export interface PlacedMatrix {
  readonly rows: number
  readonly columns: number
  readonly rowStarts: Int32Array
  readonly columnIndices: Int32Array
  readonly startsAt: number
  readonly columnsAt: number
  readonly valuesAt: number
}

export function placeSparse(arena: Arena, matrix: SparseMatrix): PlacedMatrix {
  const { rows, columns, rowStarts, columnIndices, values } = matrix
  const starts = arena.int32(rowStarts.length)
  const placed = arena.int32(columnIndices.length)
  const numbers = arena.float64(values.length)
  starts.view.set(rowStarts)
  placed.view.set(columnIndices)
  numbers.view.set(values)
  return {
    rows,
    columns,
    rowStarts,
    columnIndices,
    startsAt: starts.at,
    columnsAt: placed.at,
    valuesAt: numbers.at,
  }
}

/** Lists of the best columns of rows of `left` × `right`; see the kernel `topOfProduct` for what each part means. */
export interface ProductLists {
  readonly left: PlacedMatrix
  readonly right: PlacedMatrix
  /** Rows of `left` that get a list, in this order. */
  readonly rows: Int32Array
  readonly k: number
  /** `[columns]`: products are divided by both lengths' product plus `shrinkage`. Default: products as they are. */
  readonly lengths?: Span<Float64Array> | undefined
  readonly shrinkage?: number
  /** `[columns]`, 1 where a column is in no list. Default none. */
  readonly isOut?: Span<Uint8Array>
  /** Columns that a row's list leaves out: the row's number, the row's entries in `left`, or none. */
  readonly leftOut: 'self' | 'own' | 'none'
  readonly order: 'best first' | 'by column'
}

/** Additions of one block: about 3 ms. */
const blockCost = 2 ** 20
/** Blocks that have scratch at the same time: it takes 8 bytes × columns for each. */
const blocksAtOnce = 16

/**
 * Makes the lists, a few blocks of rows after another.
 *
 * Cost: for each entry of a row in `left` the length of its row in `right`.
 */
export async function productLists({ arena, run }: Kernels, lists: ProductLists): Promise<ListPart> {
  const { left, right, rows, k } = lists
  const start = arena.mark()
  const rowsAt = arena.int32(rows.length)
  rowsAt.view.set(rows)
  const noneAt = arena.int32(left.rows + 1)
  const items = arena.int32(rows.length * k)
  const scores = arena.float64(rows.length * k)
  const sizes = arena.int32(rows.length)
  const cuts = cutByCost(lists)
  const places = Math.min(blocksAtOnce, cuts.length - 1)
  const scratch = Array.from({ length: places }, () => [
    arena.float64(right.columns).at,
    arena.uint8(Math.ceil(right.columns / 64)).at,
  ])
  const leftOut = { self: [0, 0], own: [left.startsAt, left.columnsAt], none: [noneAt.at, noneAt.at] }[lists.leftOut]
  const head = [rowsAt.at, left.startsAt, left.columnsAt, left.valuesAt]
  head.push(right.startsAt, right.columnsAt, right.valuesAt, right.columns)
  head.push(lists.lengths?.at ?? 0, lists.shrinkage ?? 0, lists.isOut?.at ?? 0, ...leftOut)
  head.push(k, items.at, scores.at, sizes.at, lists.order === 'by column' ? 1 : 0)
  for (let from = 0; from < cuts.length - 1; from += places) {
    const blocks = cuts.slice(from, from + places + 1)
    const tasks = blocks.slice(1).map((to, at) => [...head, ...scratch[at]!, blocks[at]!, to])
    await run('topOfProduct', tasks)
  }
  const part = { items: items.view.slice(), scores: scores.view.slice(), sizes: sizes.view.slice() }
  arena.release(start)
  return part
}

/** Places among the rows where a block begins, and their number. */
function cutByCost({ left, right, rows }: ProductLists): number[] {
  const cuts = [0]
  let cost = 0
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!
    for (let entry = left.rowStarts[row]!; entry < left.rowStarts[row + 1]!; entry += 1) {
      const met = left.columnIndices[entry]!
      cost += right.rowStarts[met + 1]! - right.rowStarts[met]!
    }
    cost += right.columns / 64
    if (cost < blockCost || at + 1 === rows.length) continue
    cuts.push(at + 1)
    cost = 0
  }
  if (rows.length > 0) cuts.push(rows.length)
  return cuts
}
