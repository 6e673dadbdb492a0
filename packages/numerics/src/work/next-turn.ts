import { poolHost } from '#pool-host'

/**
 * Lets timers, input and abort signals have their turn: what long work on the calling thread awaits now and then.
 *
 * @example
 * for (const part of parts) {
 *   await nextTurn()
 *   stopIfAborted(work)
 *   sumUp(part)
 * }
 */
export const nextTurn = (): Promise<void> => poolHost.nextTurn()
