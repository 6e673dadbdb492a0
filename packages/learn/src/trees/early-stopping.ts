import { type Matrix, type Random, takeRows } from '@rapport/numerics'
import type { BoostingModel, TreeNodes } from './boosting-model.ts'
import type { EarlyStopping } from './boosting-options.ts'
import { addTrees } from './predict-boosting.ts'

/** Rows to learn from and rows to judge by, each in rising order. */
export interface HeldBack {
  readonly training: Int32Array
  readonly judging: Int32Array
}

/** Holds `share` of each class back, at random. */
export function holdBack(labels: ArrayLike<number>, share: number, random: Random): HeldBack {
  const training: number[] = []
  const judging: number[] = []
  for (const label of [0, 1]) {
    const rows: number[] = []
    for (let row = 0; row < labels.length; row += 1) if (labels[row] === label) rows.push(row)
    random.shuffle(rows)
    const held = Math.round(share * rows.length)
    judging.push(...rows.slice(0, held))
    training.push(...rows.slice(held))
  }
  return { training: Int32Array.from(training).sort(), judging: Int32Array.from(judging).sort() }
}

/** Watches the log loss of the rows that were held back, round after round. */
export class StoppingWatch {
  readonly #patience: number
  readonly #data: Matrix
  readonly #labels: Float64Array
  readonly #weights: Float64Array
  readonly #bins: Pick<BoostingModel, 'bins'>
  readonly #margins: Float64Array
  #lossBest: number
  #rounds = 0
  /** Rounds after which the loss was lowest. */
  roundsBest = 0

  constructor(
    { patience }: EarlyStopping,
    model: Pick<BoostingModel, 'bins' | 'baseline'>,
    data: Matrix,
    labels: ArrayLike<number>,
    weights: ArrayLike<number> | undefined,
    judging: Int32Array,
  ) {
    this.#patience = patience
    this.#bins = model
    this.#data = takeRows(data, judging)
    this.#labels = Float64Array.from(judging, (row) => labels[row]!)
    this.#weights = Float64Array.from(judging, (row) => (weights ? weights[row]! : 1))
    this.#margins = new Float64Array(judging.length).fill(model.baseline)
    this.#lossBest = this.#loss()
  }

  /** Takes one more tree in, and tells whether it is time to stop. */
  isOver(tree: TreeNodes): boolean {
    addTrees(this.#bins, tree, this.#data, this.#margins)
    this.#rounds += 1
    const loss = this.#loss()
    if (loss < this.#lossBest) {
      this.#lossBest = loss
      this.roundsBest = this.#rounds
    }
    return this.#rounds - this.roundsBest >= this.#patience
  }

  #loss(): number {
    let loss = 0
    this.#margins.forEach((margin, row) => {
      // log(1 + exp(m)), without overflow.
      const softplus = Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)))
      loss += this.#weights[row]! * (softplus - this.#labels[row]! * margin)
    })
    return loss
  }
}
