import type { Kernels } from '@rapport/numerics'
import type { NodeSums, SplitLimits } from './split.ts'
import { binsOfColumn, type NodeHistogram, type TrainingMemory } from './training-memory.ts'

/** A stretch of the rows' order: what a node of a growing tree holds. */
export interface RowRange {
  readonly from: number
  readonly to: number
}

/** Bins that a node looks at (rows × columns) from which handing the work to threads pays. */
const spreadFrom = 2 ** 18
/** Rows of one task over rows; even, as `gradientPairs` asks. */
const blockRows = 2 ** 15

/**
 * The passes over training rows, as kernels. Big ones are cut into tasks by columns or by blocks of rows, so that
 * threads can share them; the cut depends on the data alone, and no sum crosses it.
 */
export class NodeKernels {
  readonly memory: TrainingMemory
  readonly #kernels: Kernels
  /** Numbers of rows by bin at the root: the same for every tree. */
  #rootCounts: Int32Array | undefined
  /** Which of the margins the tree under way is for. */
  #output = 0

  constructor(kernels: Kernels, memory: TrainingMemory) {
    this.#kernels = kernels
    this.memory = memory
  }

  makeHistogram(): NodeHistogram {
    const { arena } = this.#kernels
    const bins = this.memory.columns * binsOfColumn
    return { sums: arena.float64(2 * bins), counts: arena.int32(bins) }
  }

  /** All rows in their own order, for a new tree that moves the margins `output`. */
  beginTree(output: number): void {
    this.#output = output
    const members = this.memory.members.view
    for (let row = 0; row < members.length; row += 1) members[row] = row
  }

  /** Gradients and hessians of the log loss of yes-or-no labels, at the margins as they are. */
  async updateLogisticPairs(): Promise<void> {
    const { rows, columns, margins, labels, weights, pairs } = this.memory
    const tasks = cut({ from: 0, to: rows }).map(({ from, to }) => [
      margins.at,
      labels.at,
      weights?.at ?? 0,
      pairs.at,
      from,
      to,
    ])
    await this.#dispatch('gradientPairs', tasks, rows * columns)
  }

  async buildRoot(histogram: NodeHistogram): Promise<void> {
    const all = { from: 0, to: this.memory.rows }
    const known = this.#rootCounts
    await this.#build(0, all, histogram.sums.at, known ? 0 : histogram.counts.at, undefined)
    if (known) histogram.counts.view.set(known)
    else this.#rootCounts = histogram.counts.view.slice()
  }

  /** The histogram of a node, and that of its sibling, which takes the place of `parent`. */
  async buildPair(range: RowRange, histogram: NodeHistogram, parent: NodeHistogram): Promise<void> {
    await this.#build(this.memory.members.at, range, histogram.sums.at, histogram.counts.at, parent)
  }

  async #build(
    members: number,
    { from, to }: RowRange,
    sums: number,
    counts: number,
    parent: NodeHistogram | undefined,
  ): Promise<void> {
    const { bins, rows, columns, width, groups, pairs, binCounts } = this.memory
    const size = (to - from) * columns
    const groupsAtOnce = size >= spreadFrom ? 1 : groups
    const ownPairs = pairs.at + 8 * rows * this.#output
    const tasks: number[][] = []
    for (let group = 0; group < groups; group += groupsAtOnce) {
      const shape = [bins.at, rows, columns, width, group, group + groupsAtOnce]
      const output = [sums, counts, parent?.sums.at ?? 0, parent?.counts.at ?? 0]
      tasks.push([...shape, members, from, to, ownPairs, binCounts.at, ...output])
    }
    await this.#dispatch('buildHistograms', tasks, size)
  }

  /**
   * Moves the rows of a node whose bin in `column` goes left to the front, all in their order.
   *
   * @param goesLeft `[256]` 1 for bins that go left
   * @returns where the right child's rows begin
   */
  async partition(range: RowRange, column: number, goesLeft: Uint8Array): Promise<number> {
    const { bins, rows, columns, width, members, right } = this.memory
    this.memory.goesLeft.view.set(goesLeft)
    const first = Math.floor(column / width) * width
    const columnBins = bins.at + rows * first + (column - first)
    const stride = Math.min(columns, first + width) - first
    const blocks = cut(range)
    const tasks = blocks.map(({ from, to }) => [
      columnBins,
      stride,
      members.at,
      from,
      to,
      this.memory.goesLeft.at,
      right.at,
    ])
    const lefts = await this.#dispatch('partitionRows', tasks, (range.to - range.from) * columns)
    const order = members.view
    const aside = right.view
    let end = range.from
    blocks.forEach(({ from }, block) => {
      if (end !== from) order.copyWithin(end, from, from + lefts[block]!)
      end += lefts[block]!
    })
    const middle = end
    blocks.forEach(({ from, to }, block) => {
      const count = to - from - lefts[block]!
      order.set(aside.subarray(from, from + count), end)
      end += count
    })
    return middle
  }

  /** The best threshold of every column of numbers, six numbers a column as `searchThresholds` gives them. */
  async searchThresholds(
    histogram: NodeHistogram,
    node: NodeSums,
    limits: Omit<SplitLimits, 'bounds'>,
  ): Promise<Float64Array> {
    const { columns, present, kinds, found } = this.memory
    const { sums, counts } = histogram
    const sum = [node.rows, node.gradient, node.hessian, node.value]
    const task = [0, columns, sums.at, counts.at, present.at, kinds.at, ...sum, limits.rowsPerLeafMin, limits.l2]
    await this.#kernels.run('searchThresholds', [[...task, found.at]])
    return found.view
  }

  /** Adds each leaf's value to the margins of its rows. */
  async addLeaves(leaves: readonly { readonly range: RowRange; readonly value: number }[]): Promise<void> {
    const { margins, members, rows, columns } = this.memory
    const ownMargins = margins.at + 8 * rows * this.#output
    const tasks = leaves.flatMap(({ range, value }) =>
      cut(range).map(({ from, to }) => [ownMargins, members.at, from, to, value]),
    )
    await this.#dispatch('addToRows', tasks, rows * columns)
  }

  /** Small work is done here, task after task: waking a thread would take longer. */
  async #dispatch(
    kernel: Parameters<Kernels['run']>[0],
    tasks: readonly (readonly number[])[],
    size: number,
  ): Promise<Float64Array> {
    if (size >= spreadFrom || tasks.length === 1) return this.#kernels.run(kernel, tasks)
    const results = new Float64Array(tasks.length)
    for (let task = 0; task < tasks.length; task += 1) {
      results[task] = (await this.#kernels.run(kernel, [tasks[task]!]))[0]!
    }
    return results
  }
}

function cut({ from, to }: RowRange): RowRange[] {
  const blocks: RowRange[] = []
  for (let start = from; start < to; start += blockRows)
    blocks.push({ from: start, to: Math.min(to, start + blockRows) })
  return blocks
}
