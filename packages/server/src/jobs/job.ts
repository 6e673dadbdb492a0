import type { z } from 'zod'
import type { Instant, Progress, Work } from '../base/index.ts'

/**
 * Where a job stands. `queued` waits (also for another try), `cancelling` runs and was asked to stop; `done`,
 * `cancelled` and `dead` (failed as often as it may) are ends.
 */
export type JobStatus = 'queued' | 'running' | 'cancelling' | 'done' | 'cancelled' | 'dead'

export interface Job {
  readonly jobId: string
  readonly kind: string
  readonly input: unknown
  readonly status: JobStatus
  readonly runAt: Instant
  /** How often it has been begun. */
  readonly attempts: number
  readonly mostAttempts: number
  readonly progress: Progress | null
  readonly result: unknown
  /** Why the last try failed. */
  readonly failure: string | null
  readonly createdAt: Instant
  readonly finishedAt: Instant | null
}

/** Work that can be asked for by name and outlives the process that was asked. */
export interface JobKind<Input = unknown> {
  readonly kind: string
  /** What its input must be; checked when it is asked for and again when it runs. */
  readonly input: z.ZodType<Input>
  /** Tries before it is dead; 1 for work that must not be begun twice. */
  readonly mostAttempts: number
  /** Runs it; must be safe to run again after a crash. What it returns is kept as JSON. */
  run(input: Input, work: Required<Work>): Promise<unknown>
}
