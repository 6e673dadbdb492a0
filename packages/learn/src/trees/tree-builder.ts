import type { TreeNodes } from './boosting-model.ts'

/** What a node asks, and where its rows go. */
export interface NodeSplit {
  readonly column: number
  /** NaN where categories are asked. */
  readonly threshold: number
  readonly leftBins: Uint8Array | undefined
  readonly missingLeft: boolean
  readonly gain: number
  readonly left: number
  readonly right: number
}

/** Collects the nodes of one tree while it grows. */
export class TreeBuilder {
  readonly #rows: number[] = []
  readonly #splits: (NodeSplit | undefined)[] = []
  readonly #values: number[] = []

  /** Takes a node in, and gives its number. */
  add(rows: number): number {
    this.#splits.push(undefined)
    this.#values.push(0)
    return this.#rows.push(rows) - 1
  }

  setLeaf(node: number, value: number): void {
    this.#values[node] = value
  }

  setSplit(node: number, split: NodeSplit): void {
    this.#splits[node] = split
  }

  build(): TreeNodes {
    const splits = this.#splits
    const nodes = splits.length
    const sets = splits.flatMap((split) => (split?.leftBins ? [bitsOf(split.leftBins)] : []))
    const categorySets = new Uint32Array(8 * sets.length)
    sets.forEach((bits, set) => {
      categorySets.set(bits, 8 * set)
    })
    let set = 0
    return {
      starts: Int32Array.of(0, nodes),
      columns: Int32Array.from(splits, (split) => split?.column ?? -1),
      thresholds: Float64Array.from(splits, (split) => split?.threshold ?? NaN),
      sets: Int32Array.from(splits, (split) => (split?.leftBins ? set++ : -1)),
      missingLeft: Uint8Array.from(splits, (split) => (split?.missingLeft ? 1 : 0)),
      lefts: Int32Array.from(splits, (split) => split?.left ?? -1),
      rights: Int32Array.from(splits, (split) => split?.right ?? -1),
      values: Float64Array.from(this.#values),
      gains: Float64Array.from(splits, (split) => split?.gain ?? 0),
      rows: Int32Array.from(this.#rows),
      categorySets,
    }
  }
}

/** `[8]` the bins that are 1, as 256 bits. */
export function bitsOf(leftBins: Uint8Array): Uint32Array {
  const bits = new Uint32Array(8)
  for (let bin = 0; bin < leftBins.length; bin += 1) {
    if (leftBins[bin] === 1) bits[bin >>> 5]! |= 1 << (bin & 31)
  }
  return bits
}
