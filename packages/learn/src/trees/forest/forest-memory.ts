import type { Kernels, Span } from '@rapport/numerics'
import type { TreeNodes } from '../boosting-model.ts'
import type { ForestSettings } from './forest-options.ts'
import type { PreparedForest } from './grow-forest.ts'

/** Bins that a column may have: the kernel's stride. */
const binsOfColumn = 256
/** Bytes that trees under way may take beside each other. */
const bytesOfSlots = 2 ** 30
const slotsMax = 16

/** Room for one tree that grows, and the table in which the kernel `growForestTree` finds it. */
export interface TreeSlot {
  readonly table: number
  /** `[rows]` how often each was drawn. */
  readonly draws: Span<Int32Array>
  readonly columns: Span<Int32Array>
  readonly thresholds: Span<Float64Array>
  readonly sets: Span<Int32Array>
  readonly missingLeft: Span<Uint8Array>
  readonly lefts: Span<Int32Array>
  readonly values: Span<Float64Array>
  readonly gains: Span<Float64Array>
  readonly rows: Span<Int32Array>
  readonly categorySets: Span<Int32Array>
}

/**
 * Lays out the data for the kernel, and room for as many trees at once as there are, up to 16 or a gibibyte.
 *
 * @returns a slot for each
 */
export function makeTreeSlots(arena: Kernels['arena'], forest: PreparedForest, settings: ForestSettings): TreeSlot[] {
  const { binned, bins, targets, weights, outputs } = forest
  const { rows } = binned
  const columns = binned.columns.length
  const place = <A extends { set(values: ArrayLike<number>): void }>(
    span: Span<A>,
    values: ArrayLike<number>,
  ): number => {
    span.view.set(values)
    return span.at
  }
  const binsAt = arena.uint8(rows * columns)
  binned.columns.forEach((own, column) => {
    binsAt.view.set(own, column * rows)
  })
  const shared = [
    rows,
    columns,
    binsAt.at,
    place(arena.int32(columns), binned.missingBins),
    place(arena.uint8(columns), bins.isCategorical),
    place(arena.float64(bins.edges.length), bins.edges),
    place(arena.int32(columns + 1), bins.starts),
    place(arena.float64(rows), targets),
    weights ? place(arena.float64(rows), weights) : 0,
    outputs,
    settings.columnsPerSplit,
    settings.rowsPerLeafMin,
    Math.min(settings.depthMax, 2 ** 31 - 1),
    settings.bootstrap ? 1 : 0,
    settings.isRandom ? 1 : 0,
  ]
  // Every leaf has that many rows, and a tree one node less than twice its leaves.
  const leavesMax = Math.max(1, Math.floor(rows / settings.rowsPerLeafMin))
  const hasCategories = bins.isCategorical.includes(1)
  const slots: TreeSlot[] = []
  const from = arena.mark()
  while (slots.length < Math.min(settings.trees, slotsMax)) {
    slots.push(makeSlot(arena, shared, rows, columns, outputs, leavesMax, hasCategories))
    if ((arena.mark() - from) * (1 + 1 / slots.length) > bytesOfSlots) break
  }
  return slots
}

function makeSlot(
  arena: Kernels['arena'],
  shared: readonly number[],
  rows: number,
  columns: number,
  outputs: number,
  leavesMax: number,
  hasCategories: boolean,
): TreeSlot {
  const nodesMax = 2 * leavesMax - 1
  const record = 1 + outputs
  const draws = arena.int32(rows)
  const scratch = [
    arena.int32(rows),
    arena.float64(2 * rows),
    arena.int32(rows),
    arena.float64(2 * rows),
    arena.int32(columns),
    arena.int32(4 * (leavesMax + 1)),
    arena.float64(record),
    arena.float64(record),
    arena.int32(binsOfColumn),
    arena.int32(binsOfColumn),
    arena.float64(binsOfColumn * record),
    arena.int32(binsOfColumn),
    arena.float64(binsOfColumn * record),
    arena.int32(binsOfColumn),
    arena.uint8(binsOfColumn),
  ]
  const nodes = {
    columns: arena.int32(nodesMax),
    thresholds: arena.float64(nodesMax),
    sets: arena.int32(nodesMax),
    missingLeft: arena.uint8(nodesMax),
    lefts: arena.int32(nodesMax),
    values: arena.float64(nodesMax * outputs),
    gains: arena.float64(nodesMax),
    rows: arena.int32(nodesMax),
    categorySets: arena.int32(hasCategories ? 8 * (leavesMax - 1) : 0),
  }
  const spans = [draws, ...scratch, ...Object.values(nodes)]
  const pointers = [...shared, ...spans.map(({ at }) => at)]
  // Behind the pointers the kernel keeps what it knows of the node under way.
  const table = arena.int32(pointers.length + 16)
  table.view.set(pointers)
  return { table: table.at, draws, ...nodes }
}

/** The tree of `nodes` nodes that grew in a slot. */
export function treeOfSlot(slot: TreeSlot, nodes: number, outputs: number): TreeNodes {
  const lefts = slot.lefts.view.slice(0, nodes)
  const sets = slot.sets.view.slice(0, nodes)
  const setCount = 1 + sets.reduce((last, set) => Math.max(last, set), -1)
  return {
    starts: Int32Array.of(0, nodes),
    columns: slot.columns.view.slice(0, nodes),
    thresholds: slot.thresholds.view.slice(0, nodes),
    sets,
    missingLeft: slot.missingLeft.view.slice(0, nodes),
    lefts,
    rights: lefts.map((left) => (left < 0 ? -1 : left + 1)),
    values: slot.values.view.slice(0, nodes * outputs),
    gains: slot.gains.view.slice(0, nodes),
    rows: slot.rows.view.slice(0, nodes),
    categorySets: Uint32Array.from(slot.categorySets.view.subarray(0, 8 * setCount), (bits) => bits >>> 0),
  }
}
