/** Rows in the order of a growing tree, in which each node owns a stretch: what is summed lies side by side. */
export interface MemberRows {
  /** Row numbers. */
  readonly rows: Int32Array
  /** Weight times the draws of the row, above 0. */
  readonly weights: Float64Array
  /** Numbers, or numbers of classes. */
  readonly targets: Float64Array
}

/** Up to this many rows, sorting them is quicker than clearing and walking through all bins. */
const sortedRowsMax = 40
const binsOfColumn = 256

/**
 * One column's bins among the rows of a node: those that are there, rising, each with its rows, weight and sums of
 * weighted targets. One instance is filled again and again.
 */
export class ColumnTally {
  readonly outputs: number
  /** Bins that are there. */
  length = 0
  readonly bins = new Int32Array(binsOfColumn)
  readonly rows = new Int32Array(binsOfColumn)
  readonly weights = new Float64Array(binsOfColumn)
  /** `[bins × outputs]` */
  readonly sums: Float64Array
  // By number of the bin; all 0 between calls.
  readonly #binRows = new Int32Array(binsOfColumn)
  readonly #binWeights = new Float64Array(binsOfColumn)
  readonly #binSums: Float64Array
  readonly #keys = new Int32Array(sortedRowsMax)

  /** @param outputs 1 where targets are numbers (or two classes, as 0 and 1), else the number of classes */
  constructor(outputs: number) {
    this.outputs = outputs
    this.sums = new Float64Array(binsOfColumn * outputs)
    this.#binSums = new Float64Array(binsOfColumn * outputs)
  }

  /** @param node rows `from … to − 1` are the node's */
  fill(column: Uint8Array, node: MemberRows, from: number, to: number): void {
    this.length = 0
    if (to - from > sortedRowsMax) this.#count(column, node, from, to)
    else this.#sort(column, node, from, to)
  }

  #count(column: Uint8Array, { rows, weights, targets }: MemberRows, from: number, to: number): void {
    const outputs = this.outputs
    const binRows = this.#binRows
    const binWeights = this.#binWeights
    const binSums = this.#binSums
    if (outputs === 1) {
      for (let at = from; at < to; at += 1) {
        const bin = column[rows[at]!]!
        const weight = weights[at]!
        binRows[bin]! += 1
        binWeights[bin]! += weight
        binSums[bin]! += weight * targets[at]!
      }
    } else {
      for (let at = from; at < to; at += 1) {
        const bin = column[rows[at]!]!
        const weight = weights[at]!
        binRows[bin]! += 1
        binWeights[bin]! += weight
        binSums[bin * outputs + targets[at]!]! += weight
      }
    }
    for (let bin = 0; bin < binsOfColumn; bin += 1) {
      if (binRows[bin] === 0) continue
      const place = this.length
      this.bins[place] = bin
      this.rows[place] = binRows[bin]!
      this.weights[place] = binWeights[bin]!
      binRows[bin] = 0
      binWeights[bin] = 0
      for (let output = 0; output < outputs; output += 1) {
        this.sums[place * outputs + output] = binSums[bin * outputs + output]!
        binSums[bin * outputs + output] = 0
      }
      this.length = place + 1
    }
  }

  #sort(column: Uint8Array, { rows, weights, targets }: MemberRows, from: number, to: number): void {
    const outputs = this.outputs
    const { bins, rows: rowsOf, weights: weightsOf, sums } = this
    const keys = this.#keys
    // Bin and place in one number: sorting it is sorting both.
    for (let at = from; at < to; at += 1) {
      const key = (column[rows[at]!]! << 8) | (at - from)
      let place = at - from
      while (place > 0 && keys[place - 1]! > key) {
        keys[place] = keys[place - 1]!
        place -= 1
      }
      keys[place] = key
    }
    let last = -1
    let place = -1
    for (let at = 0; at < to - from; at += 1) {
      const key = keys[at]!
      const bin = key >> 8
      const member = from + (key & 255)
      if (bin !== last) {
        last = bin
        place += 1
        bins[place] = bin
        rowsOf[place] = 0
        weightsOf[place] = 0
        for (let output = 0; output < outputs; output += 1) sums[place * outputs + output] = 0
      }
      const weight = weights[member]!
      rowsOf[place]! += 1
      weightsOf[place]! += weight
      if (outputs === 1) sums[place]! += weight * targets[member]!
      else sums[place * outputs + targets[member]!]! += weight
    }
    this.length = place + 1
  }
}
