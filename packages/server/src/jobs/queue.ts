import { type Instant, newId, now, RapportError } from '../base/index.ts'
import type { State, StateQueries } from '../state/index.ts'
import type { Job, JobKind, JobStatus } from './job.ts'
import { jobOf } from './job-row.ts'

export interface JobRequest {
  /** Default: now. */
  readonly runAt?: Instant
  /** While a job of this key waits or runs, asking again gives that one. */
  readonly uniqueKey?: string
}

/**
 * Asks for work; it is certain to be tried once this resolves.
 *
 * @returns the job, or the one of the same key that waits or runs already
 * @throws RapportError `jobs.input` when the kind does not take `input`
 */
export async function enqueue<Input>(
  queries: StateQueries,
  kind: JobKind<Input>,
  input: Input,
  { runAt = now(), uniqueKey }: JobRequest = {},
): Promise<Job> {
  const checked = kind.input.safeParse(input)
  if (!checked.success) {
    throw new RapportError('jobs.input', `the input of ${kind.kind} must fit, got: ${checked.error.message}`)
  }
  const row = {
    ...{ job_id: newId('job'), kind: kind.kind, input: JSON.stringify(checked.data), status: 'queued', run_at: runAt },
    ...{ attempts: 0, most_attempts: kind.mostAttempts, created_at: now(), unique_key: uniqueKey ?? null },
    ...{ runner: null, lease_until: null, progress: null, result: null, failure: null, finished_at: null },
  }
  // The other one of the key may end between the two queries, and then there is room for this one.
  for (;;) {
    const { numInsertedOrUpdatedRows } = await queries
      .insertInto('jobs')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows === 1n) return jobOf(row)
    const open = await queries
      .selectFrom('jobs')
      .selectAll()
      .where('unique_key', '=', row.unique_key)
      .where('status', 'in', openStatuses)
      .executeTakeFirst()
    if (open) return jobOf(open)
  }
}

/** A job that counts for its unique key, as the index of the table has it. */
const openStatuses: readonly JobStatus[] = ['queued', 'running', 'cancelling']

/**
 * Asks a job to stop: at once while it waits, at its next sign of life while it runs.
 *
 * @returns whether it was still to be stopped
 */
export async function cancel({ queries }: State, jobId: string): Promise<boolean> {
  const waiting = await queries
    .updateTable('jobs')
    .set({ status: 'cancelled', finished_at: now() })
    .where('job_id', '=', jobId)
    .where('status', '=', 'queued')
    .executeTakeFirst()
  if (waiting.numUpdatedRows > 0n) return true
  const running = await queries
    .updateTable('jobs')
    .set({ status: 'cancelling' })
    .where('job_id', '=', jobId)
    .where('status', '=', 'running')
    .executeTakeFirst()
  return running.numUpdatedRows > 0n
}

export async function findJob({ queries }: State, jobId: string): Promise<Job | undefined> {
  const row = await queries.selectFrom('jobs').selectAll().where('job_id', '=', jobId).executeTakeFirst()
  return row && jobOf(row)
}

/** The newest jobs first. @param most at most this many */
export async function listJobs({ queries }: State, most: number, status?: JobStatus): Promise<Job[]> {
  let query = queries.selectFrom('jobs').selectAll().orderBy('job_id', 'desc').limit(most)
  if (status) query = query.where('status', '=', status)
  return (await query.execute()).map(jobOf)
}

/**
 * Gives a dead or cancelled job another set of tries.
 *
 * @throws RapportError `jobs.status` when it is neither
 */
export async function retry({ queries }: State, jobId: string): Promise<void> {
  const { numUpdatedRows } = await queries
    .updateTable('jobs')
    .set({ status: 'queued', attempts: 0, run_at: now(), finished_at: null, failure: null })
    .where('job_id', '=', jobId)
    .where('status', 'in', ['dead', 'cancelled'])
    .executeTakeFirst()
  if (numUpdatedRows === 0n) {
    throw new RapportError('jobs.status', `a job must be dead or cancelled to be tried again, ${jobId} is not`)
  }
}
