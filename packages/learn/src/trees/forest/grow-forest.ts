import {
  type Kernels,
  type Matrix,
  nextTurn,
  type Random,
  seededRandom,
  stopIfAborted,
  type Work,
  withKernels,
} from '@rapport/numerics'
import { findBinEdges } from '../bin-edges.ts'
import { type ColumnBins, joinTrees, type TreeNodes } from '../boosting-model.ts'
import { encodeRows, leafOf } from '../tree-walk.ts'
import { type BinnedColumns, binColumns } from './binned-columns.ts'
import { makeTreeSlots, type TreeSlot, treeOfSlot } from './forest-memory.ts'
import type { ForestModel } from './forest-model.ts'
import type { ForestSettings } from './forest-options.ts'

/** What a forest is grown on. */
export interface ForestTask {
  readonly data: Matrix
  /** 1 where targets are numbers (or two classes, as 0 and 1), else the number of classes. */
  readonly outputs: number
  /** `[n]` numbers, or numbers of classes. */
  readonly targets: Float64Array
  /** `[n]`, or `undefined` where each row counts 1. */
  readonly weights: ArrayLike<number> | undefined
}

/** The same in bins. */
export interface PreparedForest extends Omit<ForestTask, 'data'> {
  readonly binned: BinnedColumns
  readonly bins: ColumnBins
}

/** Rows of all trees together from which threads are worth starting when nobody said how many. */
const threadsFrom = 2 ** 17

/**
 * Trees, each from random numbers of its own, and what those that did not see a row say of it. Some grow at a time, one a
 * thread; their order is that of their numbers, so the number of threads never shows.
 */
export async function growForest(
  task: ForestTask,
  settings: ForestSettings,
  work?: Work,
): Promise<Pick<ForestModel, 'bins' | 'trees' | 'outOfBag'>> {
  const { data, weights, outputs } = task
  const { isCategorical, binsMax, bootstrap } = settings
  const random = seededRandom(settings.seed)
  const bins = findBinEdges(data, { binsMax, isCategorical, weights, random: random.fork(0) })
  const prepared = { ...task, bins, binned: binColumns(data, bins) }
  const bag = bootstrap ? new OutOfBag(data, bins, outputs) : undefined
  const isSmall = data.rows * settings.trees < threadsFrom
  const workers = settings.workers ?? (isSmall ? 0 : undefined)
  const trees = await withKernels(workers === undefined ? {} : { workers }, work, async (kernels) => {
    const slots = makeTreeSlots(kernels.arena, prepared, settings)
    const next = (first: number): Promise<GrownTree[]> => growTogether(kernels, slots, first, settings, random, outputs)
    const grown: TreeNodes[] = []
    let growing = next(0)
    while (grown.length < settings.trees) {
      const together = await growing
      await nextTurn(work)
      growing = next(grown.length + together.length)
      // It fails when the work is stopped, and may do so before it is awaited.
      growing.catch(() => {})
      for (const { tree, draws } of together) {
        bag?.add(tree, draws)
        grown.push(tree)
        work?.onProgress?.({ stage: 'forest tree', done: grown.length, total: settings.trees })
        stopIfAborted(work)
      }
    }
    return grown
  })
  return { bins, trees: joinTrees(trees), outOfBag: bag?.means() }
}

interface GrownTree {
  readonly tree: TreeNodes
  /** `[rows]` how often each was drawn. */
  readonly draws: Int32Array
}

/** Trees `first`, first + 1, … in one slot each, and none after the last; their slots are free again. */
async function growTogether(
  { run }: Kernels,
  slots: readonly TreeSlot[],
  first: number,
  { trees }: ForestSettings,
  random: Random,
  outputs: number,
): Promise<GrownTree[]> {
  const used = slots.slice(0, trees - first)
  if (used.length === 0) return []
  const tasks = used.map(({ table }, place) => [table, random.fork(first + place + 1).integer(2 ** 32)])
  const counts = await run('growForestTree', tasks)
  return used.map((slot, place) => ({
    tree: treeOfSlot(slot, counts[place]!, outputs),
    draws: slot.draws.view.slice(),
  }))
}

/** Gathers what trees say of the rows that they did not see. */
class OutOfBag {
  readonly #encoded: Float64Array
  readonly #columns: number
  readonly #outputs: number
  readonly #sums: Float64Array
  readonly #trees: Uint32Array

  constructor({ rows, columns, values }: Matrix, bins: ColumnBins, outputs: number) {
    this.#columns = columns
    this.#outputs = outputs
    this.#encoded = new Float64Array(rows * columns)
    encodeRows(values, 0, rows, bins, this.#encoded)
    this.#sums = new Float64Array(rows * outputs)
    this.#trees = new Uint32Array(rows)
  }

  add(tree: TreeNodes, draws: Int32Array): void {
    const outputs = this.#outputs
    for (let row = 0; row < draws.length; row += 1) {
      if (draws[row] !== 0) continue
      const leaf = leafOf(tree, 0, this.#encoded, row * this.#columns)
      this.#trees[row]! += 1
      for (let output = 0; output < outputs; output += 1) {
        this.#sums[row * outputs + output]! += tree.values[leaf * outputs + output]!
      }
    }
  }

  means(): Float64Array {
    return this.#sums.map((sum, at) => sum / this.#trees[Math.floor(at / this.#outputs)]!)
  }
}
