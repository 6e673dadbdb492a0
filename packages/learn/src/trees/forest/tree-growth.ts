import type { Random } from '@rapport/numerics'
import type { ColumnBins, TreeNodes } from '../boosting-model.ts'
import type { BinnedColumns } from './binned-columns.ts'
import { ColumnTally, type MemberRows } from './column-tally.ts'
import type { ForestSettings } from './forest-options.ts'
import { type ForestSplit, type NodeTotals, searchColumn } from './forest-split.ts'
import { NodeList } from './node-list.ts'

/** A node whose rows are known and whose split is not. */
interface OpenNode {
  readonly node: number
  readonly from: number
  readonly to: number
  readonly depth: number
}

/**
 * Grows one tree of a forest, each node split at once, until leaves are pure or too small.
 *
 * Each node looks at columns in a random order until `columnsPerSplit` of them were not constant; a split may gain
 * nothing, as the first of a checkerboard does.
 */
export class ForestTree {
  readonly #data: BinnedColumns
  readonly #bins: ColumnBins
  readonly #settings: ForestSettings
  readonly #random: Random
  readonly #tally: ColumnTally
  readonly #columns: Int32Array
  readonly #nodes: NodeList
  readonly #members: MemberRows
  readonly #aside: MemberRows
  /** How often each row was drawn. */
  readonly #draws: Uint16Array
  readonly #edges: readonly Float64Array[]
  readonly #best: ForestSplit = {
    score: -Infinity,
    column: -1,
    threshold: NaN,
    leftBins: new Uint8Array(256),
    missingLeft: false,
  }

  constructor(
    { binned, bins, targets, weights, outputs }: PreparedForest,
    draws: Uint16Array,
    settings: ForestSettings,
    random: Random,
  ) {
    this.#data = binned
    this.#bins = bins
    this.#settings = settings
    this.#random = random
    this.#draws = draws
    this.#tally = new ColumnTally(outputs)
    this.#columns = Int32Array.from(binned.columns, (_, column) => column)
    this.#edges = binned.columns.map((_, column) => bins.edges.subarray(bins.starts[column]!, bins.starts[column + 1]!))
    const weightOf = (row: number): number => draws[row]! * (weights ? weights[row]! : 1)
    const rows = Int32Array.from(draws, (_, row) => row).filter((row) => weightOf(row) > 0)
    this.#members = {
      rows,
      weights: Float64Array.from(rows, weightOf),
      targets: Float64Array.from(rows, (row) => targets[row]!),
    }
    this.#aside = {
      rows: new Int32Array(rows.length),
      weights: new Float64Array(rows.length),
      targets: new Float64Array(rows.length),
    }
    this.#nodes = new NodeList(outputs, 2 * rows.length)
  }

  grow(): TreeNodes {
    const open: OpenNode[] = [{ node: this.#nodes.add(), from: 0, to: this.#members.rows.length, depth: 0 }]
    for (let next = open.pop(); next; next = open.pop()) {
      const halves = this.#settle(next)
      // The left child is numbered and grown first.
      if (halves) open.push(halves[1], halves[0])
    }
    return this.#nodes.build()
  }

  /** Gives a node its values, and its split if it has one. */
  #settle({ node, from, to, depth }: OpenNode): readonly [OpenNode, OpenNode] | undefined {
    const { totals, isPure, drawn } = this.#totals(from, to)
    this.#nodes.setRows(node, drawn, totals.sums, totals.weight)
    const { rowsPerLeafMin, depthMax } = this.#settings
    if (isPure || depth === depthMax || totals.rows < 2 * rowsPerLeafMin) return undefined
    if (!this.#search(totals, from, to)) return undefined
    const middle = this.#partition(from, to)
    const left = { node: this.#nodes.add(), from, to: middle, depth: depth + 1 }
    const right = { node: this.#nodes.add(), from: middle, to, depth: depth + 1 }
    const before = totals.sums.reduce((sum, one) => sum + one * one, 0) / totals.weight
    const gain = Math.max(0, this.#best.score - before)
    const isCategorical = this.#bins.isCategorical[this.#best.column] === 1
    this.#nodes.setSplit(node, this.#best, isCategorical, gain, left.node, right.node)
    return [left, right]
  }

  #totals(from: number, to: number): { totals: NodeTotals; isPure: boolean; drawn: number } {
    const { rows, weights, targets } = this.#members
    const { outputs } = this.#tally
    const sums = new Float64Array(outputs)
    const first = targets[from]!
    let weight = 0
    let isPure = true
    let drawn = 0
    for (let at = from; at < to; at += 1) {
      const target = targets[at]!
      weight += weights[at]!
      drawn += this.#draws[rows[at]!]!
      if (target !== first) isPure = false
      if (outputs === 1) sums[0]! += weights[at]! * target
      else sums[target]! += weights[at]!
    }
    return { totals: { rows: to - from, weight, sums }, isPure, drawn }
  }

  /** @returns whether any column can be split */
  #search(node: NodeTotals, from: number, to: number): boolean {
    const { columnsPerSplit, isRandom, rowsPerLeafMin } = this.#settings
    const { isCategorical } = this.#bins
    const columns = this.#columns
    this.#best.score = -Infinity
    let looked = 0
    for (let place = 0; place < columns.length && looked < columnsPerSplit; place += 1) {
      const other = place + this.#random.integer(columns.length - place)
      const column = columns[other]!
      columns[other] = columns[place]!
      columns[place] = column
      this.#tally.fill(this.#data.columns[column]!, this.#members, from, to)
      if (this.#tally.length < 2) continue
      looked += 1
      searchColumn(
        {
          column,
          tally: this.#tally,
          node,
          rowsPerLeafMin,
          edges: this.#edges[column]!,
          missingBin: this.#data.missingBins[column]!,
          isCategorical: isCategorical[column] === 1,
          random: isRandom ? this.#random : undefined,
        },
        this.#best,
      )
    }
    return this.#best.score > -Infinity
  }

  /** Moves the rows that go left to the front, all in their order. @returns where the others begin */
  #partition(from: number, to: number): number {
    const { column, leftBins } = this.#best
    const bins = this.#data.columns[column]!
    const members = this.#members
    const aside = this.#aside
    let left = from
    let right = 0
    for (let at = from; at < to; at += 1) {
      const row = members.rows[at]!
      const isLeft = leftBins[bins[row]!] === 1
      const side = isLeft ? members : aside
      const place = isLeft ? left++ : right++
      side.rows[place] = row
      side.weights[place] = members.weights[at]!
      side.targets[place] = members.targets[at]!
    }
    members.rows.set(aside.rows.subarray(0, right), left)
    members.weights.set(aside.weights.subarray(0, right), left)
    members.targets.set(aside.targets.subarray(0, right), left)
    return left
  }
}

/** Data in bins, with what is known of each row. */
export interface PreparedForest {
  readonly binned: BinnedColumns
  readonly bins: ColumnBins
  /** 1 where targets are numbers (or two classes, as 0 and 1), else the number of classes. */
  readonly outputs: number
  /** `[n]` numbers, or numbers of classes. */
  readonly targets: Float64Array
  /** `[n]`, or `undefined` where each row counts 1. */
  readonly weights: ArrayLike<number> | undefined
}
