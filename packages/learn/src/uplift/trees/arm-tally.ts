/** Rows of a growing tree, in which each node owns a stretch. */
export interface ArmMembers {
  readonly rows: Int32Array
  /** 0 the control, 1 … the treatments. */
  readonly arms: Uint8Array
  /** Times drawn. */
  readonly draws: Uint16Array
  /** Weight times draws, above 0. */
  readonly weights: Float64Array
  /** Weight of those who responded: `weights`, or 0. */
  readonly responses: Float64Array
}

/** What is counted of customers: by arm, the control first. */
export class ArmCounts {
  readonly rows: Float64Array
  readonly weights: Float64Array
  readonly responses: Float64Array

  constructor(arms: number) {
    this.rows = new Float64Array(arms)
    this.weights = new Float64Array(arms)
    this.responses = new Float64Array(arms)
  }

  clear(): void {
    this.rows.fill(0)
    this.weights.fill(0)
    this.responses.fill(0)
  }

  /** Adds a row of a tree. */
  count(members: ArmMembers, at: number): void {
    const arm = members.arms[at]!
    this.rows[arm]! += members.draws[at]!
    this.weights[arm]! += members.weights[at]!
    this.responses[arm]! += members.responses[at]!
  }

  /** Adds bin `bin` of a tally. */
  add(tally: ArmTally, bin: number): void {
    const { arms } = tally
    for (let arm = 0; arm < arms; arm += 1) {
      this.rows[arm]! += tally.rows[bin * arms + arm]!
      this.weights[arm]! += tally.weights[bin * arms + arm]!
      this.responses[arm]! += tally.responses[bin * arms + arm]!
    }
  }

  /** Becomes the rest of `whole` without `part`. */
  setRest(whole: ArmCounts, part: ArmCounts): void {
    for (let arm = 0; arm < this.rows.length; arm += 1) {
      this.rows[arm] = whole.rows[arm]! - part.rows[arm]!
      this.weights[arm] = whole.weights[arm]! - part.weights[arm]!
      this.responses[arm] = whole.responses[arm]! - part.responses[arm]!
    }
  }
}

const binsOfColumn = 256

/** One column's bins among the rows of a node, by arm. One instance is filled again and again. */
export class ArmTally {
  readonly arms: number
  /** `[length]` bins that are there, rising. */
  readonly bins = new Int32Array(binsOfColumn)
  length = 0
  /** `[bins × arms]` by number of the bin. */
  readonly rows: Float64Array
  readonly weights: Float64Array
  readonly responses: Float64Array

  constructor(arms: number) {
    this.arms = arms
    this.rows = new Float64Array(binsOfColumn * arms)
    this.weights = new Float64Array(binsOfColumn * arms)
    this.responses = new Float64Array(binsOfColumn * arms)
  }

  /** @param members rows `from … to − 1` are the node's */
  fill(column: Uint8Array, members: ArmMembers, from: number, to: number): void {
    this.rows.fill(0)
    this.weights.fill(0)
    this.responses.fill(0)
    const isThere = new Uint8Array(binsOfColumn)
    for (let at = from; at < to; at += 1) {
      const bin = column[members.rows[at]!]!
      const cell = bin * this.arms + members.arms[at]!
      isThere[bin] = 1
      this.rows[cell]! += members.draws[at]!
      this.weights[cell]! += members.weights[at]!
      this.responses[cell]! += members.responses[at]!
    }
    this.length = 0
    for (let bin = 0; bin < binsOfColumn; bin += 1) if (isThere[bin] === 1) this.bins[this.length++] = bin
  }
}
