/** The user's mistake: what must hold and what was got has been printed. */
export const exitUsage = 2
/** Ours, or the machine's. */
export const exitFailure = 1
/** Stopped by a signal. */
export const exitInterrupted = 130
