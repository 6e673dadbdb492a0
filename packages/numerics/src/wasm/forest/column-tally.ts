/** Rows in the order of a growing tree, in which each node owns a stretch: what is summed lies side by side. */
export interface MemberRows {
  /** Row numbers. */
  readonly rows: Int32Array
  /** Weight times the draws of the row, above 0, and its number or the number of its class, side by side. */
  readonly pairs: Float64Array
}

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

  /** @param outputs 1 where targets are numbers (or two classes, as 0 and 1), else the number of classes */
  constructor(outputs: number) {
    this.outputs = outputs
    this.sums = new Float64Array(binsOfColumn * outputs)
    this.#binSums = new Float64Array(binsOfColumn * outputs)
  }

  /** @param node rows `from … to − 1` are the node's */
  fill(column: Uint8Array, { rows, pairs }: MemberRows, from: number, to: number): void {
    this.length = 0
    const outputs = this.outputs
    const binRows = this.#binRows
    const binWeights = this.#binWeights
    const binSums = this.#binSums
    if (outputs === 1) {
      for (let at = from; at < to; at += 1) {
        const bin = column[rows[at]!]!
        const weight = pairs[2 * at]!
        binRows[bin]! += 1
        binWeights[bin]! += weight
        binSums[bin]! += weight * pairs[2 * at + 1]!
      }
    } else {
      for (let at = from; at < to; at += 1) {
        const bin = column[rows[at]!]!
        const weight = pairs[2 * at]!
        binRows[bin]! += 1
        binWeights[bin]! += weight
        binSums[bin * outputs + pairs[2 * at + 1]!]! += weight
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
}
