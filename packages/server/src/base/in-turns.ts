import { setImmediate as turn } from 'node:timers/promises'
import { elapsedMs } from './elapsed.ts'

/** Longer than this nobody who pressed Ctrl-C should wait to be heard. */
const stoppableMs = 100

/** Longer than this nobody whose request a server answers should wait for another's, ms. */
export const servingMs = 5

/**
 * Runs work that is done in steps, pausing now and then: a signal, or another request, is only heard between two turns of
 * the loop.
 *
 * @param turnMs longest turn, ms. Default 100, for commands
 * @returns what the steps return in the end
 */
export async function inTurns<Result>(steps: Generator<void, Result>, turnMs = stoppableMs): Promise<Result> {
  let paused = elapsedMs()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    if (elapsedMs() - paused < turnMs) continue
    await turn()
    paused = elapsedMs()
  }
}
