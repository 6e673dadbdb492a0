/**
 * Milliseconds since some moment, for durations within this process: it never steps back or ahead as the clock of the
 * machine does when somebody sets it.
 */
export const elapsedMs = (): number => performance.now()
