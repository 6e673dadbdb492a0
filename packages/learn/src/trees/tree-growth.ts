import type { ColumnBins, TreeNodes } from './boosting-model.ts'
import type { BoostingSettings } from './boosting-options.ts'
import type { NodeKernels, RowRange } from './node-kernels.ts'
import type { BoostingObjective } from './objectives/objective.ts'
import { boundsBelow, hessianMin, type NodeSums, type Split, unbounded, type ValueBounds } from './split.ts'
import { SplitQueue } from './split-queue.ts'
import { findSplit } from './split-search.ts'
import { binsOfColumn, type NodeHistogram } from './training-memory.ts'
import { TreeBuilder } from './tree-builder.ts'

/** A node of a growing tree. */
interface GrowingNode {
  readonly id: number
  readonly depth: number
  readonly range: RowRange
  readonly sums: NodeSums
  /** Of what its children may be worth. */
  readonly bounds: ValueBounds
}

/** A node that will be split unless there are enough leaves before its turn comes. */
interface SplittableNode extends GrowingNode {
  readonly split: Split
  readonly histogram: NodeHistogram
}

interface Leaf {
  readonly id: number
  readonly range: RowRange
  readonly value: number
}

/**
 * Grows trees one after the other, each best split first, and moves the margins of the training rows along.
 *
 * Of two siblings only the smaller's histogram is summed; the other's is what is left of their parent's.
 */
export class TreeGrower {
  readonly #kernels: NodeKernels
  readonly #settings: BoostingSettings
  readonly #bins: ColumnBins
  readonly #objective: BoostingObjective
  readonly #order: Int32Array
  readonly #free: NodeHistogram[] = []
  // Those of the tree under way.
  #queue = new SplitQueue<SplittableNode>()
  #builder = new TreeBuilder()
  #leaves: Leaf[] = []

  constructor(kernels: NodeKernels, settings: BoostingSettings, bins: ColumnBins, objective: BoostingObjective) {
    this.#kernels = kernels
    this.#settings = settings
    this.#bins = bins
    this.#objective = objective
    const columns = Array.from(bins.isCategorical, (_, column) => column)
    const ofKind = (kind: number): number[] => columns.filter((column) => bins.isCategorical[column] === kind)
    this.#order = Int32Array.from([...ofKind(1), ...ofKind(0)])
    const { rows } = kernels.memory
    const { leavesMax, rowsPerLeafMin } = settings
    const splittableMax = Math.min(leavesMax, Math.ceil(rows / (2 * rowsPerLeafMin))) + 1
    for (let slot = 0; slot < splittableMax; slot += 1) this.#free.push(kernels.makeHistogram())
  }

