import { RapportError } from '../error.ts'

/** How far a piece of long work has come. */
export interface Progress {
  /** What is being done, in words a user reads: `boosting round`. */
  readonly stage: string
  /** Steps finished, 0 … `total`. */
  readonly done: number
  readonly total: number
}

/** What every long computation takes: a way to stop it and a way to hear of it. */
export interface Work {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

/**
 * Stops the caller when the work was aborted; called between steps, never inside a hot loop.
 *
 * @throws RapportError `work.aborted`, with the signal's reason as its cause
 */
export function stopIfAborted(work: Work | undefined): void {
  if (work?.signal?.aborted) {
    throw new RapportError('work.aborted', 'the work was stopped before it was done', { cause: work.signal.reason })
  }
}
