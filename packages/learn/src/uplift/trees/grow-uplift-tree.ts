import type { Random } from '@rapport/numerics'
import type { ColumnBins, TreeNodes } from '../../trees/boosting-model.ts'
import type { BinnedColumns } from '../../trees/forest/binned-columns.ts'
import { ArmCounts, type ArmMembers, ArmTally } from './arm-tally.ts'
import { type BestSplit, NodeList } from './node-list.ts'
import { drawnRates, UpliftSplitter } from './uplift-split.ts'
import type { UpliftTreeSettings } from './uplift-tree-options.ts'

/** Data in bins, with what is known of each row. */
export interface PreparedTrial {
  readonly binned: BinnedColumns
  readonly bins: ColumnBins
  /** Arms, the control among them. */
  readonly armCount: number
  /** `[n]` */
  readonly arms: Uint8Array
  readonly outcomes: Float64Array
  readonly weights: Float64Array
}

/** A node whose rows are known and whose split is not. */
interface OpenNode {
  readonly node: number
  readonly from: number
  readonly to: number
  readonly depth: number
  /** Drawn shares of the node above; `undefined` for the root. */
  readonly above: Float64Array | undefined
}

/** Grows one tree whose splits part customers by what treatments do to them. */
export class UpliftTree {
  readonly #trial: PreparedTrial
  readonly #settings: UpliftTreeSettings
  readonly #random: Random
  readonly #members: ArmMembers
  readonly #nodes: NodeList
  readonly #tally: ArmTally
  readonly #splitter: UpliftSplitter
  readonly #columns: Int32Array
  readonly #best: BestSplit = {
    score: 0,
    column: -1,
    threshold: NaN,
    leftBins: new Uint8Array(256),
    missingLeft: false,
  }

  /** @param draws `[n]` how often each row was drawn */
  constructor(trial: PreparedTrial, draws: Uint16Array, settings: UpliftTreeSettings, random: Random) {
    this.#trial = trial
    this.#settings = settings
    this.#random = random
    this.#members = membersOf(trial, draws)
    this.#nodes = new NodeList(trial.armCount, Math.max(2, 2 * this.#members.rows.length))
    this.#tally = new ArmTally(trial.armCount)
    this.#splitter = new UpliftSplitter(trial.armCount, settings)
    this.#columns = Int32Array.from(trial.binned.columns, (_, column) => column)
  }

  grow(): TreeNodes {
    const open: OpenNode[] = [
      { node: this.#nodes.add(), from: 0, to: this.#members.rows.length, depth: 0, above: undefined },
    ]
    for (let next = open.pop(); next; next = open.pop()) {
      const halves = this.#settle(next)
      // The left child is numbered and grown first.
      if (halves) open.push(halves[1], halves[0])
    }
    return this.#nodes.build()
  }

  /** Gives a node its shares of responders, and its split if it has one. */
  #settle({ node, from, to, depth, above }: OpenNode): readonly [OpenNode, OpenNode] | undefined {
    const counts = new ArmCounts(this.#trial.armCount)
    for (let at = from; at < to; at += 1) counts.count(this.#members, at)
    const rows = counts.rows.reduce((sum, own) => sum + own, 0)
    // Leaves hold plain shares; drawn ones only judge splits.
    this.#nodes.setRows(node, rows, drawnRates(counts, undefined, this.#settings), 1)
    const rates = drawnRates(counts, above, this.#settings)
    if (depth === this.#settings.depthMax || rows < 2 * this.#settings.rowsPerLeafMin) return undefined
    if (!this.#search(counts, rates, from, to)) return undefined
    const middle = this.#partition(from, to)
    const left = { node: this.#nodes.add(), from, to: middle, depth: depth + 1, above: rates }
    const right = { node: this.#nodes.add(), from: middle, to, depth: depth + 1, above: rates }
    const isCategorical = this.#trial.bins.isCategorical[this.#best.column] === 1
    this.#nodes.setSplit(node, this.#best, isCategorical, this.#best.score, left.node, right.node)
    return [left, right]
  }

  /** @returns whether a column has a split that gains anything */
  #search(counts: ArmCounts, rates: Float64Array, from: number, to: number): boolean {
    const { binned, bins } = this.#trial
    const columns = this.#columns
    this.#best.score = 0
    this.#best.column = -1
    let looked = 0
    for (let place = 0; place < columns.length && looked < this.#settings.columnsPerSplit; place += 1) {
      const other = place + this.#random.integer(columns.length - place)
      const column = columns[other]!
      columns[other] = columns[place]!
      columns[place] = column
      this.#tally.fill(binned.columns[column]!, this.#members, from, to)
      if (this.#tally.length < 2) continue
      looked += 1
      this.#splitter.search(
        {
          column,
          tally: this.#tally,
          node: { counts, rates },
          edges: bins.edges.subarray(bins.starts[column]!, bins.starts[column + 1]!),
          missingBin: binned.missingBins[column]!,
          isCategorical: bins.isCategorical[column] === 1,
        },
        this.#best,
      )
    }
    return this.#best.column >= 0
  }

  /** Moves the rows that go left to the front, all in their order. @returns where the others begin */
  #partition(from: number, to: number): number {
    const bins = this.#trial.binned.columns[this.#best.column]!
    const order = Array.from({ length: to - from }, (_, at) => from + at)
    const isLeft = (at: number): boolean => this.#best.leftBins[bins[this.#members.rows[at]!]!] === 1
    const sorted = [...order.filter(isLeft), ...order.filter((at) => !isLeft(at))]
    const middle = from + order.filter(isLeft).length
    for (const values of Object.values(this.#members) as (Int32Array | Float64Array)[]) {
      values.set(
        sorted.map((at) => values[at]!),
        from,
      )
    }
    return middle
  }
}

function membersOf({ arms, outcomes, weights }: PreparedTrial, draws: Uint16Array): ArmMembers {
  const rows = Int32Array.from(draws.keys()).filter((row) => draws[row]! * weights[row]! > 0)
  const weightOf = (row: number): number => draws[row]! * weights[row]!
  return {
    rows,
    arms: Uint8Array.from(rows, (row) => arms[row]!),
    draws: Uint16Array.from(rows, (row) => draws[row]!),
    weights: Float64Array.from(rows, weightOf),
    responses: Float64Array.from(rows, (row) => weightOf(row) * outcomes[row]!),
  }
}