  /** One more tree, fitted to the gradients and hessians as they are, for the margins `output`. */
  async grow(output: number): Promise<TreeNodes> {
    const kernels = this.#kernels
    this.#queue = new SplitQueue()
    this.#builder = new TreeBuilder()
    this.#leaves = []
    kernels.beginTree(output)
    await this.#plantRoot()
    for (let node = this.#queue.pop(); node; node = this.#queue.pop()) await this.#split(node)
    if (this.#objective.leafStep) this.#leaves = this.#leaves.map((leaf) => this.#refit(leaf))
    await kernels.addLeaves(this.#leaves)
    return this.#builder.build()
  }

  async #plantRoot(): Promise<void> {
    const { rows } = this.#kernels.memory
    const histogram = this.#free.pop()!
    await this.#kernels.buildRoot(histogram)
    const sums = { ...this.#totals(histogram), rows, value: 0 }
    const root = { id: this.#builder.add(rows), depth: 0, range: { from: 0, to: rows }, sums, bounds: unbounded }
    if (rows < 2 * this.#settings.rowsPerLeafMin || sums.hessian < hessianMin) this.#finish(root, histogram)
    else await this.#consider(root, histogram)
  }

  /** Every column's histogram has the same sums; the first one looked at is taken. */
  #totals({ sums }: NodeHistogram): { gradient: number; hessian: number } {
    const first = 2 * this.#order[0]! * binsOfColumn
    const bins = this.#kernels.memory.binsPresent[this.#order[0]!]! + 1
    const view = sums.view
    let gradient = 0
    let hessian = 0
    for (let at = first; at < first + 2 * bins; at += 2) {
      gradient += view[at]!
      hessian += view[at + 1]!
    }
    return { gradient, hessian }
  }

  /** Finds the node's best split and queues it, or makes it a leaf when there is none. */
  async #consider(node: GrowingNode, histogram: NodeHistogram): Promise<void> {
    const { rowsPerLeafMin, l2, categoryL2, directions } = this.#settings
    const limits = { rowsPerLeafMin, l2, categoryL2, bounds: node.bounds }
    const split = await findSplit(this.#kernels, histogram, this.#order, node.sums, limits, directions)
    if (split) this.#queue.push({ ...node, split, histogram }, split.gain)
    else this.#finish(node, histogram)
  }

  #finish(node: GrowingNode, histogram: NodeHistogram | undefined): void {
    const { stepMax = Infinity } = this.#objective
    const value = Math.max(-stepMax, Math.min(stepMax, node.sums.value)) * this.#settings.learningRate
    this.#builder.setLeaf(node.id, value)
    this.#leaves.push({ id: node.id, range: node.range, value })
    if (histogram) this.#free.push(histogram)
  }

  /** Gives a leaf the value that is best for its rows, where the Newton step does not. */
  #refit({ id, range }: Leaf): Leaf {
    const { members, margins } = this.#kernels.memory
    const rows = members.view.subarray(range.from, range.to)
    const value = this.#settings.learningRate * this.#objective.leafStep!(rows, margins.view)
    this.#builder.setLeaf(id, value)
    return { id, range, value }
  }

  async #split(node: SplittableNode): Promise<void> {
    const { depthMax, leavesMax, rowsPerLeafMin, directions } = this.#settings
    const { split, range } = node
    const direction = directions?.[split.column] ?? 0
    const [leftBounds, rightBounds] = boundsBelow(node.bounds, direction, split.left.value, split.right.value)
    const middle = await this.#kernels.partition(range, split.column, this.#leftTable(split))
    const depth = node.depth + 1
    const left = {
      id: this.#builder.add(split.left.rows),
      depth,
      range: { from: range.from, to: middle },
      sums: split.left,
      bounds: leftBounds,
    }
    const right = {
      id: this.#builder.add(split.right.rows),
      depth,
      range: { from: middle, to: range.to },
      sums: split.right,
      bounds: rightBounds,
    }
    this.#noteSplit(node, left.id, right.id)
    const leaves = this.#leaves.length + this.#queue.length + 2
    if (leaves === leavesMax || depth === depthMax) {
      this.#finish(left, node.histogram)
      this.#finish(right, undefined)
      if (leaves === leavesMax) for (const other of this.#queue.drain()) this.#finish(other, other.histogram)
      return
    }
    const isTooSmall = ({ sums }: GrowingNode): boolean => sums.rows < 2 * rowsPerLeafMin
    if (isTooSmall(left) && isTooSmall(right)) {
      this.#finish(left, node.histogram)
      this.#finish(right, undefined)
      return
    }
    const smaller = left.sums.rows < right.sums.rows ? left : right
    const histogram = this.#free.pop()!
    await this.#kernels.buildPair(smaller.range, histogram, node.histogram)
    for (const child of [left, right]) {
      const own = child === smaller ? histogram : node.histogram
      if (isTooSmall(child)) this.#finish(child, own)
      else await this.#consider(child, own)
    }
  }

  /** `[256]` 1 for the bins that go left. */
  #leftTable({ column, bin, leftBins, missingLeft }: Split): Uint8Array {
    if (leftBins) return leftBins
    const table = new Uint8Array(binsOfColumn).fill(1, 0, bin + 1)
    const missingBin = this.#kernels.memory.binsPresent[column]!
    table[missingBin] = missingLeft ? 1 : 0
    return table
  }

  #noteSplit({ id, split }: SplittableNode, left: number, right: number): void {
    const { column, bin, leftBins, missingLeft, gain } = split
    const { starts, edges } = this.#bins
    const isLastBin = bin === this.#kernels.memory.binsPresent[column]! - 1
    // A split after the last bin parts rows with a value from rows without.
    const threshold = leftBins ? NaN : isLastBin ? Infinity : edges[starts[column]! + bin]!
    this.#builder.setSplit(id, { column, threshold, leftBins, missingLeft, gain, left, right })
  }
}
