import { now, type Progress, RapportError } from '../base/index.ts'
import type { State } from '../state/index.ts'
import type { Job, JobKind } from './job.ts'

/** Why a running job's signal was aborted. */
type Stop = 'cancelled' | 'lost' | 'stopping'

/**
 * Runs a job that `runner` has claimed, to its end: keeps its lease alive, stores its progress, hears whether it is to
 * be cancelled, and stores what came of it. A failed try is tried again later, up to the job's most.
 *
 * @param stopping aborted when this process is about to end: the job goes back into the queue, that try not counted
 */
export async function runJob(
  state: State,
  runner: string,
  kind: JobKind,
  job: Job,
  leaseMs: number,
  stopping: AbortSignal,
): Promise<void> {
  const stop = new AbortController()
  const end = (why: Stop): void => {
    if (!stop.signal.aborted) stop.abort(why)
  }
  const onStopping = (): void => end('stopping')
  if (stopping.aborted) onStopping()
  stopping.addEventListener('abort', onStopping, { once: true })
  let progress: Progress | null = null
  const beat = setInterval(
    () => {
      signOfLife(state, runner, job.jobId, progress, leaseMs).then(
        (status) => {
          if (status === undefined) end('lost')
          if (status === 'cancelling') end('cancelled')
          // A store that cannot be reached for a moment shows at the next beat, or when the result is stored.
        },
        () => undefined,
      )
    },
    Math.min(500, leaseMs / 3),
  )
  let change: Change
  try {
    const input = kind.input.parse(job.input)
    const onProgress = (latest: Progress): void => {
      progress = latest
    }
    const result = await kind.run(input, { signal: stop.signal, onProgress })
    change = { status: 'done', result: JSON.stringify(result ?? null), finished_at: now(), failure: null }
  } catch (error) {
    change = afterFailure(job, error, stop.signal.aborted ? (stop.signal.reason as Stop) : undefined)
  } finally {
    clearInterval(beat)
    stopping.removeEventListener('abort', onStopping)
  }
  await state.queries
    .updateTable('jobs')
    .set({ runner: null, lease_until: null, progress: JSON.stringify(progress), ...change })
    .where('job_id', '=', job.jobId)
    .where('runner', '=', runner)
    .execute()
}

interface Change {
  readonly status: string
  readonly result?: string
  readonly failure?: string | null
  readonly finished_at?: number
  readonly run_at?: number
  readonly attempts?: number
}

function afterFailure(job: Job, error: unknown, stop: Stop | undefined): Change {
  const failure = error instanceof RapportError ? `${error.message} (${error.code})` : String(error)
  if (stop === 'cancelled') return { status: 'cancelled', failure: null, finished_at: now() }
  if (stop === 'stopping') return { status: 'queued', failure: null, attempts: job.attempts - 1 }
  if (job.attempts >= job.mostAttempts) return { status: 'dead', failure, finished_at: now() }
  return { status: 'queued', failure, run_at: now() + retryAfter(job.attempts) }
}

/** 5 s, 10 s, 20 s, … an hour at most. */
const retryAfter = (attempts: number): number => Math.min(5000 * 2 ** (attempts - 1), 3_600_000)

/** @returns the job's status, undefined when it is not this runner's any more */
async function signOfLife(
  { queries }: State,
  runner: string,
  jobId: string,
  progress: Progress | null,
  leaseMs: number,
): Promise<string | undefined> {
  const row = await queries
    .updateTable('jobs')
    .set({ lease_until: now() + leaseMs, progress: JSON.stringify(progress) })
    .where('job_id', '=', jobId)
    .where('runner', '=', runner)
    .returning('status')
    .executeTakeFirst()
  return row?.status
}
