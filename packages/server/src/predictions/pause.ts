import { setImmediate as turn } from 'node:timers/promises'
import { stopIfAborted, type Work } from '../base/index.ts'

/**
 * Lets the loop turn between two steps of long work, because a signal is only heard then.
 *
 * @throws RapportError `work.aborted` when it was
 */
export async function pause(work: Work | undefined): Promise<void> {
  await turn()
  stopIfAborted(work)
}
