import type { Matrix, Random } from '@rapport/numerics'
import type { ColumnBins, TreeNodes } from './boosting-model.ts'
import type { BoostingObjective } from './objectives/objective.ts'
import { addTrees } from './predict-boosting.ts'

/** Rows to learn from and rows to judge by, each in rising order. */
export interface HeldBack {
  readonly training: Int32Array
  readonly judging: Int32Array
}

/**
 * Holds `share` of each class back, at random.
 *
 * @param labels `[n]` numbers of classes, 0 … classes − 1
 */
export function holdBack(labels: ArrayLike<number>, classes: number, share: number, random: Random): HeldBack {
  const byClass = Array.from({ length: classes }, (): number[] => [])
  for (let row = 0; row < labels.length; row += 1) byClass[labels[row]!]!.push(row)
  const training: number[] = []
  const judging: number[] = []
  for (const rows of byClass) {
    random.shuffle(rows)
    const held = Math.round(share * rows.length)
    for (const [place, row] of rows.entries()) (place < held ? judging : training).push(row)
  }
  return { training: Int32Array.from(training).sort(), judging: Int32Array.from(judging).sort() }
}

/**
 * Holds `share` of the groups back, at random and each as a whole.
 *
 * @param groups `[n]` the group of each row
 */
export function holdGroupsBack(groups: ArrayLike<string | number>, share: number, random: Random): HeldBack {
  const known = [...new Set(Array.from(groups))]
  const { judging } = holdBack(new Uint8Array(known.length), 1, share, random)
  const held = new Set(Array.from(judging, (place) => known[place]!))
  const rowsWhere = (isHeld: boolean): Int32Array =>
    Int32Array.from({ length: groups.length }, (_, row) => row).filter((row) => held.has(groups[row]!) === isHeld)
  return { training: rowsWhere(false), judging: rowsWhere(true) }
}

/** Watches the loss of the rows that were held back, round after round. */
export class StoppingWatch {
  readonly #patience: number
  readonly #data: Matrix
  readonly #objective: BoostingObjective
  readonly #bins: ColumnBins
  readonly #margins: Float64Array
  #lossBest: number
  #rounds = 0
  /** Rounds after which the loss was lowest. */
  roundsBest = 0

  /**
   * @param margins `[outputs × n]` of the rows of `data` before the first round; changed as rounds come
   * @param objective the loss over the rows of `data`
   */
  constructor(patience: number, bins: ColumnBins, data: Matrix, margins: Float64Array, objective: BoostingObjective) {
    this.#patience = patience
    this.#bins = bins
    this.#data = data
    this.#objective = objective
    this.#margins = margins
    this.#lossBest = objective.loss(this.#margins)
  }

  /** Takes one more round's trees in, and tells whether it is time to stop. */
  isOver(trees: TreeNodes): boolean {
    addTrees(this.#bins, trees, this.#data, this.#margins)
    this.#rounds += 1
    const loss = this.#objective.loss(this.#margins)
    if (loss < this.#lossBest) {
      this.#lossBest = loss
      this.roundsBest = this.#rounds
    }
    return this.#rounds - this.roundsBest >= this.#patience
  }
}
