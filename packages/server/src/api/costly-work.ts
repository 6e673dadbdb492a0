import type { FastifyReply } from 'fastify'
import { RapportError } from '../base/index.ts'

/** As much at once: each reads a part of the log on all of the warehouse's threads. */
const atOnceMost = 4

/** What reads the log for one request and is waited for: so much at once, and no longer than whoever asked is there. */
export class CostlyWork {
  private running = 0
  private readonly atOnce: number

  /** @param atOnce requests; more are refused. Default 4 */
  constructor(atOnce = atOnceMost) {
    this.atOnce = atOnce
  }

  /**
   * @param work is to stop when the signal says so
   * @throws RapportError `api.busy` when as much as may runs already, `api.gone` when the connection was closed meanwhile
   */
  async run<Result>({ raw }: FastifyReply, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    if (this.running >= this.atOnce)
      throw new RapportError(
        'api.busy',
        `at most ${this.atOnce} previews, values and explanations may be worked out at once, as many are`,
      )
    const gone = new AbortController()
    const stop = (): void => gone.abort()
    raw.once('close', stop)
    this.running += 1
    try {
      return await work(gone.signal)
    } catch (error) {
      if (!gone.signal.aborted) throw error
      throw new RapportError('api.gone', 'the connection must stay open until the answer, it was closed', {
        cause: error,
      })
    } finally {
      this.running -= 1
      raw.off('close', stop)
    }
  }
}
