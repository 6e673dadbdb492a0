import { newId, now } from '../base/index.ts'
import type { State } from '../state/index.ts'
import { claim } from './claim.ts'
import type { JobKind } from './job.ts'
import { runJob } from './run-job.ts'
import { enqueueDue } from './schedules.ts'

export interface RunnerOptions {
  /** Jobs at once. Default 1: analyses share the machine with the server. */
  readonly atOnce?: number
  /** How often to look for work, ms. Default 500. */
  readonly everyMs?: number
  /** After so long without a sign of life a job is given to another, ms. Default 60,000. */
  readonly leaseMs?: number
  /** Told what kept the runner from looking for work; it looks again at its next turn. */
  readonly onError: (error: unknown) => void
}

export interface Runner {
  /** Looks for work now, not at the next turn. */
  wake(): void
  /** Takes no more work, puts what runs back into the queue, and resolves when all of it has let go. */
  stop(): Promise<void>
}

/** Runs jobs of `kinds` as they become due, and makes those of the schedules. */
export function startRunner(state: State, kinds: readonly JobKind[], options: RunnerOptions): Runner {
  const { atOnce = 1, everyMs = 500, leaseMs = 60_000, onError } = options
  const name = newId('runner')
  const byName = new Map(kinds.map((kind) => [kind.kind, kind]))
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  let looking: Promise<void> | undefined

  const look = async (): Promise<void> => {
    await enqueueDue(state, byName, now())
    while (running.size < atOnce && !stopping.signal.aborted) {
      const job = await claim(state, name, [...byName.keys()], now(), leaseMs)
      if (!job) return
      const run = runJob(state, name, byName.get(job.kind)!, job, leaseMs, stopping.signal)
        .catch(onError)
        .finally(() => {
          running.delete(run)
          wake()
        })
      running.add(run)
    }
  }
  const wake = (): void => {
    if (stopping.signal.aborted || looking) return
    looking = look()
      .catch(onError)
      .finally(() => {
        looking = undefined
      })
  }
  const timer = setInterval(wake, everyMs)
  wake()
  return {
    wake,
    stop: async () => {
      clearInterval(timer)
      stopping.abort()
      await looking
      await Promise.all(running)
    },
  }
}
