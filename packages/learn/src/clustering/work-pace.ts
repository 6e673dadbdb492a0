import { nextTurn, type Work } from '@rapport/numerics'

/** Steps between two turns of the event loop: a few milliseconds of distances between short rows. */
const stepsPerTurn = 200_000

/** Lets long loops on the calling thread pause after every so many steps, whatever the steps are spread over. */
export class WorkPace {
  readonly #work: Work | undefined
  #left = stepsPerTurn

  constructor(work: Work | undefined) {
    this.#work = work
  }

  /** True when `steps` more make it time for `turn`; a check that costs less than an await. */
  isDue(steps: number): boolean {
    this.#left -= steps
    return this.#left <= 0
  }

  /** @throws RapportError `work.aborted` */
  async turn(stage: string, done: number, total: number): Promise<void> {
    this.#left = stepsPerTurn
    this.#work?.onProgress?.({ stage, done, total })
    await nextTurn(this.#work)
  }
}
