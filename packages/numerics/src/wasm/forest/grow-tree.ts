import { type Random, seededRandom } from '../../random/random.ts'
import type { TwinMemory } from '../twin.ts'
import { type ForestSplit, type NodeTotals, searchColumn } from './column-search.ts'
import { ColumnTally, type MemberRows } from './column-tally.ts'
import { type GrowthTable, growthTable } from './growth-table.ts'

/** Twin of `growForestTree` in assembly/forest/grow-tree.ts. */
export function growForestTree(memory: TwinMemory, table: number, seed: number): number {
  return new TreeGrowth(growthTable(memory, table), seededRandom(seed >>> 0)).grow()
}

/** A node whose rows are known and whose split is not. */
interface OpenNode {
  readonly node: number
  readonly from: number
  readonly to: number
  readonly depth: number
}

class TreeGrowth {
  readonly #table: GrowthTable
  readonly #random: Random
  readonly #tally: ColumnTally
  readonly #order: Int32Array
  readonly #members: MemberRows
  readonly #aside: MemberRows
  #nodes = 0
  #sets = 0
  readonly #best: ForestSplit = {
    score: -Infinity,
    column: -1,
    threshold: NaN,
    leftBins: new Uint8Array(256),
    missingLeft: false,
  }

  constructor(table: GrowthTable, random: Random) {
    this.#table = table
    this.#random = random
    this.#tally = new ColumnTally(table.outputs)
    this.#order = Int32Array.from(table.columnBins, (_, column) => column)
    this.#members = { rows: new Int32Array(table.rows), pairs: new Float64Array(2 * table.rows) }
    this.#aside = { rows: new Int32Array(table.rows), pairs: new Float64Array(2 * table.rows) }
  }

  grow(): number {
    this.#drawRows()
    const open: OpenNode[] = [{ node: this.#addLeaf(), from: 0, to: this.#gatherMembers(), depth: 0 }]
    for (let next = open.pop(); next; next = open.pop()) {
      const { node, from, to } = next
      if (!this.#settle(next)) continue
      const depth = next.depth + 1
      const left = this.#addLeaf()
      const right = this.#addLeaf()
      this.#table.nodeLefts[node] = left
      const middle = this.#partition(from, to)
      // The left child is grown first.
      open.push({ node: right, from: middle, to, depth }, { node: left, from, to: middle, depth })
    }
    return this.#nodes
  }

  #drawRows(): void {
    const { rows, draws, weights, isBootstrap } = this.#table
    if (!isBootstrap) {
      draws.fill(1)
      return
    }
    let isWeighted = false
    while (!isWeighted) {
      draws.fill(0)
      for (let draw = 0; draw < rows; draw += 1) {
        const row = this.#random.integer(rows)
        draws[row]! += 1
        isWeighted ||= !weights || weights[row]! > 0
      }
    }
  }

  #gatherMembers(): number {
    const { draws, weights, targets } = this.#table
    const { rows, pairs } = this.#members
    let members = 0
    draws.forEach((times, row) => {
      const weight = weights ? times * weights[row]! : times
      if (!(weight > 0)) return
      rows[members] = row
      pairs[2 * members] = weight
      pairs[2 * members + 1] = targets[row]!
      members += 1
    })
    return members
  }

  #addLeaf(): number {
    const table = this.#table
    const node = this.#nodes
    table.nodeColumns[node] = -1
    table.nodeThresholds[node] = NaN
    table.nodeSets[node] = -1
    table.nodeMissingLeft[node] = 0
    table.nodeLefts[node] = -1
    table.nodeGains[node] = 0
    this.#nodes += 1
    return node
  }

  /** Gives a node its values, and its split if it has one. */
  #settle({ node, from, to, depth }: OpenNode): boolean {
    const table = this.#table
    const { outputs, rowsPerLeafMin, depthMax } = table
    const { totals, isPure, drawn } = this.#totals(from, to)
    table.nodeRows[node] = drawn
    totals.sums.forEach((sum, output) => {
      table.nodeValues[node * outputs + output] = sum / totals.weight
    })
    if (isPure || depth === depthMax || totals.rows < 2 * rowsPerLeafMin) return false
    if (!this.#search(totals, from, to)) return false
    const gain = this.#best.score - totals.sums.reduce((sum, one) => sum + one * one, 0) / totals.weight
    table.nodeColumns[node] = this.#best.column
    table.nodeThresholds[node] = this.#best.threshold
    table.nodeMissingLeft[node] = this.#best.missingLeft ? 1 : 0
    table.nodeGains[node] = Math.max(0, gain)
    if (table.isCategorical[this.#best.column] === 1) this.#keepCategories(node)
    return true
  }

  #totals(from: number, to: number): { totals: NodeTotals; isPure: boolean; drawn: number } {
    const { rows, pairs } = this.#members
    const { outputs, draws } = this.#table
    const sums = new Float64Array(outputs)
    const first = pairs[2 * from + 1]!
    let weightSum = 0
    let isPure = true
    let drawn = 0
    for (let at = from; at < to; at += 1) {
      const weight = pairs[2 * at]!
      const target = pairs[2 * at + 1]!
      weightSum += weight
      drawn += draws[rows[at]!]!
      if (target !== first) isPure = false
      if (outputs === 1) sums[0]! += weight * target
      else sums[target]! += weight
    }
    return { totals: { rows: to - from, weight: weightSum, sums }, isPure, drawn }
  }

  /** @returns whether any column can be split */
  #search(node: NodeTotals, from: number, to: number): boolean {
    const { columnBins, missingBins, isCategorical, edgesOf, columnsPerSplit, isRandom, rowsPerLeafMin } = this.#table
    const order = this.#order
    this.#best.score = -Infinity
    let looked = 0
    for (let place = 0; place < order.length && looked < columnsPerSplit; place += 1) {
      const other = place + this.#random.integer(order.length - place)
      const column = order[other]!
      order[other] = order[place]!
      order[place] = column
      this.#tally.fill(columnBins[column]!, this.#members, from, to)
      if (this.#tally.length < 2) continue
      looked += 1
      searchColumn(
        {
          column,
          tally: this.#tally,
          node,
          rowsPerLeafMin,
          edges: edgesOf[column]!,
          missingBin: missingBins[column]!,
          isCategorical: isCategorical[column] === 1,
          random: isRandom ? this.#random : undefined,
        },
        this.#best,
      )
    }
    return this.#best.score > -Infinity
  }

  #keepCategories(node: number): void {
    const { nodeSets, categorySets } = this.#table
    const set = categorySets.subarray(32 * this.#sets, 32 * this.#sets + 32).fill(0)
    this.#best.leftBins.forEach((isLeft, bin) => {
      set[bin >> 3]! |= isLeft << (bin & 7)
    })
    nodeSets[node] = this.#sets
    this.#sets += 1
  }

  /** Moves the rows that go left to the front, all in their order. @returns where the others begin */
  #partition(from: number, to: number): number {
    const { column, leftBins } = this.#best
    const bins = this.#table.columnBins[column]!
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
      side.pairs[2 * place] = members.pairs[2 * at]!
      side.pairs[2 * place + 1] = members.pairs[2 * at + 1]!
    }
    members.rows.set(aside.rows.subarray(0, right), left)
    members.pairs.set(aside.pairs.subarray(0, 2 * right), 2 * left)
    return left
  }
}
