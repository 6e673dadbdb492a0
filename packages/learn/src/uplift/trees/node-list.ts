import type { TreeNodes } from '../../trees/boosting-model.ts'
import { bitsOf } from '../../trees/tree-builder.ts'

/** The best split of a node so far. */
export interface BestSplit {
  /** The higher, the better. −∞ before there is one. */
  score: number
  column: number
  /** Where the column is cut; NaN where categories are asked. */
  threshold: number
  /** `[256]` 1 for the bins that go left. */
  readonly leftBins: Uint8Array
  missingLeft: boolean
}

/** The nodes of one tree while it grows, in arrays with room for all there can be. */
export class NodeList {
  readonly #outputs: number
  readonly #columns: Int32Array
  readonly #thresholds: Float64Array
  readonly #sets: Int32Array
  readonly #missingLeft: Uint8Array
  readonly #lefts: Int32Array
  readonly #rights: Int32Array
  readonly #values: Float64Array
  readonly #gains: Float64Array
  readonly #rows: Int32Array
  readonly #categorySets: Uint32Array[] = []
  #length = 0

  /** @param nodesMax more than there will ever be */
  constructor(outputs: number, nodesMax: number) {
    this.#outputs = outputs
    this.#columns = new Int32Array(nodesMax)
    this.#thresholds = new Float64Array(nodesMax)
    this.#sets = new Int32Array(nodesMax)
    this.#missingLeft = new Uint8Array(nodesMax)
    this.#lefts = new Int32Array(nodesMax)
    this.#rights = new Int32Array(nodesMax)
    this.#values = new Float64Array(outputs * nodesMax)
    this.#gains = new Float64Array(nodesMax)
    this.#rows = new Int32Array(nodesMax)
  }

  /** Takes a leaf in, and gives its number. */
  add(): number {
    const node = this.#length
    this.#columns[node] = -1
    this.#thresholds[node] = NaN
    this.#sets[node] = -1
    this.#lefts[node] = -1
    this.#rights[node] = -1
    this.#length += 1
    return node
  }

  setRows(node: number, rows: number, sums: Float64Array, weight: number): void {
    this.#rows[node] = rows
    sums.forEach((sum, output) => {
      this.#values[node * this.#outputs + output] = sum / weight
    })
  }

  /** Makes a leaf a node that asks. */
  setSplit(node: number, split: BestSplit, isCategorical: boolean, gain: number, left: number, right: number): void {
    this.#columns[node] = split.column
    this.#thresholds[node] = split.threshold
    this.#missingLeft[node] = split.missingLeft ? 1 : 0
    this.#lefts[node] = left
    this.#rights[node] = right
    this.#gains[node] = gain
    if (isCategorical) this.#sets[node] = this.#categorySets.push(bitsOf(split.leftBins)) - 1
  }

  build(): TreeNodes {
    const n = this.#length
    const categorySets = new Uint32Array(8 * this.#categorySets.length)
    this.#categorySets.forEach((bits, set) => {
      categorySets.set(bits, 8 * set)
    })
    return {
      starts: Int32Array.of(0, n),
      columns: this.#columns.slice(0, n),
      thresholds: this.#thresholds.slice(0, n),
      sets: this.#sets.slice(0, n),
      missingLeft: this.#missingLeft.slice(0, n),
      lefts: this.#lefts.slice(0, n),
      rights: this.#rights.slice(0, n),
      values: this.#values.slice(0, n * this.#outputs),
      gains: this.#gains.slice(0, n),
      rows: this.#rows.slice(0, n),
      categorySets,
    }
  }
}
