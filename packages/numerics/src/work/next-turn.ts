import { poolHost } from '#pool-host'
import { stopIfAborted, type Work } from './work.ts'

/**
 * Lets timers, input and abort signals have their turn: what long work on the calling thread awaits now and then.
 *
 * @throws RapportError `work.aborted` when the work was stopped by then
 *
 * @example
 * for (const part of parts) {
 *   await nextTurn(work)
 *   sumUp(part)
 * }
 */
export async function nextTurn(work?: Work): Promise<void> {
  await poolHost.nextTurn()
  stopIfAborted(work)
}
